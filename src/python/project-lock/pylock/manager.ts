import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseToml, TomlError } from "../../../cnb/toml.ts";
import { type Pylock, pylockSchema } from "../../uv/pylock.ts";
import { checkNames } from "../check-names.ts";
import { failure } from "../failures.ts";
import type { LockManager } from "../manager.ts";
import { selectFromPylock } from "./select.ts";

const LOCK_FILE = "pylock.toml";
const RELOCK = "pip lock -r requirements.txt";

/** A lock in the common form of PEP 751, whoever has written it. */
export const pylock: LockManager = {
  name: "pip",
  lockFile: LOCK_FILE,
  relock: RELOCK,
  upgrade: RELOCK,
  files: async () => [LOCK_FILE],

  async select(request) {
    const document = parsePylock(await readFile(join(request.appDir, LOCK_FILE), "utf8"));
    const { extras = [], "dependency-groups": groups = [] } = document;
    checkNames("BP_EXTRAS", request.extras, { known: extras, file: LOCK_FILE });
    checkNames("BP_GROUPS", request.groups, { known: groups, file: LOCK_FILE });
    const sets = {
      extras: request.extras,
      groups: [...(document["default-groups"] ?? []), ...request.groups],
    };
    const facts = { lockFile: LOCK_FILE, relock: RELOCK, sets };
    return { packages: selectFromPylock(document, request, facts), notes: [] };
  },
};

function parsePylock(text: string): Pylock {
  const invalid = (line: number | undefined, issue: string, cause?: unknown) =>
    failure("lock-invalid", { lockFile: LOCK_FILE, line, issue, relock: RELOCK }, cause);
  let document: unknown;
  try {
    document = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw invalid(error.line, error.message, error);
  }
  const parsed = pylockSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(undefined, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown form"}`);
  }
  const version = parsed.data["lock-version"];
  if (!/^1\.\d+$/.test(version)) throw invalid(undefined, `lock-version = "${version}"`);
  return parsed.data;
}
