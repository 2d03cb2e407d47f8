import type { Binding } from "../../cnb/bindings.ts";
import { LOGIN_WAYS, type Logins, openLogins } from "../../kit/bound-logins.ts";
import { type BindingForm, openBindings } from "../../kit/bound-keys.ts";
import type { Credential } from "../../kit/credentials.ts";
import type { Origin } from "../../kit/origin.ts";

/** An index of a binding at which the build looks for packages. */
export interface BoundIndex {
  readonly kind: "main" | "extra";
  /** Without credentials. */
  readonly url: string;
  readonly origin: Origin;
}

export interface BoundAccess {
  readonly credentials: readonly Credential[];
  readonly indexes: readonly BoundIndex[];
  readonly notes: readonly string[];
}

/**
 * Of the bindings of the types `pypi` and `git`, for what Python's packages come from. Throws a
 * failure for those that can't be used.
 */
export async function readBoundAccess(bindings: readonly Binding[]): Promise<BoundAccess> {
  const { opened, notes } = await openBindings(bindings, PYPI, GIT);
  return {
    credentials: opened.flatMap(({ credentials }) => credentials),
    indexes: opened.flatMap(({ index }) => index ?? []),
    notes,
  };
}

interface Opened extends Logins {
  readonly index?: BoundIndex;
}

const PYPI: BindingForm<Opened> = {
  type: "pypi",
  place: ["url"],
  placeNeeded: "the index's address, or a host",
  ways: LOGIN_WAYS,
  further: ["index"],
  open(values, origin) {
    // https://pypi.org/help/#apitoken; other servers have taken the name over.
    const logins = openLogins(values, PYPI.place, { origin, user: "__token__" });
    const kind = values.get("index");
    if (typeof logins === "string" || kind === undefined) return logins;
    if (kind !== "main" && kind !== "extra") return "The key index must be main or extra";
    const { url } = logins;
    if (url === undefined)
      return "With the key index, the key url must be an address (https://host/simple)";
    return { ...logins, index: { kind, url, origin } };
  },
};

const GIT: BindingForm<Opened> = {
  type: "git",
  place: ["url", "host"],
  placeNeeded: "a repository's address, or a host",
  ways: LOGIN_WAYS,
  open(values, origin) {
    // GitHub and GitLab take any name with a token.
    // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens
    return openLogins(values, GIT.place, { origin, user: "x-access-token" });
  },
};
