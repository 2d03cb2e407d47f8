/** A line of the solver's explanation, with the lines that explain it. */
export interface TreeNode {
  readonly text: string;
  readonly children: readonly TreeNode[];
}

/** Reads lines that begin with "├─ ", "└─ " and, below those, "│  " or blanks. */
export function readTree(text: string): readonly TreeNode[] {
  const roots: TreeNode[] = [];
  const open: TreeNode[][] = [roots];
  for (const line of text.split("\n")) {
    const [, indent = "", said = ""] = /^((?:[│├└ ][ ─] )*)(.*)$/.exec(line) ?? [];
    if (said.trim() === "") continue;
    const depth = Math.min(indent.length / 3, open.length - 1);
    const children: TreeNode[] = [];
    open[depth]?.push({ text: readable(said), children });
    open.splice(depth + 1, open.length, children);
  }
  return roots;
}

/** The first line, and what says the same twice once. */
export function renderTree(nodes: readonly TreeNode[]): string {
  return distinct(nodes)
    .flatMap(({ text, children }) => [text, ...linesBelow(children, "")])
    .join("\n");
}

function linesBelow(nodes: readonly TreeNode[], indent: string): readonly string[] {
  const all = distinct(nodes);
  const shown = all.length > MOST_SHOWN ? all.slice(0, MOST_SHOWN - 1) : all;
  const left = all.length - shown.length;
  const rest = left === 0 ? [] : [{ text: `… and ${left} more that do not fit`, children: [] }];
  return [...shown, ...rest].flatMap(({ text, children }, index, { length }) => {
    const isLast = index === length - 1;
    return [
      `${indent}${isLast ? "└─ " : "├─ "}${text}`,
      ...linesBelow(children, `${indent}${isLast ? "   " : "│  "}`),
    ];
  });
}

/** Builds of one version read the same, and there are dozens. */
const MOST_SHOWN = 8;

function distinct(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return [...new Map(nodes.map((node) => [JSON.stringify(node), node])).values()];
}

/** Any version is "numpy *" to the solver. */
function readable(text: string): string {
  return text
    .trimEnd()
    .replaceAll(/(?<=^|for |[^\s,] )([\w.-]+) \*(?=[\s,.]|$)/g, "$1")
    .replace(/\.$/, "");
}
