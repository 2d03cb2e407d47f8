import { describeOrigin, type Origin } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import {
  buildsFor,
  describePackage,
  knownPackage,
  rangeOfBuilds,
} from "./compatibility-packages.ts";
import { mendIn } from "./choose-mends.ts";
import type { Demand } from "./demand.ts";
import { describeTorch, rangeOfReleases, torchReleases } from "./torch.ts";
import { compatibility } from "./compatibility.ts";

interface Side {
  readonly origin: Origin | undefined;
  readonly line: string;
  readonly name: string;
  readonly what: string;
  readonly cudnn: string;
  /** What to write for another cuDNN, where there is such a version. */
  readonly other: (cudnn: string) => string | undefined;
}

/**
 * Two packages that need different major versions of cuDNN, of which an image can hold one: their
 * wheels have the same files. One of the two at least is a line of the app.
 */
export function findCudnnProblems(demands: readonly Demand[]): readonly Problem[] {
  const sides = new Map<string, Side>();
  // The app's own lines come first, and what was found says the rest.
  for (const side of demands.flatMap((demand) => sideOf(demand) ?? [])) {
    if (!sides.has(side.name)) sides.set(side.name, side);
  }
  const [first, ...others] = sides.values();
  const other = others.find(({ cudnn }) => cudnn !== first?.cudnn);
  if (first === undefined || other === undefined) return [];
  // The older of the two is the one to change, as a rule.
  const [old, young] = Number(first.cudnn) < Number(other.cudnn) ? [first, other] : [other, first];
  const [head, second] = old.origin === undefined ? [young, old] : [old, young];
  if (head.origin === undefined) return [];
  const here = head.other(second.cudnn);
  const there = second.other(head.cudnn);
  const mends = [
    ...(here === undefined ? [] : [mendIn(head.origin, `write ${here}`, "here")]),
    ...(there === undefined || second.origin === undefined
      ? []
      : [mendIn(second.origin, `write ${there}`, `in ${describeOrigin(second.origin)}`)]),
  ];
  const place = second.origin === undefined ? "" : ` (${describeOrigin(second.origin)})`;
  const advice = mends.length === 0 ? "" : `; ${mends.join(", or ")}`;
  return [
    {
      origin: head.origin,
      line: head.line,
      needed: `${head.what} needs cuDNN ${head.cudnn}, and ${second.what}${place} needs cuDNN ${second.cudnn}; an image holds one of them${advice}`,
    },
  ];
}

/** Undefined where a demand leaves several, or needs none. */
function sideOf(demand: Demand): Side | undefined {
  const { name, specifier, origin, text } = demand;
  if (name === "torch") {
    const [cudnn, ...more] = new Set(torchReleases(specifier)?.map((release) => release.cudnn));
    if (cudnn === undefined || more.length > 0) return undefined;
    const other = (wanted: string) => {
      const releases = compatibility().torch.filter((release) => release.cudnn === wanted);
      return releases.length === 0 ? undefined : `torch${rangeOfReleases(releases)}`;
    };
    return { origin, line: text, name, what: describeTorch(demand), cudnn, other };
  }
  const known = knownPackage(name);
  if (known === undefined) return undefined;
  const [cudnn, ...more] = new Set(buildsFor(known, specifier).map((build) => build.cudnn));
  if (cudnn === undefined || more.length > 0) return undefined;
  const other = (wanted: string) => {
    const builds = (known.builds ?? []).filter((build) => (build.cudnn ?? wanted) === wanted);
    return builds.length === 0 ? undefined : `${name}${rangeOfBuilds(known, builds)}`;
  };
  return { origin, line: text, name, what: describePackage(demand), cudnn, other };
}
