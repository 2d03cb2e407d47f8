import type { Candidate, Constraint } from "./choose-conflict.ts";
import type { Demand } from "./demand.ts";
import {
  companionReleases,
  describeTorch,
  rangeOfReleases,
  TORCH_FAMILY,
  torchReleases,
} from "./torch.ts";
import { listVersions, pinnedVersion } from "./versions.ts";

/** Of torch itself, and of packages that belong to one release of it. */
export function ofTorch(demands: readonly Demand[]): readonly Constraint[] {
  const torch = demands.filter(({ name }) => name === "torch");
  const pinned = torch.find(({ specifier }) => pinnedVersion(specifier) !== undefined);
  const ofPinned = pinned === undefined ? undefined : torchReleases(pinned.specifier);
  const all = demands.flatMap((demand) => {
    const { name, specifier } = demand;
    if (name === "torch") {
      const releases = torchReleases(specifier);
      return releases === undefined ? [] : [{ demand, releases }];
    }
    const releases = companionReleases(name, specifier);
    // What says the same as the pin of torch would only be named beside it.
    const isSame = ofPinned?.every((release) => releases?.includes(release)) === true;
    return releases === undefined || isSame ? [] : [{ demand, releases }];
  });
  return all.map(({ demand, releases }): Constraint => {
    const isTorch = demand.name === "torch";
    const versions = releases.flatMap(({ cuda }) => Object.keys(cuda));
    return {
      kind: "torch",
      subject: demand.name,
      ...placeOf(demand),
      allows: ({ cuda, torch: release }) =>
        release === undefined || (releases.includes(release) && cuda in release.cuda),
      says: (others) => {
        if (others.every(({ kind }) => kind !== "torch")) {
          return `${describeTorch(demand)} has builds for CUDA ${listVersions(versions)}`;
        }
        return isTorch
          ? `${demand.text} is asked for`
          : `${describeTorch(demand)} goes with torch ${listVersions(releases.map(({ release }) => release))}`;
      },
      mend: (left) => mendTorch(demand, left),
    };
  });
}

/** The product of CUDA versions and releases has pairs that there are no builds of. */
function mendTorch({ name }: Demand, left: readonly Candidate[]): string | undefined {
  const fitting = left.flatMap(({ cuda, torch }) =>
    torch !== undefined && cuda in torch.cuda ? [torch] : [],
  );
  if (fitting.length === 0) return undefined;
  if (name === "torch") return `write torch${rangeOfReleases(fitting)}`;
  const [range, ...others] = new Set(fitting.flatMap(({ companions }) => companions?.[name] ?? []));
  return range === undefined || others.length > 0 ? undefined : `write ${name}${range}`;
}

/** What holds for whatever release it will be, where no line of the app names one. */
export function ofAnyTorch(demands: readonly Demand[]): readonly Constraint[] {
  const demand = demands.find(({ name }) => TORCH_FAMILY.has(name));
  return demand === undefined ? [] : ofTorch([{ ...demand, name: "torch", specifier: "" }]);
}

/** The release that a resolution has come to. */
export function ofFoundTorch(demands: readonly Demand[]): readonly Constraint[] {
  return ofTorch(
    demands
      .filter(({ name, origin }) => name === "torch" && origin === undefined)
      // Which build was found follows from the CUDA version that was chosen before.
      .map((demand) => ({ ...demand, specifier: demand.specifier.replace(/\+[^,]*/g, "") })),
  );
}

/** Nothing for what no line of the app asks for. */
export function placeOf({ origin, text }: Demand): Pick<Constraint, "origin" | "line"> {
  return origin === undefined ? {} : { origin, line: text };
}
