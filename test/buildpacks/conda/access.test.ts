import { expect, it } from "vitest";
import { type AccessContext, readAccess } from "../../../src/buildpacks/conda/access.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Gives what is read, and what the log makes of the secrets after that. */
async function read(
  files: Readonly<Record<string, string>>,
  { env = {}, secrets = "" }: { env?: Record<string, string>; secrets?: string } = {},
) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, files);
  let told = "";
  const write = (text: string) => {
    told += text;
  };
  const context: AccessContext = {
    ...{ appDir, env, settings: new Settings(env) },
    log: createLog({ out: write, err: write, debug: false }),
    readBindings: async () => [],
    target: { os: "linux", arch: "amd64", variant: undefined, distro: undefined },
  };
  const access = await readAccess(context);
  context.log.step(secrets);
  return { access, told };
}

it("is what an environment file and its settings say, whatever the hardware", async () => {
  const files = {
    "environment.yml":
      "channels:\n  - https://me:s3cret@host.example/c\ndependencies:\n  - numpy\nvariables:\n  MODE: fast\n",
  };
  const env = {
    ML_BUILDPACKS_HARDWARE: "what a later buildpack sees",
    BP_CPYTHON_VERSION: "what is not read",
    BP_CONDA_MIRRORS: "conda-forge=https://mirror.example/forge",
  };
  const { access, told } = await read(files, { env, secrets: "s3cret" });

  expect(access).toMatchInlineSnapshot(`
    {
      "credentials": [
        {
          "host": "host.example",
          "login": "me",
          "origin": {
            "file": "environment.yml",
            "line": 2,
          },
          "password": "s3cret",
        },
      ],
      "file": "environment.yml",
      "isLock": false,
      "mirrors": {
        "https://conda.anaconda.org/conda-forge": [
          "https://mirror.example/forge",
        ],
      },
      "platform": "linux-64",
      "variables": {
        "MODE": "fast",
      },
    }
  `);
  expect(told).toBe("****\n");
});

it("has the credentials of a lock file", async () => {
  const lock = `package:\n- url: https://host.example/t/$TOKEN/c/noarch/a-1.0-0.conda\n`;
  const options = { env: { TOKEN: "tk-s3cret" }, secrets: "tk-s3cret" };
  const { access, told } = await read({ "conda-lock.yml": lock }, options);

  expect(access).toMatchObject({
    isLock: true,
    credentials: [{ host: "host.example", token: "tk-s3cret" }],
  });
  expect(told).toBe("****\n");
});

it("throws for what can't be used", async () => {
  const files = { "environment.yml": "dependencies: numpy\n" };

  await expect(read(files)).rejects.toMatchObject({ code: "file-invalid" });
});
