const OPERATOR = /^(~=|===|==|!=|<=|>=|<|>)\s*(.*)$/s;

/** https://packaging.python.org/en/latest/specifications/version-specifiers/ */
const VERSION =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i;

function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * What is wrong with "==1.0,<2", as a sentence for the message; "not-a-specifier" where it does
 * not begin like one; undefined where nothing is.
 */
export function specifierIssue(name: string, specifier: string): string | undefined {
  if (specifier === "") return undefined;
  if (specifier.startsWith(",")) return "not-a-specifier";
  for (const part of specifier.split(",")) {
    const issue = partIssue(name, part);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function partIssue(name: string, part: string): string | undefined {
  if (part === "") return "Remove the comma that nothing follows, or the doubled one";
  const [, operator = "", version = ""] = OPERATOR.exec(part) ?? [];
  if (operator === "") return "not-a-specifier";
  if (operator === "===") return version === "" ? `A version is needed after '==='` : undefined;
  if (version === "") return `A version is needed after '${operator}'`;
  if (version.endsWith(".*")) {
    if (!isVersion(version.slice(0, -2))) return `'${version}' is not a version`;
    if (operator === "==" || operator === "!=") return undefined;
    return `'.*' goes only with '==' and '!='; write ${name}${operator}${version.slice(0, -2)}`;
  }
  if (!isVersion(version)) return versionIssue(name, operator, version);
  if (operator === "~=" && !/\d\.\d/.test(version)) {
    return `'~=' needs a version of at least two numbers, for example: ${name}~=${version}.0`;
  }
  return undefined;
}

function versionIssue(name: string, operator: string, version: string): string {
  if (OPERATOR.test(version)) return `'${operator}${version}' has two comparisons; keep one`;
  if (/^["'].*["']$/.test(version))
    return `Write the version without quotation marks: ${name}${operator}${version.slice(1, -1)}`;
  if (version.startsWith("^")) {
    return `'^' is Poetry's; here write ${name}>=${version.slice(1)}, with an upper bound if one is needed`;
  }
  if (version === "latest" || version === "*")
    return `For the newest version write the name alone: ${name}`;
  const [first = "", second] = version.split(/\s+/);
  if (second !== undefined && isVersion(first)) {
    return OPERATOR.test(second)
      ? `Put a comma between the two versions: ${name}${operator}${version.replace(/\s+(?=[~=!<>])/g, ",")}`
      : `Each requirement needs a line of its own; '${version.slice(first.length).trim()}' follows the version`;
  }
  return `'${version}' is not a version; an example of one is 1.26.4`;
}
