/** What of a package is not installed, and why an app runs without it. */
export interface PruneRule {
  /** As settings and the log name it. */
  readonly name: string;
  /** For the log and the docs: "manual pages, …". */
  readonly what: string;
  readonly why: string;
  /** Whether it can be kept by name: the others leave out what could be of no use. */
  readonly optional: boolean;
  /** `has` tells of a path whether any package owns it. */
  readonly applies: (path: string, has: (path: string) => boolean) => boolean;
}

/** The first rule that applies counts. */
export const PRUNE_RULES: readonly PruneRule[] = [
  {
    name: "replaced-files",
    what: "files at whose place another package has one",
    why: "the engine keeps them for the day on which the other package is removed, which an image never sees",
    optional: false,
    applies: (path) => path.startsWith("__clobbers__/"),
  },
  {
    name: "bytecode",
    what: "bytecode beside its source, also for `python -O`",
    why: "it is checked against times, which an image doesn't keep; all modules are compiled again without",
    optional: false,
    // Alone, in the place of a module, it is the module: https://peps.python.org/pep-3147/#flow-chart
    applies: (path, has) =>
      path.endsWith(".pyc") && (/(?:^|\/)__pycache__\//.test(path) || has(path.slice(0, -1))),
  },
  {
    name: "static-libraries",
    what: "static libraries and libtool's descriptions (`lib/**/*.a`, `*.la`)",
    why: "only linkers read them, and packages are linked already",
    optional: true,
    // A compiler in the environment links nothing without its own and the C library's.
    applies: (path) =>
      /^lib(?:64)?\/.*\.(?:a|la)$/.test(path) && !/^lib\/gcc\/|(?:^|\/)sysroot\//.test(path),
  },
  {
    name: "docs",
    what: "manual pages, info pages and documentation (`share/doc`, `share/man`, `share/info`, `share/gtk-doc`, `man`)",
    why: "they are for people at a terminal",
    optional: true,
    applies: (path) => /^(?:share\/(?:doc|man|info|gtk-doc)|man)\//.test(path),
  },
  {
    name: "package-caches",
    what: "conda's own package cache and packages' descriptions (`pkgs`, `info`)",
    why: "nothing is installed from them in an image; `conda-meta` says what is there",
    optional: true,
    applies: (path) => /^(?:pkgs|info)\//.test(path),
  },
];

/** The names for `BP_CONDA_KEEP`. */
export const KEEPABLE: readonly string[] = PRUNE_RULES.filter(({ optional }) => optional).map(
  ({ name }) => name,
);

/** The rule by which a path is left out; `kept` are the names of rules that are off. */
export function ruleFor(
  path: string,
  has: (path: string) => boolean,
  kept: ReadonlySet<string> = new Set(),
): PruneRule | undefined {
  const rule = PRUNE_RULES.find((one) => one.applies(path, has));
  if (rule === undefined || (rule.optional && (kept.has(rule.name) || isLicense(path)))) return;
  return rule;
}

/** Most licences demand that their text goes with the program. */
function isLicense(path: string): boolean {
  return /(?:^|\/)(?:licen[cs]es?|copying|copyright|notices?|patents|authors)(?:[^/a-z][^/]*)?(?:\/|$)/i.test(
    path,
  );
}
