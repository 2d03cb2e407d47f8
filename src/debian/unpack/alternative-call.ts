import type { Alternative } from "../package-index.ts";
import { mergedPath } from "./merge-usr.ts";
import { UNKNOWN } from "./shell/evaluate.ts";

export type AlternativeCall =
  | {
      readonly kind: "install";
      readonly alternative: Alternative;
      /** What of it can't be known, in words that follow "it". */
      readonly unread: string | undefined;
    }
  | { readonly kind: "unreadable"; readonly unread: string }
  /** Not an installation. */
  | { readonly kind: "other" };

/** https://manpages.debian.org/trixie/dpkg/update-alternatives.1.en.html */
export function readAlternative(args: readonly string[]): AlternativeCall {
  const at = args.indexOf("--install");
  if (at === -1) return { kind: "other" };
  const [link = UNKNOWN, name = UNKNOWN, path = UNKNOWN, priority = UNKNOWN] = args.slice(at + 1);
  if ([link, name, path].some((word) => word.includes(UNKNOWN)) || !/^-?\d+$/.test(priority)) {
    const words = args
      .slice(at + 1)
      .join(" ")
      .replaceAll(UNKNOWN, "…");
    return { kind: "unreadable", unread: `sets up an alternative that can't be read (${words})` };
  }
  const rest = args.slice(at + 5);
  const slaves: Alternative["slaves"] = [];
  let isWhole = true;
  for (let index = 0; index < rest.length; index++) {
    if (rest[index]?.includes(UNKNOWN)) isWhole = false;
    if (rest[index] !== "--slave") continue;
    const [slaveLink = UNKNOWN, slaveName = UNKNOWN, slavePath = UNKNOWN] = rest.slice(index + 1);
    if ([slaveLink, slaveName, slavePath].some((word) => word.includes(UNKNOWN))) {
      isWhole = false;
    } else {
      slaves.push({ link: mergedPath(slaveLink), name: slaveName, path: mergedPath(slavePath) });
    }
  }
  return {
    kind: "install",
    alternative: {
      link: mergedPath(link),
      name,
      path: mergedPath(path),
      priority: Number(priority),
      slaves,
    },
    unread: isWhole ? undefined : `adds links to the alternative ${name} that can't be read`,
  };
}
