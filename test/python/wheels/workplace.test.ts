import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exists } from "../../../src/cnb/files.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { createWorkplace } from "../../../src/python/wheels/workplace.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("downloads are given the credentials, and what is downloaded is not", async () => {
  const layersDir = await temporaryDirectory();
  await writeFiles(layersDir, { ".netrc": "machine a.com login me password s3cret\n" });
  const netrc = join(layersDir, ".netrc");
  const env = { PATH: process.env["PATH"], SSL_CERT_FILE: "/roots.pem", NETRC: "/home/me/.netrc" };
  const interpreter = { path: "python3", version: "3.13.1", minor: "3.13", recreate: undefined };

  const workplace = await createWorkplace(
    { name: "demo" },
    {
      context: { layersDir, env, settings: new Settings(env) },
      interpreter,
      uvCache: join(layersDir, "uv-cache"),
      netrc,
    },
  );

  const { env: hookEnv, downloadEnv } = workplace;
  expect([hookEnv["NETRC"], downloadEnv["NETRC"]]).toEqual([undefined, netrc]);
  const [hookHome = "", downloadHome = ""] = [hookEnv["HOME"], downloadEnv["HOME"]];
  expect(await exists(hookHome)).toBe(true);
  expect(await exists(join(hookHome, ".netrc"))).toBe(false);
  expect(await readFile(join(downloadHome, ".netrc"), "utf8")).toContain("s3cret");
  // Submodules of what a build fetches itself are behind the same certificate.
  expect([hookEnv["GIT_SSL_CAINFO"], downloadEnv["GIT_SSL_CAINFO"]]).toEqual([
    "/roots.pem",
    "/roots.pem",
  ]);
});
