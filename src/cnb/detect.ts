import type { Env } from "./env.ts";
import type { BuildPlan } from "./plan.ts";
import type { Target } from "./target.ts";

/** What can make a buildpack take part, checked by a few lines of POSIX sh before Node starts. */
export type Condition =
  | { readonly kind: "always" }
  /**
   * Any of these files exists, relative to the app directory, or absolute in the build image. `*`
   * and `?` match within a name.
   */
  | { readonly kind: "file"; readonly patterns: readonly string[] }
  /** Any of these environment variables is set and not empty. */
  | { readonly kind: "variable"; readonly names: readonly string[] }
  /**
   * The file's text, or the variable's, has one of these words (letters and digits), in capitals or
   * not. What follows `#` is a comment.
   */
  | {
      readonly kind: "mention";
      readonly in: { readonly file: string } | { readonly variable: string };
      readonly words: readonly string[];
    }
  /** A binding of this type (lower case) exists. */
  | { readonly kind: "binding"; readonly type: string }
  | { readonly kind: "any"; readonly of: readonly Condition[] }
  | { readonly kind: "all"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition };

export const always: Condition = { kind: "always" };

export function file(...patterns: readonly string[]): Condition {
  return { kind: "file", patterns };
}

export function variable(...names: readonly string[]): Condition {
  return { kind: "variable", names };
}

export function fileMentions(path: string, words: readonly string[]): Condition {
  return { kind: "mention", in: { file: path }, words };
}

export function variableMentions(name: string, words: readonly string[]): Condition {
  return { kind: "mention", in: { variable: name }, words };
}

export function binding(type: string): Condition {
  return { kind: "binding", type };
}

export function any(...of: readonly Condition[]): Condition {
  return { kind: "any", of };
}

export function all(...of: readonly Condition[]): Condition {
  return { kind: "all", of };
}

export function not(of: Condition): Condition {
  return { kind: "not", of };
}

/**
 * One way to take part: the first case whose condition holds decides. A constant `plan` needs no
 * Node at all; `inspect` names the function that decides where the files must be read.
 */
export type DetectCase =
  | { readonly when: Condition; readonly plan: BuildPlan }
  | { readonly when: Condition; readonly inspect: (context: DetectContext) => Promise<Detected> };

/** Specification: "Detection". */
export interface DetectContext {
  readonly appDir: string;
  readonly platformDir: string;
  readonly env: Env;
  readonly target: Target;
}

export type Detected =
  | { readonly takesPart: true; readonly plan: BuildPlan }
  | { readonly takesPart: false; readonly reason: string };

export interface Detect {
  readonly cases: readonly DetectCase[];
  /** Why it does not take part where no case holds; shown when no group passes. */
  readonly otherwise: string;
}
