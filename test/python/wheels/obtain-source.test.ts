import { execFile } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../../src/kit/failure.ts";
import { sha256OfFile } from "../../../src/kit/hash.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { writeNetrc } from "../../../src/python/access/netrc-file.ts";
import { obtainSource } from "../../../src/python/wheels/obtain-source.ts";
import type { Source } from "../../../src/python/wheels/source.ts";
import { createWorkplace } from "../../../src/python/wheels/workplace.ts";
import { serveGit } from "../../support/git-server.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const run = promisify(execFile);

const PROJECT = { "pyproject.toml": "", "demo.py": "demo = 1\n" };

/** Gives the directory that holds the project, from an app with these files. */
async function obtain(
  source: Source,
  appDir: string,
  options: { readonly netrc?: string } = {},
): Promise<string> {
  const env = { PATH: process.env["PATH"] };
  const log = createLog({ out: () => {}, err: () => {}, debug: false });
  const interpreter = { path: "python3", version: "3.13.1", minor: "3.13", recreate: undefined };
  const layersDir = await temporaryDirectory();
  const all = {
    context: { layersDir, appDir, env, log, settings: new Settings(env) },
    interpreter,
    lockFile: { uvArguments: [] },
    uvCache: join(layersDir, "uv-cache"),
    ...options,
  };
  return obtainSource(source, await createWorkplace(source, all), all);
}

async function failureOf(promise: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await promise.catch((caught: unknown) => caught);
  if (!(error instanceof Failure)) throw error;
  return [error.code, error.userMessage.body];
}

async function appWith(files: { readonly [path: string]: string }): Promise<string> {
  const app = await temporaryDirectory();
  await writeFiles(app, files);
  return app;
}

/** Packs an app's `demo-1.0` directory as a source distribution; gives its digest. */
async function packed(app: string, name = "demo-1.0.tar.gz"): Promise<string> {
  await run("tar", ["--create", "--gzip", "--file", name, "demo-1.0"], { cwd: app });
  return sha256OfFile(join(app, name));
}

describe("a directory", () => {
  it("is copied, without what tools have left in it", async () => {
    const app = await appWith({
      "libs/demo/pyproject.toml": "",
      "libs/demo/.git/HEAD": "ref",
      "libs/demo/build/old.py": "",
      "libs/demo/src/__pycache__/a.pyc": "",
      "libs/demo/src/a.py": "",
    });
    const source = { from: "directory", name: "demo", path: "libs/demo", sha256: "0" } as const;

    const project = await obtain(source, app);

    const { stdout } = await run("find", [".", "-type", "f"], { cwd: project });
    expect(stdout.split("\n").sort()).toEqual([
      "",
      "./.git/HEAD",
      "./pyproject.toml",
      "./src/a.py",
    ]);
  });

  it("has equal modes and times, whatever they were", async () => {
    const app = await appWith(PROJECT);
    await run("chmod", ["-R", "go-rwx", app]);

    const project = await obtain({ from: "directory", name: "demo", path: ".", sha256: "0" }, app);

    const { mode, mtimeMs } = await stat(join(project, "demo.py"));
    expect([mode & 0o777, mtimeMs]).toEqual([0o644, 315_532_801_000]);
  });

  it("must be a project", async () => {
    const app = await appWith({ "demo.py": "" });

    const result = await failureOf(
      obtain({ from: "directory", name: "demo", path: ".", sha256: "0" }, app),
    );

    expect(result[0]).toBe("source-without-project");
  });
});

describe("an archive", () => {
  it("of the app is unpacked", async () => {
    const app = await appWith({ "demo-1.0/pyproject.toml": "", "demo-1.0/demo.py": "x" });
    const sha256 = await packed(app);

    const project = await obtain(
      { from: "url", name: "demo", url: "./demo-1.0.tar.gz", sha256 },
      app,
    );

    expect(await readFile(join(project, "demo.py"), "utf8")).toBe("x");
  });

  it("can hold the project in a subdirectory", async () => {
    const app = await appWith({ "demo-1.0/python/setup.py": "", "demo-1.0/README": "" });
    const sha256 = await packed(app);
    const source = { from: "url", name: "demo", url: "./demo-1.0.tar.gz", sha256 } as const;

    const project = await obtain({ ...source, subdirectory: "python" }, app);

    expect(project).toMatch(/demo-1\.0\/python$/);
    const [code] = await failureOf(obtain({ ...source, subdirectory: "../.." }, app));
    expect(code).toBe("source-without-project");
  });

  it("is not used if it is another than the lock's", async () => {
    const app = await appWith({ "demo-1.0/pyproject.toml": "" });
    await packed(app);
    const source = { from: "url", name: "demo", url: "./demo-1.0.tar.gz", sha256: "0" } as const;

    expect((await failureOf(obtain(source, app)))[0]).toBe("hash-mismatch");
  });

  it("must be an archive", async () => {
    const app = await appWith({ "demo-1.0.tar.gz": "<html>" });
    const sha256 = await sha256OfFile(join(app, "demo-1.0.tar.gz"));
    const source = { from: "url", name: "demo", url: "./demo-1.0.tar.gz", sha256 } as const;

    expect((await failureOf(obtain(source, app)))[0]).toBe("not-an-archive");
  });
});

describe("a download", () => {
  /** Answers with a file to those who give the credentials. */
  async function serve(path: string): Promise<string> {
    const wanted = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    const archive = await readFile(path);
    const server = createServer((request, response) => {
      if (request.url !== "/demo-1.0.tar.gz") response.statusCode = 404;
      else if (request.headers.authorization !== wanted) response.statusCode = 401;
      else response.write(archive);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("takes credentials from netrc, and says what is missing", async () => {
    const app = await appWith({ "demo-1.0/pyproject.toml": "" });
    const sha256 = await packed(app);
    const host = await serve(join(app, "demo-1.0.tar.gz"));
    const netrc = join(app, "netrc");
    await writeFile(netrc, "machine 127.0.0.1 login me password secret\n");
    const source = { from: "url", name: "demo", url: `${host}/demo-1.0.tar.gz`, sha256 } as const;

    expect(await obtain(source, app, { netrc })).toMatch(/demo-1\.0$/);
    expect((await failureOf(obtain(source, app)))[1]).toContain("it asks for credentials");
    const elsewhere = { ...source, url: `${host}/other.tar.gz` };
    expect((await failureOf(obtain(elsewhere, app)))[1]).toContain(
      "the file is not there (HTTP 404)",
    );
  });

  it("names what gave the credentials that are refused", async () => {
    const app = await appWith({ "demo-1.0/pyproject.toml": "" });
    const sha256 = await packed(app);
    const host = await serve(join(app, "demo-1.0.tar.gz"));
    const log = createLog({ out: () => {}, err: () => {}, debug: false });
    const origin = { file: "the binding internal" };
    const netrc = await writeNetrc({ layersDir: app, env: {}, log }, [
      { host: "127.0.0.1", login: "me", password: "wrong", origin },
    ]);
    const source = { from: "url", name: "demo", url: `${host}/demo-1.0.tar.gz`, sha256 } as const;

    const [, body] = await failureOf(obtain(source, app, netrc === undefined ? {} : { netrc }));

    expect(body).toContain("it refuses the credentials of the binding internal (HTTP 401)");
  });

  it("names a host that does not answer", async () => {
    const app = await temporaryDirectory();
    const url = "http://127.0.0.1:9/demo.tar.gz";

    const [code, body] = await failureOf(
      obtain({ from: "url", name: "demo", url, sha256: "0" }, app),
    );

    expect(code).toBe("download-failed");
    expect(body).toContain("From 127.0.0.1:9: no connection could be made.");
  });
});

describe("a git repository", () => {
  const git = (cwd: string, ...args: string[]) =>
    run("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], { cwd });

  /** A bare repository with a tag, and a commit that no branch has. */
  async function repository(): Promise<{ readonly root: string; readonly commit: string }> {
    const root = await temporaryDirectory();
    const work = join(root, "work");
    await mkdir(work);
    await git(work, "init", "--quiet");
    await writeFiles(work, PROJECT);
    await git(work, "add", ".");
    await git(work, "commit", "--quiet", "--message=one");
    await git(work, "tag", "v1.0");
    await writeFiles(work, { "demo.py": "demo = 2\n" });
    await git(work, "commit", "--quiet", "--all", "--message=two");
    const commit = (await git(work, "rev-parse", "HEAD")).stdout.trim();
    await git(work, "update-ref", "refs/pull/1/head", commit);
    await git(work, "reset", "--quiet", "--hard", "v1.0");
    await git(root, "clone", "--quiet", "--mirror", work, "demo.git");
    await git(join(root, "demo.git"), "config", "uploadpack.allowFilter", "true");
    await git(join(root, "demo.git"), "config", "uploadpack.allowReachableSHA1InWant", "true");
    return { root, commit };
  }

  it("is checked out at a commit that no branch has, with its tags", async () => {
    const { root, commit } = await repository();
    const url = `${await serveGit(root)}/demo.git`;

    const project = await obtain({ from: "git", name: "demo", url, commit }, root);

    expect(await readFile(join(project, "demo.py"), "utf8")).toBe("demo = 2\n");
    expect((await git(project, "describe", "--tags", "--dirty")).stdout).toMatch(
      /^v1\.0-1-g\w+\n$/,
    );
  });

  it.each([
    [
      "demo.git",
      "0123456789012345678901234567890123456789",
      "The repository no longer has this commit",
    ],
    ["other.git", "0123456789012345678901234567890123456789", "There is no such repository"],
  ])("%s that lacks it: a failure that says so", async (name, commit, expected) => {
    const { root } = await repository();
    const url = `${await serveGit(root)}/${name}`;

    const [code, body] = await failureOf(obtain({ from: "git", name: "demo", url, commit }, root));

    expect(code).toBe("git-failed");
    expect(body).toContain(expected);
  });

  it("is asked for with the credentials of netrc, and without a prompt", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(401, { "www-authenticate": "Basic realm=here" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo.git`;
    const root = await temporaryDirectory();
    const netrc = join(root, "netrc");
    await writeFile(netrc, "machine 127.0.0.1 login me password secret\n");
    const source = { from: "git", name: "demo", url, commit: "0".repeat(40) } as const;

    const [, body] = await failureOf(obtain(source, root, { netrc }));

    expect(seen).toContain(`Basic ${Buffer.from("me:secret").toString("base64")}`);
    expect(body).toContain("The host asks for credentials");
  });
});
