/**
 * A buildpack asked for something that the lifecycle would reject, or reject only
 * at export, minutes later. The message names the rule and where it is written.
 */
export class RuleViolation extends Error {
  override readonly name = "RuleViolation";
  readonly rule: Rule;
  readonly found: string;

  constructor(rule: Rule, found: string) {
    super(`${RULES[rule].says} Found: ${found}. (${RULES[rule].source})`);
    this.rule = rule;
    this.found = found;
  }
}

const SPEC = "https://github.com/buildpacks/spec/blob/buildpack/0.10/buildpack.md";

const RULES = {
  "layer-name-reserved": {
    says: 'A layer may not be called "build", "launch", "store" or "sbom".',
    source: `${SPEC}#layer-types`,
  },
  // The lifecycle matches SBOM files to layers by the text before the first dot,
  // so the SBOM of a layer "cuda-12.4" is dropped without a word.
  // https://github.com/buildpacks/lifecycle/blob/main/buildpack/bomfile.go
  "layer-name-plain": {
    says: "A layer's name is made of letters, digits, '-' and '_', without dots.",
    source: `${SPEC}#layer-types`,
  },
  "layer-without-type": {
    says: "A layer needs at least one of the types launch, build and cache, or it is ignored.",
    source: `${SPEC}#layer-types`,
  },
  "layer-types-at-top-level": {
    says: "Layer types stand in the table [types]; launch, build and cache at the top level are an error.",
    source: `${SPEC}#layer-content-metadata-toml`,
  },
  "layer-cached-without-contents": {
    says: "A layer with cache = true must have contents when the build ends.",
    source: `${SPEC}#layer-types`,
  },
  "sbom-undeclared": {
    says: "An SBOM's media type must be listed in buildpack.toml under sbom-formats.",
    source: `${SPEC}#bill-of-materials`,
  },
  "process-type": {
    says: "A process type is made of letters, digits, '.', '-' and '_'.",
    source: `${SPEC}#launchtoml-toml`,
  },
  "process-command": {
    says: "A process needs a command with at least one element.",
    source: `${SPEC}#launchtoml-toml`,
  },
  "process-default-once": {
    says: "A buildpack may mark one process as default.",
    source: `${SPEC}#launchtoml-toml`,
  },
  "label-key": {
    says: "An image label needs a key.",
    source: `${SPEC}#launchtoml-toml`,
  },
  "plan-name": {
    says: "A build plan entry needs a name.",
    source: `${SPEC}#build-plan-toml`,
  },
  "plan-version": {
    says: 'A requirement has no top-level "version"; it belongs in its metadata.',
    source: `${SPEC}#build-plan-toml`,
  },
  "environment-name": {
    says: "An environment variable's name is made of letters, digits and '_', and starts with no digit.",
    source: `${SPEC}#environment-variable-modification-rules`,
  },
} as const satisfies Record<string, { says: string; source: string }>;

export type Rule = keyof typeof RULES;
