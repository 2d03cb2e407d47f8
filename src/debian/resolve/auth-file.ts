import type { ArchiveCredential } from "../requests/requests.ts";

/** https://manpages.debian.org/trixie/apt/apt_auth.conf.5.en.html */
export function authText(credentials: readonly ArchiveCredential[]): string {
  return credentials
    .map(({ url, login, password }) => {
      // Apt keeps credentials from unencrypted connections unless the scheme is named.
      const machine = url.startsWith("https://") ? url.slice("https://".length) : url;
      return `machine ${machine.replace(/\/*$/, "")} login ${login} password ${password}\n`;
    })
    .join("");
}
