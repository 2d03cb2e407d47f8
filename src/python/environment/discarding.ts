import { type FactChange, sameValue } from "../../cnb/layer.ts";
import type { TomlValue } from "../../cnb/toml.ts";
import { describeChange } from "../../kit/log.ts";
import { counted, listed } from "../../kit/text.ts";
import type { Distribution, Lock } from "../lock.ts";
import type { Interpreter } from "../interpreter.ts";
import { builtAgainstFor } from "../wheels/built-against.ts";
import { isSource } from "../wheels/source.ts";
import { type MadeLayer, type MadeWith, sameDistribution } from "./layer-metadata.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { ENVIRONMENT_LAYER } from "./paths.ts";

/** What a layer that an earlier build left is compared with. */
export interface Wanted {
  readonly lock: Lock;
  readonly interpreter: Interpreter;
  readonly madeWith: MadeWith;
}

/** Why each layer is made anew, as the log says it, by the layer's name. */
export type Reasons = ReadonlyMap<string, readonly string[]>;

/**
 * Why a layer can't stand: something in it is not wanted as it is, or would be made otherwise
 * today. None where it holds.
 */
export function reasonsAgainst(layer: MadeLayer, wanted: Wanted): readonly string[] {
  const facts = [
    ...changesOfMaking(layer.madeWith, wanted.madeWith),
    ...(layer.distributions.some(isSource)
      ? changesBuiltAgainst(
          layer.madeWith.builtAgainst,
          builtAgainstFor(layer.plan.members, wanted.madeWith.builtAgainst),
        )
      : []),
    ...(layer.plan.name === ENVIRONMENT_LAYER
      ? [
          ...changeOf("The interpreter", layer.interpreter, wanted.interpreter.path),
          ...changeOf(
            "Whether the interpreter's own packages are seen",
            layer.systemSitePackages === true,
            wanted.interpreter.hasPackages === true,
          ),
        ]
      : []),
  ];
  // Other files of the packages often follow from it, and need not be told.
  if (facts.length > 0) return facts.map(describeChange);
  return changesOfPackages(layer.distributions, wanted.lock);
}

/** Of a layer that names will be in which no earlier layer has had. */
export function reasonOfNew(names: readonly string[]): readonly string[] {
  return say(names, "is new", "are new");
}

/** Why a layer is not as it is planned now; `now` is undefined where there is no such layer. */
export function reasonsOfPlan(before: LayerPlan, now: LayerPlan | undefined): readonly string[] {
  if (now === undefined) return ["its packages are in other layers now"];
  const reasons = [
    ...say(without(now.members, before.members), "belongs to it now", "belong to it now"),
    ...say(
      without(before.members, now.members),
      "is in another layer now",
      "are in other layers now",
    ),
    ...say(
      without(now.joined, before.joined),
      "has a layer of its own now",
      "have layers of their own now",
    ),
    ...say(
      without(before.joined, now.joined),
      "has no layer of its own any more",
      "have no layers of their own any more",
    ),
  ];
  if (reasons.length === 0 && before.libraryPath !== now.libraryPath)
    return ["where the loader finds CUDA's libraries has changed"];
  return reasons.length > 0 ? reasons : ["its links to other layers' files have changed"];
}

function changesOfMaking(found: MadeWith, wanted: MadeWith): readonly FactChange[] {
  return [
    ...changeOf("The Python version", found.python, wanted.python),
    ...changeOf("The CPU architecture", found.arch, wanted.arch),
    ...changeOf("The distribution of Linux", found.distro, wanted.distro),
    ...changeOf("The layers directory", found.layersDir, wanted.layersDir),
  ];
}

/** Facts of the form `name=value`; a name may have several. */
function changesBuiltAgainst(
  found: readonly string[],
  wanted: readonly string[],
): readonly FactChange[] {
  const [before, now] = [valuesByName(found), valuesByName(wanted)];
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) =>
    changeOf(LABELS[name] ?? name, before.get(name)?.join(" "), now.get(name)?.join(" ")),
  );
}

const LABELS: { readonly [fact: string]: string | undefined } = {
  python: "The interpreter",
  development: "The set of packages for compilers",
};

function valuesByName(facts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const fact of facts) {
    const [name = "", ...rest] = fact.split("=");
    values.set(name, [...(values.get(name) ?? []), rest.join("=")]);
  }
  return values;
}

/** So many packages are named; with more, the list tells less than their number. */
const MOST_NAMED = 5;

function changesOfPackages(found: readonly Distribution[], lock: Lock): readonly string[] {
  const locked = new Map(lock.map((distribution) => [distribution.name, distribution]));
  const gone = found.map(({ name }) => name).filter((name) => !locked.has(name));
  const changed = found.flatMap((distribution) => {
    const now = locked.get(distribution.name);
    return now === undefined || sameDistribution(now, distribution)
      ? []
      : [describeChange(changeOfPackage(distribution, now))];
  });
  const others = changed.length - MOST_NAMED;
  return [
    ...changed.slice(0, MOST_NAMED),
    ...(others > 0
      ? [`${counted(others, "other package has", "other packages have")} changed`]
      : []),
    ...say(gone, "is not in the lock any more", "are not in the lock any more"),
  ];
}

/** The first difference that tells most. */
function changeOfPackage(found: Distribution, wanted: Distribution): FactChange {
  const { name } = wanted;
  const labels: readonly (readonly [string, string])[] = [
    ["version", name],
    ["from", `The source of ${name}`],
    ["commit", `The commit of ${name}`],
    ["sha256", wanted.from === "directory" ? `The directory of ${name}` : `The file of ${name}`],
    ["index", `The index of ${name}`],
    ["url", `The address of ${name}`],
  ];
  const before: Record<string, TomlValue | undefined> = found;
  const now: Record<string, TomlValue | undefined> = wanted;
  const [fact, label] = labels.find(([key]) => before[key] !== now[key]) ?? ["from", name];
  return { fact, label, found: before[fact], wanted: now[fact] };
}

function changeOf(
  label: string,
  found: TomlValue | undefined,
  wanted: TomlValue | undefined,
): readonly FactChange[] {
  return sameValue(found, wanted) ? [] : [{ fact: label, label, found, wanted }];
}

function say(names: readonly string[], one: string, several: string): readonly string[] {
  return names.length === 0 ? [] : [`${some(names)} ${names.length === 1 ? one : several}`];
}

/** "a, b and 7 others" */
function some(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return listed(names);
  const named = names.slice(0, MOST_NAMED - 1);
  return listed([...named, counted(names.length - named.length, "other")]);
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
