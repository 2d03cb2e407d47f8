/** What apt would do, as `apt-get --print-uris --verbose-versions install` tells it. */
export interface Plan {
  /** New packages: name and version. */
  readonly installed: readonly { readonly name: string; readonly version: string }[];
  /** Packages of the run image that would have to be of another version. */
  readonly changed: readonly {
    readonly name: string;
    readonly before: string;
    readonly after: string;
  }[];
  /** Packages of the run image that would have to go. */
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  /** Where the new and the changed ones are. */
  readonly urls: readonly string[];
}

export function parsePlan(output: string): Plan {
  const lists = new Map<string, { name: string; first: string; second: string }[]>();
  let list: { name: string; first: string; second: string }[] = [];
  for (const line of output.split("\n")) {
    const [, title] = /^(The following \S.*:)$/.exec(line) ?? [];
    if (title !== undefined) {
      list = [];
      lists.set(title, list);
    }
    const [, name, first = "", second = ""] =
      /^ {3}([^\s:]+)(?::\S+)? \((\S+)(?: => (\S+))?\)$/.exec(line) ?? [];
    if (name !== undefined) list.push({ name, first, second });
  }
  const listed = (title: RegExp) =>
    [...lists].flatMap(([found, items]) => (title.test(found) ? items : []));
  return {
    installed: listed(/NEW packages/).map(({ name, first }) => ({ name, version: first })),
    changed: listed(/will be (?:upgraded|DOWNGRADED)/).map(({ name, first, second }) => ({
      name,
      before: first,
      after: second,
    })),
    removed: listed(/will be REMOVED/).map(({ name, first }) => ({ name, version: first })),
    urls: [...output.matchAll(/^'([^']+)' \S+ \d+/gm)].map(([, url = ""]) => url),
  };
}

/** The names in a field such as Depends: alternatives of one dependency together. */
export function parseDependencies(field: string): readonly (readonly string[])[] {
  return field
    .split(",")
    .map((group) =>
      group
        .split("|")
        .map((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1] ?? "")
        .filter((name) => name !== ""),
    )
    .filter((group) => group.length > 0);
}
