import type { Binding } from "../cnb/bindings.ts";
import { LOGIN_WAYS, openLogins } from "../kit/bound-logins.ts";
import { type Bound, openBindings } from "../kit/bound-keys.ts";
import type { ArchiveCredential } from "./requests/requests.ts";

interface Opened {
  readonly credentials: readonly ArchiveCredential[];
}

/** Of the bindings of the type `apt`, for repositories and for .deb files of addresses. */
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
      return { credentials: credentials.map((one) => ({ ...one, ...located(url ?? one.host) })) };
    },
  });
}

/**
 * apt's own form of netrc has machines with a scheme, a port and a path; without a scheme the
 * credentials are sent over HTTPS alone. https://manpages.debian.org/trixie/apt/apt_auth.conf.5.en.html
 */
function located(place: string): { readonly host: string; readonly url: string } {
  const url = place.includes("://") ? place : `https://${place}`;
  return { url, host: URL.canParse(url) ? new URL(url).hostname : place };
}
