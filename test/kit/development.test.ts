import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exists } from "../../src/cnb/files.ts";
import { DEVELOPMENT, ensureDevelopment } from "../../src/kit/development.ts";
import { createLog } from "../../src/kit/log.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const log = createLog({ out: () => {}, err: () => {}, debug: false });

it("is made by each of its owners, where it is absent", async () => {
  const root = await temporaryDirectory();
  const [there, absent] = [join(root, "there"), join(root, "absent")];
  await mkdir(there);
  const env = {
    PATH: "/usr/bin:/bin",
    [DEVELOPMENT.directory]: `${there}:${absent}`,
    [DEVELOPMENT.recreate]: `exit 3\nmkdir ${absent}`,
  };

  expect(await ensureDevelopment(env, log)).toBe(true);
  expect(await exists(absent)).toBe(true);
  expect(await ensureDevelopment(env, log)).toBe(false);
});

it("is nothing where nobody brings any", async () => {
  expect(await ensureDevelopment({ PATH: "/usr/bin:/bin" }, log)).toBe(false);
});
