import { RuleViolation } from "./rule.ts";
import { formatToml, type TomlTable } from "./toml.ts";

/** A need that another buildpack, or this one, must provide. */
export interface Requirement {
  readonly name: string;
  readonly metadata?: TomlTable;
}

export interface PlanAlternative {
  readonly provides?: readonly string[];
  readonly requires?: readonly Requirement[];
}

/** Specification: "Build Plan (TOML)". The first alternative that resolves is taken. */
export interface BuildPlan extends PlanAlternative {
  readonly or?: readonly PlanAlternative[];
}

export function formatPlan(plan: BuildPlan): string {
  const table = { ...alternativeTable(plan), or: plan.or?.map(alternativeTable) };
  return formatToml(table);
}

function alternativeTable(alternative: PlanAlternative): TomlTable {
  return {
    provides: alternative.provides?.map((name) => ({ name: checkName(name) })),
    requires: alternative.requires?.map((requirement) => {
      if ("version" in requirement) throw new RuleViolation("plan-version", requirement.name);
      return { name: checkName(requirement.name), metadata: requirement.metadata };
    }),
  };
}

function checkName(name: string): string {
  if (name === "") throw new RuleViolation("plan-name", JSON.stringify(name));
  return name;
}

/** What other buildpacks asked of this one. Specification: "Buildpack Plan (TOML)". */
export class PlanEntries {
  readonly entries: readonly Requirement[];

  constructor(entries: readonly Requirement[]) {
    this.entries = entries;
  }

  has(name: string): boolean {
    return this.entries.some((entry) => entry.name === name);
  }

  /** True where any entry of that name carries `metadata.<flag> = true`. */
  asks(name: string, flag: string): boolean {
    return this.entries.some((entry) => entry.name === name && entry.metadata?.[flag] === true);
  }
}

export function parsePlanEntries(document: Record<string, unknown> | undefined): PlanEntries {
  const entries = Array.isArray(document?.["entries"]) ? document["entries"] : [];
  return new PlanEntries(
    entries.map((entry: { name: string; metadata?: TomlTable }) =>
      entry.metadata === undefined
        ? { name: entry.name }
        : { name: entry.name, metadata: entry.metadata },
    ),
  );
}
