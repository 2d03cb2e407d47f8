import { describe, expect, it } from "vitest";
import { findProjectRequest, findRequest } from "../../../src/buildpacks/python/request.ts";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const UTF16 = Buffer.from("\uFEFF3.12\r\n", "utf16le");
const PIPFILE = '[packages]\nsix = "*"\n\n[requires]\npython_version = "3.11"\n';
const POETRY = '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = "^3.11"\n';

describe("what is asked for", () => {
  it.each<[string, Record<string, string | Uint8Array>, string | undefined]>([
    ["nothing", {}, undefined],
    [".python-version", { ".python-version": "3.12\n" }, "3.12 from .python-version:1"],
    ["Windows' line ends", { ".python-version": "\uFEFF3.12 \r\n" }, "3.12 from .python-version:1"],
    ["PowerShell's UTF-16", { ".python-version": UTF16 }, "3.12 from .python-version:1"],
    [
      "remarks",
      { ".python-version": "# ours\n\n3.11 # like production\n3.12\n" },
      "3.11 from .python-version:3",
    ],
    [
      "another implementation first",
      { ".python-version": "pypy3.10\n3.11\n" },
      "3.11 from .python-version:2",
    ],
    [
      "several on one line",
      { ".python-version": "3.11.9 3.12.4\n" },
      "3.11.9 from .python-version:1",
    ],
    [
      "a range with spaces",
      { ".python-version": ">=3.10, <3.12\n" },
      ">=3.10, <3.12 from .python-version:1",
    ],
    ["the system's", { ".python-version": "system\n" }, "system from .python-version:1"],
    [
      "an empty file",
      { ".python-version": "\n# none\n", "runtime.txt": "python-3.11.9" },
      "python-3.11.9 from runtime.txt:1",
    ],
    ["a directory", { ".python-version/x": "3.11" }, undefined],
    [
      "requires-python",
      { "pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.10"\n' },
      ">=3.10 from pyproject.toml:3",
    ],
    ["Poetry's", { "pyproject.toml": POETRY }, "^3.11 from pyproject.toml:4"],
    ["a Pipfile", { Pipfile: PIPFILE }, "3.11 from Pipfile:5"],
    [
      "a Pipfile with a full version",
      { Pipfile: `${PIPFILE}python_full_version = "3.11.4"\n` },
      "3.11.4 from Pipfile:6",
    ],
    [
      "a Pipfile that leaves it open",
      { Pipfile: PIPFILE.replace("3.11", "*") },
      "* from Pipfile:5",
    ],
    ["a Pipfile without it", { Pipfile: "[packages]\n" }, undefined],
    [
      "a Pipfile beside a project",
      { "pyproject.toml": "[project]\nrequires-python='>=3.10'\n", Pipfile: PIPFILE },
      ">=3.10 from pyproject.toml:2",
    ],
    [
      "a Pipfile beside settings of tools",
      { "pyproject.toml": "[tool.ruff]\nline-length = 90\n", Pipfile: PIPFILE },
      "3.11 from Pipfile:5",
    ],
    ["a project without it", { "pyproject.toml": "[tool.ruff]\nline-length = 90\n" }, undefined],
    [
      "everything",
      {
        ".python-version": "3.11",
        "runtime.txt": "python-3.12",
        "pyproject.toml": "[project]\nrequires-python='3.9'",
      },
      "3.11 from .python-version:1",
    ],
  ])("in %s", async (_what, files, expected) => {
    expect((await find(files)).found).toBe(expected);
  });

  it("is what the variable says before all files, and the log says so", async () => {
    const files = { ".python-version": "nonsense", "runtime.txt": "python-3.12" };

    expect(await find(files, { BP_CPYTHON_VERSION: " 3.10 " })).toEqual({
      found: "3.10 from BP_CPYTHON_VERSION",
      output:
        "Skipping .python-version because BP_CPYTHON_VERSION comes first\n" +
        "Skipping runtime.txt because BP_CPYTHON_VERSION comes first\n",
    });
  });
});

describe("what the project itself demands", () => {
  it("is not known where pyproject.toml can't be read", async () => {
    const app = await temporaryDirectory();
    await writeFiles(app, { "pyproject.toml": "[project\n" });

    expect(await findProjectRequest(app)).toBeUndefined();
  });
});

describe("a request that can't be met", () => {
  it("is quoted with its file and line", async () => {
    expect(await refusalOf({ ".python-version": "# ours\nv3.12\n" })).toMatchInlineSnapshot(`
      "[Error: The Python version that the app asks for is not understood]

      Found: "v3.12" (.python-version, line 2)
      Did you mean: 3.12
      Needed: one of these forms

        3.12             the run image's Python if it is a 3.12, else the newest 3.12
        3.12.4           exactly this release
        >=3.10,<3.13     a range, as in requires-python
        ~=3.11           3.11 or newer, below 4
        ^3.11            3.11 or newer, below 4, as Poetry writes it
        ~3.11            3.11 or newer, below 3.12, as Poetry writes it"
    `);
  });

  it("is quoted with its variable", async () => {
    expect(await refusalOf({}, { BP_CPYTHON_VERSION: "latest" })).toMatchInlineSnapshot(`
      "[Error: The Python version that the app asks for is not understood]

      Found: BP_CPYTHON_VERSION=latest
      Needed: one of these forms

        3.12             the run image's Python if it is a 3.12, else the newest 3.12
        3.12.4           exactly this release
        >=3.10,<3.13     a range, as in requires-python
        ~=3.11           3.11 or newer, below 4
        ^3.11            3.11 or newer, below 4, as Poetry writes it
        ~3.11            3.11 or newer, below 3.12, as Poetry writes it"
    `);
  });

  it("may be one for another implementation", async () => {
    expect(await refusalOf({ ".python-version": "pypy3.10-7.3.17\n" })).toMatchInlineSnapshot(`
      "[Error: The app asks for another Python than CPython]

      Found: "pypy3.10-7.3.17" (.python-version, line 1)
      Needed: a version of CPython, such as 3.12

      Packages with compiled parts, such as NumPy and PyTorch, are published for CPython."
    `);
  });

  it("may be one for a free-threaded build", async () => {
    expect(await refusalOf({ ".python-version": "3.13t\n" })).toMatchInlineSnapshot(`
      "[Error: The app asks for a Python without the global interpreter lock]

      Found: "3.13t" (.python-version, line 1)
      Needed: a version of the usual build, such as 3.13"
    `);
  });

  it("may be one for a prerelease", async () => {
    expect(await refusalOf({ "runtime.txt": "python-3.15.0rc1\n" })).toMatchInlineSnapshot(`
      "[Error: The app asks for a Python that is not released yet]

      Found: "python-3.15.0rc1" (runtime.txt, line 1)
      Needed: a final release, such as 3.12"
    `);
  });

  it("may be in a pyproject.toml that is no TOML", async () => {
    expect(await refusalOf({ "pyproject.toml": '[project]\nname = "a\n' })).toMatchInlineSnapshot(`
      "[Error: The file pyproject.toml can't be read]

      Found: Unterminated string (line 2)
      Needed: valid TOML, with the Python version as text: requires-python = ">=3.11""
    `);
  });

  it("may be something else than text in pyproject.toml", async () => {
    const files = { "pyproject.toml": "[project]\nrequires-python = 3.12\n" };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "[Error: The file pyproject.toml can't be read]

      Found: project.requires-python is not of the expected form
      Needed: valid TOML, with the Python version as text: requires-python = ">=3.11""
    `);
  });

  it("may be in a Pipfile that is no TOML", async () => {
    const files = { Pipfile: "[requires]\npython_version = 3.11.2\n" };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "[Error: The file Pipfile can't be read]

      Found: Unexpected character, expected only whitespace or comments till end of line (line 2)
      Needed: valid TOML, with the Python version as text: python_version = "3.12""
    `);
  });

  it("may be something else than text in a Pipfile", async () => {
    const files = { Pipfile: "[requires]\npython_version = 3.11\n" };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "[Error: The file Pipfile can't be read]

      Found: requires.python_version is not of the expected form
      Needed: valid TOML, with the Python version as text: python_version = "3.12""
    `);
  });

  it("may be in a file that is no text", async () => {
    const files = { ".python-version": Uint8Array.of(0x33, 0x2e, 0xff) };
    expect(await refusalOf(files)).toMatchInlineSnapshot(`
      "[Error: The file .python-version can't be read]

      Found: bytes that are not text in UTF-8
      Needed: a text file in UTF-8"
    `);
  });
});

async function find(files: Record<string, string | Uint8Array>, env = {}) {
  const app = await temporaryDirectory();
  await writeFiles(app, files);
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const log = createLog({ out: write, err: write, debug: false });
  const request = await findRequest(app, new Settings(env), log);
  if (request === undefined) return { found: undefined, output };
  const { origin, text } = request;
  const place = origin.kind === "variable" ? origin.name : `${origin.file}:${origin.line}`;
  return { found: `${text} from ${place}`, output };
}

async function refusalOf(files: Record<string, string | Uint8Array>, env = {}): Promise<string> {
  const error: unknown = await find(files, env).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Failure ? renderMessage(error.userMessage) : String(error);
}
