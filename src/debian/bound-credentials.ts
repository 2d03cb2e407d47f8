import type { Binding } from "../cnb/bindings.ts";
import { LOGIN_WAYS, openLogins } from "../kit/bound-logins.ts";
import { type Bound, openBindings } from "../kit/bound-keys.ts";
import type { ArchiveCredential } from "./requests/requests.ts";

interface Opened {
  readonly credentials: readonly ArchiveCredential[];
}

/**
 * Of the bindings of the type `apt`, for repositories and for .deb files of addresses. Throws a
 * failure for those that can't be used.
 */
export async function readBoundCredentials(bindings: readonly Binding[]): Promise<Bound<Opened>> {
  const place = ["url"];
  return openBindings<Opened>(bindings, {
    ...{ type: "apt", place, ways: LOGIN_WAYS },
    placeNeeded: "the repository's address, or a host",
    open(values, origin) {
      const logins = openLogins(values, place, { origin, user: "token" });
      if (typeof logins === "string") return logins;
      const { url, credentials } = logins;
      if (credentials.some(({ login, password }) => /\s/.test(login + password)))
        return "apt can't use a user name or a password with a blank in it";
      return { credentials: credentials.map((one) => ({ ...one, ...located(one.host, url) })) };
    },
  });
}

/**
 * apt's own form of netrc has machines with a scheme, a port and a path; without a scheme the
 * credentials are sent over HTTPS alone. https://manpages.debian.org/trixie/apt/apt_auth.conf.5.en.html
 * The binding's address is for its own host: a netrc file may have other machines, too.
 */
function located(
  machine: string,
  address: string | undefined,
): { readonly host: string; readonly url: string } {
  if (address !== undefined && new URL(address).hostname === machine) {
    return { url: address, host: machine };
  }
  const url = machine.includes("://") ? machine : `https://${machine}`;
  return { url, host: URL.canParse(url) ? new URL(url).hostname : machine };
}
