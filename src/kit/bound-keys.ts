import type { Binding } from "../cnb/bindings.ts";
import type { Origin } from "./origin.ts";
import { bindingFailure } from "./binding-failure.ts";
import { listed } from "./text.ts";
import type { Problem } from "./wrong-lines.ts";

/** Which keys a binding of credentials has, and what they make. */
export interface BindingForm<Opened> {
  readonly type: string;
  /** The keys that say what is opened, of which a binding has one. */
  readonly place: readonly string[];
  /** What they hold: "a channel's address, its name, or a host". */
  readonly placeNeeded: string;
  /** The ways to open it, of which a binding has one. */
  readonly ways: readonly Way[];
  /** Keys that it may have besides. */
  readonly further?: readonly string[];
  /** Of the values of a complete binding; else what is needed, without a full stop and without values. */
  open(values: Values, origin: Origin): Opened | string;
}

/** By their keys, without blanks around them; they may be secret. */
export type Values = ReadonlyMap<string, string>;

export interface Way {
  readonly needs: readonly string[];
  readonly may?: readonly string[];
  /** Whether it says itself what it opens, as a netrc file does. */
  readonly hasPlace?: boolean;
}

export interface Bound<Opened> {
  readonly opened: readonly Opened[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
}

/** Opens those of the forms' types. Throws one failure that tells all that can't be used. */
export async function openBindings<Opened extends object>(
  bindings: readonly Binding[],
  ...forms: readonly BindingForm<Opened>[]
): Promise<Bound<Opened>> {
  const opened: Opened[] = [];
  const notes: string[] = [];
  const problems: Problem[] = [];
  for (const form of forms) {
    const known = [...form.place, ...form.ways.flatMap(keysOf), ...(form.further ?? [])];
    for (const binding of bindings.filter(({ type }) => type === form.type)) {
      const origin = { file: `the binding ${binding.name}`, kind: "binding" as const };
      const strange = binding.keys.filter((key) => !known.includes(key));
      if (strange.length > 0) {
        notes.push(
          `Skipping ${listed(strange)} of ${origin.file} because a binding of type ${form.type} has no such key`,
        );
      }
      const values = await readValues(binding, known);
      const result = issueOf(values, form) ?? form.open(values, origin);
      if (typeof result !== "string") opened.push(result);
      else problems.push({ origin, line: describeKeys(binding), needed: result });
    }
  }
  if (problems.length > 0) throw bindingFailure("bindings-invalid", { problems });
  return { opened, notes };
}

async function readValues(binding: Binding, known: readonly string[]): Promise<Values> {
  const read = async (key: string) => [key, (await binding.read(key)).trim()] as const;
  return new Map(await Promise.all(binding.keys.filter((key) => known.includes(key)).map(read)));
}

/** What is needed where it is not complete. */
function issueOf(
  values: Values,
  { place, placeNeeded, ways }: BindingForm<unknown>,
): string | undefined {
  const complete = ways.filter((way) => isComplete(way, values, ways));
  const [way, ...others] =
    complete.length === 1
      ? complete.map(({ needs }) => needs)
      : ways.map(({ needs }) => needs).filter((needs) => needs.some(isThere));
  if (way !== undefined && others.length > 0) {
    const rest = others.map((needs) => listed(needs)).join(" as well as ");
    return `It has ${listed(way)} as well as ${rest}; keep what the server wants`;
  }
  const named = place.filter(isThere);
  if (named.length === 0 && complete[0]?.hasPlace !== true)
    return `It needs the key ${listed(place, "or")}: ${placeNeeded}`;
  if (named.length > 1) return `It has ${listed(named)}; keep one of them`;
  const empty = [...values].filter(([, value]) => value === "").map(([key]) => key);
  if (empty.length > 0)
    return `The ${empty.length === 1 ? "key" : "keys"} ${listed(empty)} must not be empty`;
  if (way === undefined) {
    const all = ways.map(({ needs }) => listed(needs));
    return `It needs ${listed(all, "or")} besides ${listed(place, "or")}`;
  }
  const missing = way.filter((key) => !isThere(key));
  return missing.length === 0 ? undefined : `It needs the key ${listed(missing)}, too`;

  function isThere(key: string): boolean {
    return values.has(key);
  }
}

/** Has all its keys, and none of another way. */
function isComplete(way: Way, values: Values, ways: readonly Way[]): boolean {
  const strange = ways.flatMap(keysOf).filter((key) => !keysOf(way).includes(key));
  return way.needs.every((key) => values.has(key)) && !strange.some((key) => values.has(key));
}

function keysOf({ needs, may = [] }: Way): readonly string[] {
  return [...needs, ...may];
}

/** Their names alone: any value may be secret. */
function describeKeys({ keys }: Binding): string {
  if (keys.length === 0) return "no keys besides type";
  return `${keys.length === 1 ? "the key" : "the keys"} ${listed(keys)}`;
}
