import { withoutUserinfo } from "../../kit/redact.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { bytesOf, type Label } from "./label.ts";

/** What speaks against a label's value, if anything; what looks like a secret is not quoted. */
export function problemOf(label: Label, line: string): Problem | undefined {
  const needed = neededFor(label);
  return needed === undefined
    ? undefined
    : { origin: label.origin, line: quoteSafely(line), needed };
}

/** A line without what may be a secret in it. */
export function quoteSafely(line: string): string {
  if (!mayHoldSecret(line)) return shown(line);
  const [key = ""] = /^\s*["']?[\w./-]+["']?\s*[:=](?!\/)/.exec(line) ?? [];
  return `${key.trim()} ${NOT_SHOWN}`.trim();
}

function shown(line: string): string {
  const text = line.replaceAll("\t", " ").replaceAll(UNPRINTABLE, "?").trim();
  return text === "" ? "(empty)" : text;
}

/** The same for a piece of a text that may be in the middle of a secret. */
export function quotePiece(piece: string, text: string): string {
  return mayHoldSecret(text) ? NOT_SHOWN : quoteSafely(piece);
}

export const NOT_SHOWN = "(not shown, since it may hold a secret)";

export function mayHoldSecret(text: string): boolean {
  return SECRET_ASSIGNED.test(text) || secretIn(text) !== undefined;
}

function neededFor(label: Label): string | undefined {
  const { key, value } = label;
  const secret =
    SECRET_KEY.test(key) && !isSwitch(value) ? "A password or a token" : secretIn(value);
  if (secret !== undefined) {
    return `${secret} does not belong in a label, which everybody who has the image can read; give it to the app when it starts, or to the build by a binding. If it is none, name or write it otherwise`;
  }
  if (/[\n\r]/.test(value)) {
    return "A label's value is one line; in YAML, '>' in place of '|' joins lines";
  }
  const [control] = value.match(UNPRINTABLE) ?? [];
  if (control !== undefined) {
    return `The value has the character ${codePoint(control)}, which can't be seen; remove it`;
  }
  const bytes = bytesOf(label);
  if (bytes > MOST_BYTES) {
    return `Key and value have ${bytes} bytes; at most ${MOST_BYTES} are passed on to containers`;
  }
  return undefined;
}

/**
 * containerd and CRI-O leave larger labels out of containers, or refuse them.
 * https://github.com/containerd/containerd/blob/main/pkg/labels/validate.go
 */
const MOST_BYTES = 4096;

/** Controls, separators of lines, halves of characters, and what changes the direction of text. */
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** "max-tokens" and "tokenizer" are none. */
const SECRET_WORDS =
  "(?:password|passwd|passphrase|pwd|secret|token|credentials?|(?:api|access|private|secret)[._-]?key)";
const SECRET_KEY = new RegExp(`${SECRET_WORDS}$`, "i");
const SECRET_ASSIGNED = new RegExp(`${SECRET_WORDS}["']?\\s*[:=]\\s*\\S`, "i");

/** "needs-token: true" tells nothing. */
function isSwitch(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|none)$/i.test(value);
}

function secretIn(text: string): string | undefined {
  if (text.includes("@") && withoutUserinfo(text) !== text)
    return "A URL with a user name or a password";
  return SECRETS.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * Formats that their issuers document, so that machines find them.
 * https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const SECRETS: readonly (readonly [RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, "A private key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "An access key of AWS"],
  [/\b(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_\w{22})/, "A token of GitHub"],
  [/\bglpat-[\w-]{20}/, "A token of GitLab"],
  [/\bhf_[A-Za-z0-9]{30}/, "A token of Hugging Face"],
  [/\bpypi-AgEIcHlwaS/, "A token of PyPI"],
  [/\bxox[abeoprs]-[\w-]{10}/, "A token of Slack"],
  [/\bAIza[\w-]{35}/, "A key of Google's"],
  [/\bsk-[\w-]{20}/, "A key of an API"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, "A JSON Web Token"],
];

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, "0")}`;
}
