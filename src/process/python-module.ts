import { readStatements, type Statement } from "./python-source.ts";

/** What a Python file binds when it is imported, as far as its text tells. */
export interface PythonModule {
  /** By the name that it has in the file. */
  readonly imports: ReadonlyMap<string, Imported>;
  /** `from x import *` */
  readonly starImports: readonly string[];
  /** In the order of the file, without those under `if __name__ == "__main__"`. */
  readonly assignments: readonly Assignment[];
  readonly functions: ReadonlyMap<string, PythonFunction>;
  /** The base classes of each class. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  readonly statements: readonly Statement[];
}

/** `import a.b` has no `name`; relative modules keep their dots. */
interface Imported {
  readonly module: string;
  readonly name?: string;
}

export interface Assignment {
  readonly target: string;
  readonly value: string;
  readonly line: number;
}

export interface PythonFunction {
  readonly line: number;
  readonly isAsync: boolean;
  readonly needsArguments: boolean;
  readonly body: readonly Statement[];
}

export function parseModule(source: string): PythonModule {
  const statements = readStatements(source);
  const imports = new Map<string, Imported>();
  const starImports: string[] = [];
  const assignments: Assignment[] = [];
  const functions = new Map<string, PythonFunction>();
  const classes = new Map<string, readonly string[]>();

  for (const [index, { statement, scope }] of withScopes(statements).entries()) {
    for (const found of readImports(statement.code)) {
      if (found.local === "*") starImports.push(found.module);
      else imports.set(found.local, found);
    }
    if (scope !== "module") continue;
    assignments.push(...readAssignments(statement));
    const aFunction = readFunction(statement, statements, index);
    if (aFunction !== undefined) functions.set(aFunction.name, aFunction);
    const aClass = /^class (\w+)\s*\(([^()]*)\)\s*:/.exec(statement.code);
    if (aClass !== null) classes.set(aClass[1] ?? "", splitList(aClass[2] ?? ""));
  }
  return { imports, starImports, assignments, functions, classes, statements };
}

export function isMainGuard(code: string): boolean {
  return /^if\s*\(?\s*(__name__\s*==\s*"__main__"|"__main__"\s*==\s*__name__)/.test(code);
}

/** The program of a call: "fa.FastAPI" of `fa.FastAPI(title="")`. */
export function calleeOf(value: string): string | undefined {
  return /^\(*(?:await )?([A-Za-z_][\w.]*)\s*\(/.exec(value)?.[1];
}

type Scope = "module" | "inner" | "main-guard";

/** Blocks such as `if` and `try` bind names as their surroundings do. */
function withScopes(
  statements: readonly Statement[],
): readonly { readonly statement: Statement; readonly scope: Scope }[] {
  let blocks: readonly { readonly indent: number; readonly scope: Scope }[] = [];
  return statements.map((statement) => {
    blocks = blocks.filter(({ indent }) => indent < statement.indent);
    const scope = blocks.at(-1)?.scope ?? "module";
    const opened = scopeOpenedBy(statement.code) ?? scope;
    if (statement.code.endsWith(":")) {
      blocks = [...blocks, { indent: statement.indent, scope: opened }];
    }
    return { statement, scope };
  });
}

function scopeOpenedBy(code: string): Scope | undefined {
  if (/^(async )?def |^class /.test(code)) return "inner";
  return isMainGuard(code) ? "main-guard" : undefined;
}

function readImports(code: string): readonly (Imported & { readonly local: string })[] {
  const from = /^from (\.*[\w.]*) ?import (.+)$/.exec(code);
  if (from !== null) {
    const module = from[1] ?? "";
    return splitList((from[2] ?? "").replaceAll(/[()]/g, "")).map((item) => {
      const [name = "", local = name] = item.split(" as ").map((word) => word.trim());
      return { module, name, local };
    });
  }
  const plain = /^import (.+)$/.exec(code);
  return splitList(plain?.[1] ?? "").map((item) => {
    const [module = "", local] = item.split(" as ").map((word) => word.trim());
    // `import a.b` binds `a`; `import a.b as c` binds `a.b`.
    const top = module.split(".")[0] ?? module;
    return local === undefined ? { module: top, local: top } : { module, local };
  });
}

function readAssignments({ code, line }: Statement): readonly Assignment[] {
  const context = /^with (.+) as (\w+)\s*:$/.exec(code);
  if (context !== null) {
    return [{ target: context[2] ?? "", value: context[1] ?? "", line }];
  }
  const targets: string[] = [];
  let rest = code;
  for (;;) {
    const found = /^([A-Za-z_]\w*(?: ?, ?[A-Za-z_]\w*)*)\s*(?::[^=()]+)?=(?!=)\s*(.+)$/.exec(rest);
    if (found === null) break;
    targets.push(...splitList(found[1] ?? ""));
    rest = found[2] ?? "";
  }
  return targets.map((target) => ({ target, value: rest, line }));
}

function readFunction(
  { code, line, indent }: Statement,
  statements: readonly Statement[],
  index: number,
): (PythonFunction & { readonly name: string }) | undefined {
  const found = /^(async )?def (\w+)\s*\((.*)\)\s*(?:->.*)?:/.exec(code);
  if (found === null) return undefined;
  let end = index + 1;
  while ((statements[end]?.indent ?? indent) > indent) end += 1;
  return {
    name: found[2] ?? "",
    line,
    isAsync: found[1] !== undefined,
    needsArguments: splitList(found[3] ?? "").some(
      (parameter) => !parameter.startsWith("*") && parameter !== "/" && !parameter.includes("="),
    ),
    body: statements.slice(index + 1, end),
  };
}

/** Splits at the commas that stand in no bracket. */
function splitList(list: string): readonly string[] {
  const items = [""];
  let depth = 0;
  for (const character of list) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "," && depth === 0) items.push("");
    else items.push((items.pop() ?? "") + character);
  }
  return items.map((item) => item.trim()).filter((item) => item !== "");
}
