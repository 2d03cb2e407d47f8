import { counted } from "../../kit/text.ts";
import type { AppFiles } from "../../process/app-files.ts";
import { distributionsOf } from "../../process/frameworks.ts";
import { fileOfModule } from "../../process/import-root.ts";
import type { RecognisedApp } from "../../process/recognise.ts";
import { askingFor } from "../../python/provided/asking-for.ts";
import type { Packages } from "./packages.ts";

/** What the app needs besides a server, and the image lacks: Python, and the app's framework. */
export async function missingFor(
  app: RecognisedApp,
  packages: Packages,
  files: AppFiles,
): Promise<readonly string[]> {
  const python = lacksPython(packages) ? ["python"] : [];
  return [...python, ...(await missingFramework(app, packages, files))];
}

/** Without another package manager, the Python of the suite's own buildpack is always there. */
export function lacksPython({ file, hasPython }: Packages): boolean {
  return file !== undefined && !hasPython;
}

/** How the user has them installed, with the lines to write. */
export function adviceToAdd(names: readonly string[], { file }: Packages): string {
  if (file !== undefined) return askingFor(file, names);
  const lines = names.length === 1 ? "a line" : counted(names.length, "line");
  return `Add ${lines} to the app's requirements:\n\n${names.map((name) => `  ${name}`).join("\n")}`;
}

async function missingFramework(
  app: RecognisedApp,
  { installed }: Packages,
  files: AppFiles,
): Promise<readonly string[]> {
  const name = packageOf(app);
  if (name === undefined) return [];
  const distributions = distributionsOf(name);
  if (distributions.some((one) => installed.has(one))) return [];
  // Bottle is one file, which its documents suggest to copy into the app.
  const own = "importName" in app ? app.importName?.root : undefined;
  for (const root of new Set(["", "src", own ?? ""])) {
    if ((await fileOfModule(files, root, name)) !== undefined) return [];
  }
  return [distributions[0]];
}

/** The others are told as their own servers. */
function packageOf(app: RecognisedApp): string | undefined {
  if (app.kind === "dash") return "dash";
  return app.kind === "web-app" ? app.object.framework.package : undefined;
}
