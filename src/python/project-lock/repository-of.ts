const TYPES = ["git", "hg", "svn", "bzr"] as const;

type Type = (typeof TYPES)[number];

/** The repository that a lock's entry names, under the version control system's name. */
export function repositoryOf(
  entry: Readonly<Partial<Record<Type, string | undefined>>>,
): { readonly type: Type; readonly address: string } | undefined {
  for (const type of TYPES) {
    const address = entry[type];
    if (address !== undefined) return { type, address };
  }
  return undefined;
}
