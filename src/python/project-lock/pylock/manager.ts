import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Pylock, pylockSchema } from "../../uv/pylock.ts";
import { checkNames } from "../check-names.ts";
import { failure } from "../failures.ts";
import type { LockManager, LockRequest, Selection } from "../manager.ts";
import { readDocument } from "../read-document.ts";
import { commandsOf } from "./commands.ts";
import { selectFromPylock } from "./select.ts";

const LOCK_FILE = "pylock.toml";

/** A lock in the common form of PEP 751, whoever has written it. */
export async function pylockManager(appDir: string): Promise<LockManager> {
  const { relock, upgrade } = commandsOf(await readFile(join(appDir, LOCK_FILE), "utf8"));
  return {
    name: "pip",
    lockFile: LOCK_FILE,
    relock,
    upgrade,
    files: async () => [LOCK_FILE],
    select: async (request) => await select(request, relock),
  };
}

async function select(request: LockRequest, relock: string): Promise<Selection> {
  const document = await readPylock(request.appDir, relock);
  const { extras = [], "dependency-groups": groups = [] } = document;
  checkNames("BP_EXTRAS", request.extras, { known: extras, file: LOCK_FILE });
  checkNames("BP_GROUPS", request.groups, { known: groups, file: LOCK_FILE });
  const sets = {
    extras: request.extras,
    groups: [...(document["default-groups"] ?? []), ...request.groups],
  };
  const facts = { lockFile: LOCK_FILE, relock, sets };
  return { packages: selectFromPylock(document, request, facts), notes: [] };
}

async function readPylock(appDir: string, relock: string): Promise<Pylock> {
  const read = await readDocument(appDir, LOCK_FILE, pylockSchema);
  const found = read ?? { line: undefined, issue: "no file." };
  if ("issue" in found) throw failure("lock-invalid", { lockFile: LOCK_FILE, relock, ...found });
  const version = found.data["lock-version"];
  if (!/^1\.\d+$/.test(version)) {
    const line = found.text.split("\n").findIndex((each) => each.startsWith("lock-version")) + 1;
    const issue = `lock-version = "${version}"; those of 1 can be read.`;
    throw failure("lock-invalid", { lockFile: LOCK_FILE, relock, line, issue });
  }
  return found.data;
}
