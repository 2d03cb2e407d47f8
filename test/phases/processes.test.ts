import { execFile } from "node:child_process";
import { chmod, cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleBuildpacks } from "../../scripts/lib/bundle.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { readTomlIfPresent } from "../../src/cnb/toml.ts";
import { HANDOVER } from "../../src/python/handover.ts";
import { type PhaseDirectories, phaseDirectories, phaseEnv, writeFiles } from "../support/phase.ts";

const run = promisify(execFile);
const FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n";

beforeAll(() => bundleBuildpacks(ROOT));

describe("bin/detect", () => {
  test("asks for nothing with a Procfile, so that an app without Python can have one", async () => {
    const directories = await appWith({ Procfile: "web: ./server\n" });

    await runPhase("detect", directories);

    expect(await readTomlIfPresent(directories.plan)).toBeUndefined();
  });

  test("asks for Python packages, or a conda environment, without one", async () => {
    const directories = await appWith({});

    await runPhase("detect", directories);

    expect(await readTomlIfPresent(directories.plan)).toEqual({
      requires: [{ name: "site-packages", metadata: { launch: true } }],
      or: [{ requires: [{ name: "conda-environment", metadata: { launch: true } }] }],
    });
  });
});

describe("the process of bin/build, as the launcher starts it", () => {
  test("binds port 8080 of all addresses", async () => {
    expect(await startedWith({})).toBe("uvicorn main:app --host 0.0.0.0 --port 8080");
  });

  test("binds the platform's port", async () => {
    expect(await startedWith({ env: { PORT: "5000" } })).toBe(
      "uvicorn main:app --host 0.0.0.0 --port 5000",
    );
  });

  test("passes on the arguments given to the container", async () => {
    expect(await startedWith({ args: ["--log-level", "a b"] })).toBe(
      "uvicorn main:app --host 0.0.0.0 --port 8080 --log-level <a b>",
    );
  });

  test("puts a directory on Python's search path in front of the user's", async () => {
    const files = { "svc/main.py": `import model\n${FASTAPI}`, "svc/model.py": "" };

    expect(await startedWith({ files, env: { PYTHONPATH: "/mine" } })).toBe(
      "PYTHONPATH=svc:/mine uvicorn main:app --host 0.0.0.0 --port 8080",
    );
  });

  test("is the server itself, not a shell that would swallow its signals", async () => {
    const { own, parent } = await startedAs();

    expect(own).toBe(parent);
  });
});

interface Started {
  readonly files?: { readonly [path: string]: string };
  readonly env?: { readonly [name: string]: string };
  readonly args?: readonly string[];
}

// It stands for the server, and says how it was called.
const SERVER = `#!/bin/sh
printf '%s' "\${PYTHONPATH:+PYTHONPATH=$PYTHONPATH }uvicorn"
for word in "$@"; do
  case $word in *" "*) printf ' <%s>' "$word" ;; *) printf ' %s' "$word" ;; esac
done
`;

async function startedWith({ files, env = {}, args = [] }: Started): Promise<string> {
  const { app, command, path } = await builtApp(files ?? { "main.py": FASTAPI }, SERVER);
  const [program = "", ...words] = command;
  const { stdout } = await run(program, [...words, ...args], {
    cwd: app,
    env: { PATH: path, ...env },
  });
  return stdout;
}

/** The server's process number, and that of the process that the launcher started. */
async function startedAs(): Promise<{ readonly own: number; readonly parent: number }> {
  const server = "#!/bin/sh\necho $$\n";
  const { app, command, path } = await builtApp({ "main.py": FASTAPI }, server);
  const [program = "", ...words] = command;
  const started = run(program, words, { cwd: app, env: { PATH: path } });
  const { stdout } = await started;
  return { own: Number(stdout), parent: started.child.pid ?? 0 };
}

async function builtApp(files: { readonly [path: string]: string }, server: string) {
  const directories = await appWith(files);
  const distribution = { from: "wheel", name: "uvicorn", version: "0.38.0", sha256: "0" };
  const lock = {
    manager: "pip",
    distributions: [distribution],
    uvArguments: [],
    buildArguments: [],
  };
  await writeFiles(directories.platform, {
    "lock.json": JSON.stringify(lock),
    "bin/uvicorn": server,
  });
  await chmod(join(directories.platform, "bin", "uvicorn"), 0o755);
  await writeFiles(join(directories.plan, ".."), { "plan.toml": "" });
  await runPhase("build", directories);

  const launch = await readTomlIfPresent(join(directories.layers, "launch.toml"));
  const processes = launch?.["processes"] as readonly { readonly command: readonly string[] }[];
  return {
    app: directories.app,
    command: processes[0]?.command ?? [],
    path: `${join(directories.platform, "bin")}:${process.env["PATH"]}`,
  };
}

async function appWith(files: { readonly [path: string]: string }): Promise<PhaseDirectories> {
  const directories = await phaseDirectories({ id: "ml-buildpacks/processes" });
  await writeFiles(directories.app, files);
  // As in a builder, where no package.json lies above it.
  await cp(join(ROOT, "buildpacks", "processes"), directories.buildpack, { recursive: true });
  return directories;
}

async function runPhase(phase: "detect" | "build", directories: PhaseDirectories): Promise<void> {
  await run(join(directories.buildpack, "bin", phase), [], {
    cwd: directories.app,
    env: {
      PATH: process.env["PATH"],
      ...phaseEnv(directories),
      [HANDOVER.lock]: join(directories.platform, "lock.json"),
    },
  });
}
