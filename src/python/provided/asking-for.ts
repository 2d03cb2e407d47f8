/** How packages are asked for in a file of another package manager, with the lines to write. */
export function askingFor(file: string, lines: readonly string[]): string {
  return LOCK.test(file)
    ? `Write into the file that ${file} was made from, and lock again:\n\n${indented(lines, "")}`
    : `Write under 'dependencies:' of ${file}:\n\n${indented(lines, "- ")}`;
}

/** What such a file is made from has another form with each tool. */
const LOCK = /(?:^|[/.-])lock(?:\.ya?ml)?$|\.txt$/;

function indented(lines: readonly string[], mark: string): string {
  return lines.map((line) => `  ${mark}${line}`).join("\n");
}
