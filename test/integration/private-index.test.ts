import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../../src/kit/command.ts";
import {
  type Authority,
  type BehindPassword,
  makeAuthority,
  serveBehindPassword,
} from "../support/behind-password.ts";
import { makeLastingApp } from "../support/conda-builds.ts";
import { makeGitProject } from "../support/git-project.ts";
import { serveGit } from "../support/git-server.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";
import {
  findInImageAndCaches,
  spellingsIn,
  spellingsOf,
  watchingProcesses,
} from "../support/secrets/secrets.ts";
import { serveWheels } from "../support/wheel-index.ts";

/** With letters that URLs write otherwise. */
const TOKEN = "idx:9f3/aa+b@c7d=e81";
const GIT_PASSWORD = "git#4c1/e2 b@77d+0f5";
const ALPHA = "VERSION = '1.0'\n";
const SECRETS = {
  ...spellingsOf("the token", TOKEN),
  ...spellingsOf("git's password", GIT_PASSWORD),
};

let wheels: string;
let authority: Authority;
let certificates: string;

beforeAll(async () => {
  const files = { "alpha.py": ALPHA };
  wheels = await serveWheels([{ index: "simple", name: "alpha", files }]);
  authority = await makeAuthority();
  certificates = await makeLastingApp({
    type: "ca-certificates",
    "authority.pem": authority.certificate,
  });
});

const MAIN = "import alpha, tool\nprint(alpha.VERSION, tool.VERSION)\n";

interface Servers {
  readonly index: BehindPassword;
  readonly git: BehindPassword;
}

/** An index, and a git host with a certificate of its own; hosts have different names. */
async function serve(): Promise<Servers> {
  const repositories = await serveGit(await makeGitProject());
  const index = await serveBehindPassword(wheels);
  const git = await serveBehindPassword(repositories, { authority, host: "localhost" });
  index.accept("__token__", TOKEN);
  git.accept("ada", GIT_PASSWORD);
  return { index, git };
}

describe("a private index and a private git host", () => {
  it("are opened by bindings, which nothing keeps, and another token changes nothing", async () => {
    const { index, git } = await serve();
    const path = await makeLastingApp({
      "requirements.txt": `alpha\ntool @ git+${git.url}/tool.git\n`,
      "main.py": MAIN,
    });
    const bindings = await makeBindings(index, git, TOKEN, GIT_PASSWORD);
    const options = { path, volumes: bindings.volumes };

    const { result: first, sightings } = await watchingProcesses(SECRETS, () =>
      buildAndPublish("private-index/bindings", { ...options, env: { BP_LOG_LEVEL: "debug" } }),
    );

    expect(await runApp(first.reference)).toContain("1.0 1.0");
    expect(first.output).toContain(
      `Using index-url ${index.url}/simple (from the binding internal)`,
    );
    expect(sightings.names).toEqual(expect.arrayContaining(["uv", "git"]));
    expect(sightings.found).toEqual([]);
    expect(spellingsIn(first.output, SECRETS)).toEqual([]);
    await expectNowhere(first.reference);

    index.accept("__token__", "another-0123456789");
    git.accept("ada", "other-0123456789");
    await writeFile(join(bindings.index, "token"), "another-0123456789\n");
    await writeFile(join(bindings.git, "password"), "other-0123456789\n");
    const again = await buildAndPublish("private-index/bindings", options);

    expect(again.output).toContain("Using cached lock of 2 packages");
    expect(again.output).not.toMatch(/Resolving|Discarding|^Installing \d/m);
    expect(again.image.digest).toBe(first.image.digest);
  });

  it("are opened by variables, which no program is given", async () => {
    const { index, git } = await serve();
    const path = await makeLastingApp({
      "requirements.txt": `alpha\ntool @ git+https://ada:\${GIT_PASSWORD}@${git.url.replace("https://", "")}/tool.git\n`,
      "main.py": MAIN,
    });
    const token = encodeURIComponent(TOKEN);
    const env = {
      PIP_INDEX_URL: `${index.url.replace("://", `://__token__:${token}@`)}/simple`,
      GIT_PASSWORD: encodeURIComponent(GIT_PASSWORD),
      BP_LOG_LEVEL: "debug",
    };

    const { result, sightings } = await watchingProcesses(SECRETS, () =>
      buildAndPublish("private-index/variables", { path, env, volumes: [certificateVolume()] }),
    );

    expect(await runApp(result.reference)).toContain("1.0 1.0");
    // The platform gives variables to the buildpacks themselves, as pack was given them.
    const isOfTool = (one: string) => / of (?:uv|git.*|curl|python.*):/.test(one);
    expect(sightings.found).not.toEqual([]);
    expect(sightings.found.filter(isOfTool)).toEqual([]);
    expect(spellingsIn(result.output, SECRETS)).toEqual([]);
    await expectNowhere(result.reference);
  });

  it.each(["a binding", "uv's variables"])("are opened for a uv.lock by %s", async (way) => {
    const { index } = await serve();
    const path = await makeLastingApp({
      ...(await uvProject(index.url)),
      "main.py": "import alpha\nprint(alpha.VERSION)\n",
    });
    const binding = await makeLastingApp({ type: "pypi", url: index.url, token: TOKEN });
    const given =
      way === "a binding"
        ? { volumes: [`${binding}:/platform/bindings/internal:ro`] }
        : { env: { UV_INDEX_INTERNAL_USERNAME: "__token__", UV_INDEX_INTERNAL_PASSWORD: TOKEN } };

    const built = await buildAndPublish("private-index/uv", { path, ...given, clearCache: true });

    expect(await runApp(built.reference)).toContain("1.0");
    expect(spellingsIn(built.output, SECRETS)).toEqual([]);
    await expectNowhere(built.reference);
  });

  it("that refuse what a binding has are told with the binding", async () => {
    const { index, git } = await serve();
    const both = { "main.py": MAIN, "requirements.txt": `alpha\ntool @ git+${git.url}/tool.git\n` };
    const path = await makeLastingApp(both);
    const wrongToken = await makeBindings(index, git, "wr0ng-token", GIT_PASSWORD);
    const wrongPassword = await makeBindings(index, git, TOKEN, "wr0ng-password");

    const ofIndex = await failing({ path, volumes: wrongToken.volumes });
    const ofGit = await failing({ path, volumes: wrongPassword.volumes });

    expect(messageIn(ofIndex, { index, git })).toMatchInlineSnapshot(`
      "[Error: index.example refuses the credentials]

      http://index.example/simple answered with status 401 to those of the binding internal.

      Needed: a user name and a password or token that may read it. One that expires has to be renewed. In an address, characters such as '@', ':' and '/' in it are written as in URLs (%40, %3A, %2F); in a binding they stand as they are."
    `);
    expect(messageIn(ofGit, { index, git })).toMatchInlineSnapshot(`
      "[Error: Unable to fetch https://git.example/tool.git]

      Found in requirements.txt, line 2: tool @ git+https://git.example/tool.git

      git.example refuses the credentials of the binding repositories (many hosts do so, too, for a repository that does not exist). They must be allowed to read the repository; those that expire have to be renewed."
    `);
    expect(ofIndex + ofGit).not.toContain("wr0ng");
  });
});

describe("a name that a private and a public index have", () => {
  it("is told, with the setting that decides", async () => {
    const files = { "alpha.py": "VERSION = '2.0'\n" };
    const index = await serveBehindPassword(wheels);
    index.accept("__token__", TOKEN);
    const open = `${await serveWheels([{ index: "simple", name: "alpha", version: "2.0", files }])}/simple`;
    const binding = await makeLastingApp({
      ...{ type: "pypi", url: `${index.url}/simple`, index: "extra", token: TOKEN },
    });
    const options = {
      path: await makeLastingApp({
        "requirements.txt": "alpha\n",
        "main.py": "import alpha\nprint(alpha.VERSION)\n",
      }),
      volumes: [`${binding}:/platform/bindings/internal:ro`],
    };
    const logOf = ({ output }: { readonly output: string }) =>
      (/^\[Locking Python packages\]\n[\s\S]*?(?=\n\n\[(?!Warning))/m.exec(output)?.[0] ?? "")
        .replaceAll(index.url, "https://private.example")
        .replaceAll(open.replace("/simple", ""), "https://public.example")
        .replaceAll(/\d+\.\d s\b/g, "… s");

    const newest = await buildAndPublish("private-index/newest", {
      ...options,
      env: { PIP_INDEX_URL: open },
    });
    const first = await buildAndPublish("private-index/first", {
      ...options,
      env: { PIP_INDEX_URL: open, BP_INDEX_STRATEGY: "first-index" },
    });

    expect(logOf(newest)).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using extra-index-url https://private.example/simple (from the binding internal)
      Using index-url https://public.example/simple (from PIP_INDEX_URL)
      Resolving for Python 3.13

      [Warning: More than one index has alpha]
      - alpha 2.0: taken from https://public.example/simple; https://private.example/simple has the name, too
      The newest version of all indexes is taken, so that whoever publishes under such a name on one of them decides what is installed. With BP_INDEX_STRATEGY=first-index a package comes from the first index that has its name: https://private.example/simple, then https://public.example/simple. Where one index has all packages, name it alone, with PIP_INDEX_URL.
      Resolved 1 package (… s)"
    `);
    expect(logOf(first)).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using extra-index-url https://private.example/simple (from the binding internal)
      Using index-url https://public.example/simple (from PIP_INDEX_URL)
      Resolving for Python 3.13
      Resolved 1 package (… s)"
    `);
    expect(await runApp(newest.reference)).toContain("2.0");
    expect(await runApp(first.reference)).toContain("1.0");
  });
});

/** As `uv lock` writes it, for the index `internal`. */
async function uvProject(index: string) {
  const page = await (await fetch(`${wheels}/simple/alpha/`)).text();
  const [, file = "", sha256 = ""] = /href="([^"#]*)#sha256=([0-9a-f]+)"/.exec(page) ?? [];
  const registry = `source = { registry = "${index}/simple" }`;
  const wheel = `{ url = "${index}/simple/alpha/${file}", hash = "sha256:${sha256}" }`;
  return {
    "pyproject.toml": `[project]
name = "service"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["alpha"]

[[tool.uv.index]]
name = "internal"
url = "${index}/simple"

[tool.uv.sources]
alpha = { index = "internal" }
`,
    "uv.lock": `version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "alpha"
version = "1.0"
${registry}
wheels = [
    ${wheel},
]

[[package]]
name = "service"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "alpha" },
]

[package.metadata]
requires-dist = [{ name = "alpha", index = "${index}/simple" }]
`,
  };
}

async function expectNowhere(reference: string): Promise<void> {
  // What is there is found.
  const found = await findInImageAndCaches(reference, { ...SECRETS, alpha: ALPHA });
  expect([...new Set(found.map((line) => line.split(":")[0]))]).toEqual(["alpha"]);
}

async function makeBindings(
  { url }: BehindPassword,
  git: BehindPassword,
  token: string,
  password: string,
) {
  const ofIndex = await makeLastingApp({
    ...{ type: "pypi", url: `${url}/simple`, index: "main", token },
  });
  const ofGit = await makeLastingApp({ type: "git", url: git.url, username: "ada", password });
  return {
    index: ofIndex,
    git: ofGit,
    volumes: [
      `${ofIndex}:/platform/bindings/internal:ro`,
      `${ofGit}:/platform/bindings/repositories:ro`,
      certificateVolume(),
    ],
  };
}

function certificateVolume(): string {
  return `${certificates}:/platform/bindings/git-authority:ro`;
}

async function failing(options: Parameters<typeof buildAndPublish>[1]): Promise<string> {
  try {
    await buildAndPublish("private-index/refused", options);
  } catch (error) {
    if (error instanceof CommandError) return error.output;
    throw error;
  }
  throw new Error("The build was to fail");
}

/** With words for the ports, which differ from run to run. */
function messageIn(output: string, { index, git }: Servers): string {
  const [message = ""] = /^\[Error: [\s\S]*?(?=\n\n?(?:ERROR|$(?!\n)))/m.exec(output) ?? [];
  return message
    .replaceAll(index.url.replace("http://", ""), "index.example")
    .replaceAll(git.url.replace("https://", ""), "git.example");
}
