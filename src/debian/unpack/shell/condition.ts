/** What stands at a path; undefined where it can't be said. */
export type KindOf = (path: string) => "file" | "directory" | "link" | "none" | undefined;

/**
 * What test(1) says; undefined where it can't be said. Without a file of the system being asked.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/test.html
 */
export function isTrue(
  words: readonly string[],
  unknown: string,
  kindOf: KindOf,
): boolean | undefined {
  const or = words.lastIndexOf("-o");
  if (or > 0) {
    const left = isTrue(words.slice(0, or), unknown, kindOf);
    const right = isTrue(words.slice(or + 1), unknown, kindOf);
    return left === false ? right : left === true || right === true ? true : undefined;
  }
  const and = words.lastIndexOf("-a");
  if (and > 0) {
    const left = isTrue(words.slice(0, and), unknown, kindOf);
    const right = isTrue(words.slice(and + 1), unknown, kindOf);
    return left === true ? right : left === false || right === false ? false : undefined;
  }
  const [first = "", second = "", third] = words;
  if (first === "!" && words.length > 1) {
    const inner = isTrue(words.slice(1), unknown, kindOf);
    return inner === undefined ? undefined : !inner;
  }
  if (words.length === 3 && third !== undefined) return compares(first, second, third, unknown);
  if (words.length === 2) return isOne(first, second, unknown, kindOf);
  if (words.length === 1) return first.includes(unknown) ? undefined : first !== "";
  return words.length === 0 ? false : undefined;
}

function compares(
  left: string,
  operator: string,
  right: string,
  unknown: string,
): boolean | undefined {
  if (left.includes(unknown) || right.includes(unknown)) return undefined;
  const [one, other] = [Number(left), Number(right)];
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "-eq":
      return one === other;
    case "-ne":
      return one !== other;
    case "-lt":
      return one < other;
    case "-le":
      return one <= other;
    case "-gt":
      return one > other;
    case "-ge":
      return one >= other;
    default:
      return undefined;
  }
}

function isOne(
  operator: string,
  operand: string,
  unknown: string,
  kindOf: KindOf,
): boolean | undefined {
  // A value that is in part known is not empty.
  const isEmpty =
    operand === "" ? true : operand.replaceAll(unknown, "") === "" ? undefined : false;
  if (operator === "-z") return isEmpty;
  if (operator === "-n") return isEmpty === undefined ? undefined : !isEmpty;
  if (operand.includes(unknown)) return undefined;
  return isKind(operator, kindOf(operand));
}

function isKind(operator: string, kind: ReturnType<KindOf>): boolean | undefined {
  if (kind === undefined || !/^-[bcdefghLprsSuwx]$/.test(operator)) return undefined;
  if (kind === "none") return false;
  switch (operator) {
    case "-e":
      return true;
    case "-h":
    case "-L":
      return kind === "link";
    case "-d":
      // What a link leads to, the package alone does not say.
      return kind === "link" ? undefined : kind === "directory";
    case "-f":
      return kind === "link" ? undefined : kind === "file";
    default:
      return undefined;
  }
}
