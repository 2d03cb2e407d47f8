import type { Distribution } from "../lock.ts";

/** A distribution of the lock that has to be built into a wheel. */
export type Source =
  | Extract<Distribution, { from: "sdist" }>
  | Extract<Distribution, { from: "url" }>
  | Extract<Distribution, { from: "git" }>
  | Extract<Distribution, { from: "directory" }>;

export type Sdist = Extract<Source, { from: "sdist" }>;

export function isSource(distribution: Distribution): distribution is Source {
  switch (distribution.from) {
    case "wheel":
      return false;
    case "url":
      return !/\.whl(?:[?#]|$)/i.test(distribution.url);
    case "sdist":
    case "git":
    case "directory":
      return true;
  }
}

/** "psycopg2 2.9.10", "transformers at 1a2b3c4d5e", "the app itself". */
export function describeSource(source: Source): string {
  const named = source.version === undefined ? source.name : `${source.name} ${source.version}`;
  switch (source.from) {
    case "sdist":
      return named;
    case "url":
      return `${named} (${source.url})`;
    case "git":
      return `${named} (${source.url} at ${source.commit.slice(0, 10)})`;
    case "directory":
      return `${named} (${source.path === "." ? "the app itself" : source.path})`;
  }
}
