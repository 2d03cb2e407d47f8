import { chmod, mkdir, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { settleAppModes } from "../../src/kit/app-modes.ts";
import { createLog } from "../../src/kit/log.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const log = createLog({ out: () => {}, err: () => {}, debug: false });

it("gives files the modes that git knows, and follows no link", async () => {
  const app = await temporaryDirectory();
  const outside = await temporaryDirectory();
  await writeFiles(app, { "a.py": "", "run.sh": "", "sub/b.py": "" });
  await writeFiles(outside, { private: "" });
  await chmod(join(app, "a.py"), 0o600);
  await chmod(join(app, "run.sh"), 0o775);
  await chmod(join(app, "sub", "b.py"), 0o664);
  await chmod(join(app, "sub"), 0o2770);
  await chmod(join(outside, "private"), 0o600);
  await symlink(join(outside, "private"), join(app, "link"));
  await symlink(join(app, "missing"), join(app, "dangling"));

  await settleAppModes(app, log);

  const modes = ["a.py", "run.sh", "sub", "sub/b.py"].map(async (path) => modeOf(join(app, path)));
  expect(await Promise.all(modes)).toEqual([0o644, 0o755, 0o755, 0o644]);
  expect(await modeOf(join(outside, "private"))).toBe(0o600);
});

it("changes nothing but the log where it may not", async () => {
  const app = join(await temporaryDirectory(), "gone");
  await mkdir(app);

  await expect(settleAppModes(join(app, "missing"), log)).resolves.toBeUndefined();
});

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}
