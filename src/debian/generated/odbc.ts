import { readFile, rm } from "node:fs/promises";
import { writeFileWhole } from "../../cnb/files.ts";
import type { Tree } from "../environment/tree.ts";
import type { Generator } from "./generator.ts";

/**
 * The drivers that packages register with `odbcinst -i -d` in their maintainer scripts, by the
 * templates that they bring. https://www.unixodbc.org/odbcinst.html
 */
export const odbcDrivers: Generator = {
  name: "the list of ODBC drivers",
  run: async ({ tree }) => {
    const templates = TEMPLATES.flatMap((pattern) => tree.match(pattern));
    if (templates.length === 0) return undefined;
    const sections = await Promise.all(
      templates.map(async (path) => withPlaces(await readFile(tree.at(path), "utf8"), tree).trim()),
    );
    await rm(tree.at(LIST), { force: true });
    await writeFileWhole(tree.at(LIST), `${sections.join("\n\n")}\n`);
    return `of ${templates.length} packages`;
  },
};

/** unixODBC's own directory is compiled into it. */
function withPlaces(template: string, tree: Tree): string {
  return template.replaceAll(
    /^(\s*(?:Driver|Setup)\s*=\s*)(\S+)/gm,
    (line, key: string, file: string) => {
      const name = file.slice(file.lastIndexOf("/") + 1);
      const [path] = [
        ...tree.match(file.replace(/^\//, "")),
        ...tree.match(`usr/lib/<triplet>/odbc/${name}`),
        ...tree.match(`usr/lib/<triplet>/${name}`),
      ];
      return path === undefined ? line : `${key}${tree.at(path)}`;
    },
  );
}

const TEMPLATES = [
  "usr/share/*/odbcinst.ini",
  "usr/share/*/odbcinst.ini.template",
  "usr/share/sqliteodbc/unixodbc.ini",
  // https://learn.microsoft.com/en-us/sql/connect/odbc/linux-mac/installing-the-microsoft-odbc-driver-for-sql-server
  "opt/microsoft/*/etc/odbcinst.ini",
];
const LIST = "etc/odbcinst.ini";
