import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Env } from "../../../src/cnb/env.ts";
import { describeOrigin } from "../../../src/kit/origin.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";
import { readRequirements } from "../../../src/python/requirements/read-requirements.ts";
import {
  constraintsText,
  requirementsText,
  uvFormatArguments,
  uvIndexArguments,
} from "../../../src/python/requirements/uv-input.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

const HASH = "a".repeat(64);
const OTHER_HASH = "b".repeat(64);
const LIBRARY = { "lib/pyproject.toml": "", "wheels/foo-1.0-py3-none-any.whl": "" };

async function read(content: string | Uint8Array, files: Files = {}, env: Env = {}) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "requirements.txt": content, ...LIBRARY, ...files });
  const set = await readRequirements({ appDir, requirements: ["requirements.txt"], env });
  const here = (text: string) => text.replaceAll(`file://${appDir}`, "file:///app");
  return {
    ...set,
    lines: here(requirementsText(set, appDir)).split("\n").slice(0, -1),
    limits: here(constraintsText(set, appDir)).split("\n").slice(0, -1),
  };
}

describe("a line becomes what uv reads", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["numpy", "numpy"],
    ["NumPy", "numpy"],
    ["ruamel.yaml", "ruamel-yaml"],
    ["zope_interface", "zope-interface"],
    ["numpy==1.26.4", "numpy==1.26.4"],
    ["numpy == 1.26.4", "numpy==1.26.4"],
    ["numpy >= 1.26 , < 2", "numpy>=1.26,<2"],
    ["numpy (>=1.26,<2)", "numpy>=1.26,<2"],
    ["numpy~=1.26", "numpy~=1.26"],
    ["numpy==1.*", "numpy==1.*"],
    ["numpy!=1.25.*,>=1.24", "numpy!=1.25.*,>=1.24"],
    ["torch==2.5.1+cu124", "torch==2.5.1+cu124"],
    ["legacy===2004d", "legacy===2004d"],
    ["epoch==1!2.0", "epoch==1!2.0"],
    ["rc==2.0rc1", "rc==2.0rc1"],
    ["dev==1.0.dev20240101", "dev==1.0.dev20240101"],
    ["post==1.0-1", "post==1.0-1"],
    ["uvicorn[standard]", "uvicorn[standard]"],
    ["uvicorn [standard , dev] >=0.20", "uvicorn[standard,dev]>=0.20"],
    ["transformers[]", "transformers"],
    [`pywin32 ; sys_platform == "win32"`, `pywin32 ; sys_platform == "win32"`],
    [`tomli>=1;python_version<"3.11"`, `tomli>=1 ; python_version<"3.11"`],
    [
      `a; os.name == 'nt' and (python_version > '3' or extra == 'x')`,
      `a ; os.name == 'nt' and (python_version > '3' or extra == 'x')`,
    ],
    ["numpy # the array", "numpy"],
    ["numpy\t# the array", "numpy"],
    ["  numpy  ", "numpy"],
    ["numpy \\\n  >=1.26", "numpy>=1.26"],
    [`numpy==1.0 --hash=sha256:${HASH}`, "numpy==1.0"],
    [`numpy==1.0 \\\n    --hash=sha256:${HASH} \\\n    --hash sha256:${OTHER_HASH}`, "numpy==1.0"],
    ["./lib", "file:///app/lib"],
    ["lib/", "file:///app/lib"],
    ["./lib[dev]", "file:///app/lib[dev]"],
    ["-e ./lib", "file:///app/lib"],
    ["-e lib/.", "file:///app/lib"],
    ["--editable=./lib[dev,test]", "file:///app/lib[dev,test]"],
    [`./lib ; python_version > "3"`, `file:///app/lib ; python_version > "3"`],
    ["mine @ ./lib", "mine @ file:///app/lib"],
    ["mine @ file:lib", "mine @ file:///app/lib"],
    ["./wheels/foo-1.0-py3-none-any.whl", "foo @ file:///app/wheels/foo-1.0-py3-none-any.whl"],
    [
      "https://example.com/foo-1.0-py3-none-any.whl",
      "foo @ https://example.com/foo-1.0-py3-none-any.whl",
    ],
    ["https://example.com/foo-1.0.tar.gz", "https://example.com/foo-1.0.tar.gz"],
    [`foo @ https://example.com/foo.zip#sha256=${HASH}`, "foo @ https://example.com/foo.zip"],
    [
      `foo @ https://example.com/foo.zip ; python_version > "3"`,
      `foo @ https://example.com/foo.zip ; python_version > "3"`,
    ],
    ["foo@https://example.com/foo.zip", "foo @ https://example.com/foo.zip"],
    ["git+https://github.com/a/b", "git+https://github.com/a/b"],
    ["git+https://github.com/a/b.git@v1.0#egg=b", "b @ git+https://github.com/a/b.git@v1.0"],
    [
      "git+https://github.com/a/b.git@main#egg=b[x]&subdirectory=py",
      "b[x] @ git+https://github.com/a/b.git@main#subdirectory=py",
    ],
    ["-e git+https://github.com/a/b.git#egg=b", "b @ git+https://github.com/a/b.git"],
    ["b @ git+https://github.com/a/b.git@0123abc", "b @ git+https://github.com/a/b.git@0123abc"],
    ["b @ git+ssh://git@github.com/a/b.git", "b @ git+ssh://git@github.com/a/b.git"],
    ["b @ git+https://token@github.com/a/b.git", "b @ git+https://github.com/a/b.git"],
    ["foo @ https://u:p@example.com/foo.zip", "foo @ https://example.com/foo.zip"],
  ];
  test.each(cases)("%s", async (line, expected) => {
    const { lines, problems } = await read(line);

    expect(problems).toEqual([]);
    expect(lines).toEqual([expected]);
  });
});

describe("the text of a file", () => {
  const utf16 = (text: string, swap: boolean) => {
    const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
    return swap ? bytes.swap16() : bytes;
  };
  const cases: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
    ["empty", "", []],
    ["blank", "\n \n\t\n", []],
    ["only comments", "# numpy\n#six", []],
    ["no final newline", "numpy\nsix", ["numpy", "six"]],
    ["CRLF", "numpy\r\nsix\r\n", ["numpy", "six"]],
    ["CR", "numpy\rsix\r", ["numpy", "six"]],
    ["CRLF continuation", "numpy\\\r\n==1.0\r\nsix", ["numpy==1.0", "six"]],
    ["UTF-8 with a mark", "\uFEFFnumpy\n", ["numpy"]],
    [
      "UTF-16, as PowerShell writes it",
      utf16("numpy==1.0\r\nsix\r\n", false),
      ["numpy==1.0", "six"],
    ],
    ["UTF-16 of the other order", utf16("numpy\r\n", true), ["numpy"]],
    [
      "Latin-1 that says so",
      Buffer.from("# -*- coding: latin-1 -*-\nnumpy # f\u00fcr uns\n", "latin1"),
      ["numpy"],
    ],
    ["a comment between continued lines", "numpy \\\n# why\nsix", ["numpy", "six"]],
    ["a file that ends in a continuation", "numpy \\", ["numpy"]],
  ];
  test.each(cases)("%s", async (_name, content, expected) => {
    const { lines, problems } = await read(content);

    expect(problems).toEqual([]);
    expect(lines).toEqual(expected);
  });

  test("knows the line on which a joined line begins", async () => {
    const { requirements } = await read("# one\nnumpy \\\n  >=1\n\nsix\n");

    expect(requirements.map(({ origin }) => origin.line)).toEqual([2, 5]);
  });
});

describe("files that include files", () => {
  test("paths are relative to the file, local packages to the app", async () => {
    const { lines, limits, files } = await read("-r req/base.txt\n-c req/limits.txt\n", {
      "req/base.txt": "-r more/deep.txt\n--requirement=flat.txt\n./lib\n",
      "req/more/deep.txt": "six\n",
      "req/flat.txt": "idna\n",
      "req/limits.txt": "numpy<2\n-r more/limits.txt\n",
      "req/more/limits.txt": "pandas<3",
    });

    expect(lines).toEqual(["six", "idna", "file:///app/lib"]);
    expect(limits).toEqual(["numpy<2", "pandas<3"]);
    expect([...files.keys()]).toEqual([
      "requirements.txt",
      "req/base.txt",
      "req/more/deep.txt",
      "req/flat.txt",
      "req/limits.txt",
      "req/more/limits.txt",
    ]);
  });

  test("one file twice is no circle", async () => {
    const { lines, problems } = await read("-r a.txt\n-r a.txt\n", { "a.txt": "six\n" });

    expect(problems).toEqual([]);
    expect(lines).toEqual(["six", "six"]);
  });

  test("addresses are left to uv, without their credentials", async () => {
    const { lines, limits, credentials } = await read(
      "-r https://example.com/base.txt\n-c https://me:secret@example.com/limits.txt\n",
    );

    expect(lines).toEqual(["-r https://example.com/base.txt"]);
    expect(limits).toEqual(["-c https://example.com/limits.txt"]);
    expect(credentials).toMatchObject([{ host: "example.com", login: "me", password: "secret" }]);
  });

  test("a link to a file is a file", async () => {
    const appDir = await temporaryDirectory();
    await writeFiles(appDir, { "real.txt": "six\n" });
    await symlink("real.txt", join(appDir, "requirements.txt"));

    const set = await readRequirements({ appDir, requirements: ["requirements.txt"], env: {} });

    expect(requirementsText(set, appDir)).toBe("six\n");
  });
});

describe("lines of another kind of file", () => {
  const lines = [
    { text: "flask>=3  # web", line: 7 },
    { text: "-r more.txt", line: 8 },
    { text: "-e .\n./wheels/foo-1.0-py3-none-any.whl", line: 9 },
    { text: "--find-links wheels", line: 12 },
    { text: "-c limits.txt", line: 13 },
  ];

  test("are read as those of a requirements file beside it", async () => {
    const appDir = await temporaryDirectory();
    const at = (path: string) => `envs/${path}`;
    await writeFiles(appDir, {
      [at("pyproject.toml")]: "",
      [at("more.txt")]: "numpy\n./lib\n",
      [at("lib/pyproject.toml")]: "",
      [at("limits.txt")]: "numpy<2\n",
      [at("wheels/foo-1.0-py3-none-any.whl")]: "",
      "requirements.txt": "./lib\n",
      "lib/pyproject.toml": "",
    });

    const set = await readRequirements({
      appDir,
      section: { file: at("environment.yml"), lines },
      requirements: ["requirements.txt"],
      env: {},
    });

    expect(set.problems).toEqual([]);
    const here = requirementsText(set, appDir).replaceAll(`file://${appDir}`, "file:///app");
    expect(here).toMatchInlineSnapshot(`
      "flask>=3
      numpy
      file:///app/envs/lib
      file:///app/envs
      foo @ file:///app/envs/wheels/foo-1.0-py3-none-any.whl
      file:///app/lib
      "
    `);
    expect(constraintsText(set, appDir)).toBe("numpy<2\n");
    expect(set.requirements.map(({ origin }) => describeOrigin(origin))).toMatchInlineSnapshot(`
      [
        "envs/environment.yml, line 7",
        "envs/more.txt, line 1",
        "envs/more.txt, line 2",
        "envs/environment.yml, line 9",
        "envs/environment.yml, line 9",
        "requirements.txt, line 1",
      ]
    `);
    expect(set.options.findLinks.map(({ value }) => value)).toEqual(["./envs/wheels"]);
    expect([...set.files.keys()]).toEqual([
      at("environment.yml"),
      at("more.txt"),
      at("limits.txt"),
      "requirements.txt",
    ]);
  });

  test("are named with their places where they are wrong", async () => {
    const appDir = await temporaryDirectory();
    const section = {
      file: "envs/environment.yml",
      lines: [
        { text: "numpy=2.2", line: 4 },
        { text: "./gone", line: 5 },
        { text: "-r gone.txt", line: 6 },
        { text: "../../out", line: 7 },
      ],
    };

    const set = await readRequirements({ appDir, section, requirements: [], env: {} });

    expect(set.problems.map(describeProblem).join("\n\n")).toMatchInlineSnapshot(`
      "envs/environment.yml, line 4: numpy=2.2
        Two equals signs are needed: numpy==2.2.

      envs/environment.yml, line 5: ./gone
        There is no 'envs/gone' in the app; local paths are relative to envs, whichever file they stand in.

      envs/environment.yml, line 6: -r gone.txt
        There is no file envs/gone.txt in the app; check its spelling (upper and lower case differ) and that it is not ignored.

      envs/environment.yml, line 7: ../../out
        ../../out is outside of the app, which is all that the build sees; copy the package into the app."
    `);
  });

  test("have one digest, which their places do not change", async () => {
    const appDir = await temporaryDirectory();
    const digestOf = async (text: string, line: number) => {
      const section = { file: "environment.yml", lines: [{ text, line }] };
      const { files } = await readRequirements({ appDir, section, requirements: [], env: {} });
      return files.get("environment.yml");
    };

    expect(await digestOf("flask", 9)).toBe(await digestOf("flask", 4));
    expect(await digestOf("flask<3", 4)).not.toBe(await digestOf("flask", 4));
  });
});

describe("options", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["-i https://example.com/simple", ["--index-url", "https://example.com/simple"]],
    ["--index-url=https://example.com/simple", ["--index-url", "https://example.com/simple"]],
    [
      "--index-url https://a.example/s\n-i https://b.example/s",
      ["--index-url", "https://b.example/s"],
    ],
    [
      "--extra-index-url https://a.example/s --extra-index-url https://b.example/s",
      ["--extra-index-url", "https://a.example/s", "--extra-index-url", "https://b.example/s"],
    ],
    ["--extra-index-url https://u:p@a.example/s", ["--extra-index-url", "https://a.example/s"]],
    ["--no-index\n-f wheels", ["--find-links", "/app/wheels", "--no-index"]],
    ["--find-links=file:wheels", ["--find-links", "/app/wheels"]],
    ["-f https://a.example/torch.html", ["--find-links", "https://a.example/torch.html"]],
    ["--extra-index https://a.example/s", ["--extra-index-url", "https://a.example/s"]],
    ["--trusted-host a.example", ["--allow-insecure-host", "a.example"]],
    [`--index-url "https://example.com/simple"`, ["--index-url", "https://example.com/simple"]],
    ["-f wheels\n-f ./wheels/", ["--find-links", "/app/wheels"]],
  ];
  test.each(cases)("%s", async (content, expected) => {
    const { options, problems } = await read(content);

    expect(problems).toEqual([]);
    expect(uvIndexArguments(options, "/app", "first-index")).toEqual([
      ...expected,
      "--index-strategy",
      "first-index",
    ]);
  });

  test("formats, pre-releases and hashes", async () => {
    const { options } = await read(
      "--no-binary :all:\n--no-binary=:none:\n--no-binary a,b\n--only-binary :all:\n--pre\n--prefer-binary\n--require-hashes\n",
    );

    expect(uvFormatArguments(options)).toEqual([
      "--no-binary",
      "a",
      "--no-binary",
      "b",
      "--only-binary",
      ":all:",
    ]);
    expect(options).toMatchObject({ pre: true, preferBinary: true, requireHashes: true });
  });

  test("--find-links is looked for beside the file first, then in the app's root", async () => {
    const { options } = await read("-r req/a.txt\n-r req/b.txt", {
      "req/a.txt": "-f near\n",
      "req/near/x.txt": "",
      "req/b.txt": "-f wheels\n",
    });

    expect(options.findLinks.map(({ value }) => value)).toEqual(["./req/near", "./wheels"]);
  });

  test("what follows a requirement", async () => {
    const { requirements, notes } = await read(
      `six==1.0 --hash=SHA256:${HASH.toUpperCase()} --config-settings=--build-option=x -C a=b --global-option=y\n--use-feature=fast-deps`,
    );

    expect(requirements[0]).toMatchObject({
      hashes: [`sha256:${HASH}`],
      configSettings: ["--build-option=x", "a=b"],
    });
    expect(notes).toMatchInlineSnapshot(`
      [
        "--global-option (requirements.txt, line 1) has no effect; build backends take --config-settings",
        "--use-feature fast-deps (requirements.txt, line 2) has no effect",
      ]
    `);
  });

  test("the hash in an address is one of the requirement's", async () => {
    const { requirements } = await read(`foo @ https://example.com/foo.zip#sha256=${HASH}`);

    expect(requirements[0]?.hashes).toEqual([`sha256:${HASH}`]);
  });
});

describe("variables", () => {
  test("are put in, and their secrets are in no quotation", async () => {
    const { credentials, requirements, options, usesVariables } = await read(
      "--extra-index-url https://${USER_NAME}:${TOKEN}@example.com/simple\nb @ git+https://${TOKEN}@github.com/a/b\n",
      {},
      { USER_NAME: "me", TOKEN: "s3cr%40et" },
    );

    expect(credentials).toMatchObject([
      { host: "example.com", login: "me", password: "s3cr@et" },
      { host: "github.com", login: "s3cr@et", password: "" },
    ]);
    expect(JSON.stringify([requirements, options])).not.toMatch(/s3cr/);
    expect(usesVariables).toBe(true);
  });

  test("that are not set are left as they are, and told", async () => {
    const { options, notes, usesVariables } = await read(
      "--index-url https://${HOST}/simple # ${COMMENT}\n",
    );

    expect(options.indexUrl?.value).toBe("https://${HOST}/simple");
    expect(notes).toEqual([
      "The variable HOST in requirements.txt, line 1 is not set; it is left as it is",
    ]);
    expect(usesVariables).toBe(false);
  });

  test("only capital names in braces are variables", async () => {
    const { options } = await read("-i https://e.x/$NAME/${name}\n", {}, { NAME: "1", name: "2" });

    expect(options.indexUrl?.value).toBe("https://e.x/$NAME/${name}");
  });
});

test("a file is known by its text without credentials", async () => {
  const digestWith = async (userinfo: string) => {
    const { files } = await read(
      `alpha\n--index-url https://${userinfo}a.example/simple\ntool @ git+https://${userinfo}b.example/tool.git`,
    );
    return files.get("requirements.txt");
  };

  expect(await digestWith("ada:0ther@")).toBe(await digestWith("ada:s3cret@"));
});
