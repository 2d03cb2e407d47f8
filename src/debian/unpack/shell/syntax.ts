/** What a shell script is made of, as far as the scripts of packages need it. */
export type Command =
  | {
      readonly kind: "simple";
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      /** The files that it writes. */
      readonly writes: readonly Word[];
    }
  | { readonly kind: "list"; readonly commands: readonly Command[] }
  | { readonly kind: "subshell"; readonly body: Command }
  | { readonly kind: "pipe"; readonly stages: readonly Command[] }
  | { readonly kind: "not"; readonly command: Command }
  | { readonly kind: "and" | "or"; readonly left: Command; readonly right: Command }
  | {
      readonly kind: "if";
      readonly condition: Command;
      readonly chosen: Command;
      readonly otherwise: Command | undefined;
    }
  | {
      readonly kind: "for";
      readonly name: string;
      readonly words: readonly Word[];
      readonly body: Command;
    }
  | { readonly kind: "while"; readonly condition: Command; readonly body: Command }
  | {
      readonly kind: "case";
      readonly word: Word;
      readonly items: readonly { readonly patterns: readonly Word[]; readonly body: Command }[];
    }
  | { readonly kind: "function"; readonly name: string; readonly body: Command }
  /** Arithmetic, bash's tests: whether it is true can't be told. */
  | { readonly kind: "unknown" };

export type Word = readonly Part[];

/** What is not quoted is split into words after it is replaced. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly quoted: boolean;
      /** `${name:-instead}`, `${name:+instead}`. */
      readonly operator?: { readonly sign: "-" | "+"; readonly instead: Word };
    }
  | { readonly kind: "output"; readonly command: Command; readonly quoted: boolean }
  | { readonly kind: "unknown" };
