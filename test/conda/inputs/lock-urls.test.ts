import { describe, expect, it, test } from "vitest";
import { openLocation, readLockUrls, withLogin } from "../../../src/conda/inputs/lock-urls.ts";
import { parseRequirementLine } from "../../../src/python/requirements/requirement-line.ts";

function read(text: string, env: Record<string, string> = {}) {
  return readLockUrls({ file: "conda-lock.yml", lines: text.split("\n") }, env);
}

const found = (text: string, env: Record<string, string> = {}) =>
  read(text, env).credentials.map(({ origin, ...one }) => ({ ...one, line: origin.line }));

describe("the URLs of a lock file", () => {
  it("have credentials in all of conda's forms, each of which counts once", () => {
    const text = `package:
- url: https://me:s3cret@one.example/c/noarch/a-1.0-0.conda
- url: https://me:s3cret@one.example/c/noarch/b-1.0-0.conda
- {name: c, url: "https://conda.example/t/tk-123/c/noarch/c-1.0-0.tar.bz2", manager: conda}
- url: https://$USER:\${PASSWORD}@two.example/c/noarch/d-1.0-0.conda
- url: git+https://s3cret-too@git.example/mine.git@0123456
- url: https://plain.example/c/noarch/e-1.0-0.conda
`;
    expect(found(text, { USER: "you", PASSWORD: "hidden" })).toEqual([
      { host: "one.example", login: "me", password: "s3cret", line: 2 },
      { host: "conda.example", token: "tk-123", line: 4 },
      { host: "two.example", login: "you", password: "hidden", line: 5 },
      { host: "git.example", login: "s3cret-too", password: "", line: 6 },
    ]);
  });

  it("of a Python index have directories that are no tokens", () => {
    const url = "https://files.example/packages/py3/t/tensorflow/tensorflow-2.19-py3-none-any.whl";

    expect(read(`- url: ${url}\n`)).toEqual({ credentials: [], problems: [] });
    expect(openLocation(url, { file: "" }, {})).toEqual({ text: url, credentials: [] });
  });

  it("may have variables that a binding stands for", () => {
    const url = "https://$USER:$PASSWORD@one.example/c/noarch/a-1.0-0.conda";
    const withToken = "https://conda.example/t/$TOKEN/c/noarch/a-1.0-0.conda";

    expect(read(`- url: ${url}\n- url: ${withToken}\n`)).toEqual({ credentials: [], problems: [] });
  });

  it("may have tokens for channels, and not for pip", () => {
    const text = `  - url: https://pypi.example/t/tk-123/c
- url: https://pypi.example/t/tk-123/c/a-1.0-py3-none-any.whl
`;
    expect(read(text)).toMatchInlineSnapshot(`
      {
        "credentials": [],
        "problems": [
          {
            "line": "- url: https://pypi.example/t/****/c/a-1.0-py3-none-any.whl",
            "needed": "pip needs a user and a password before the host in place of a token",
            "origin": {
              "file": "conda-lock.yml",
              "line": 2,
            },
          },
        ],
      }
    `);
  });

  it("may ask for variables that the build does not have, which is told once", () => {
    const line = "- url: https://me:${PASSWORD}@one.example/c/noarch/a-1.0-0.conda\n";

    expect(read(line + line).problems).toMatchInlineSnapshot(`
      [
        {
          "line": "- url: https://****@one.example/c/noarch/a-1.0-0.conda",
          "needed": "The build has no variable PASSWORD",
          "origin": {
            "file": "conda-lock.yml",
            "line": 1,
          },
        },
      ]
    `);
  });

  it("are kept without credentials", () => {
    const open = (url: string) => openLocation(url, { file: "" }, { TOKEN: "tk-123" }).text;

    expect([
      open("https://me:s3cret@one.example/c/noarch/a-1.0-0.conda"),
      open("https://conda.example/t/$TOKEN/c/noarch/a-1.0-0.conda#abc"),
      open("git+https://s3cret@git.example/mine.git@0123456"),
      open("./libs/mine"),
    ]).toEqual([
      "https://one.example/c/noarch/a-1.0-0.conda",
      "https://conda.example/c/noarch/a-1.0-0.conda#abc",
      "git+https://git.example/mine.git@0123456",
      "./libs/mine",
    ]);
  });
});

test("pip is given the user and the password of a line's host", () => {
  const origin = { file: "pixi.lock" };
  const credentials = [
    { host: "files.example", token: "tk-123", origin },
    { host: "Files.Example", login: "me", password: "p@ss/${X}", origin },
    { host: "git.example", login: "s3cret", password: "", origin },
  ];
  const told = (line: string) => withLogin(line, credentials);
  const login = "me:p%40ss%2F%24%7BX%7D";

  expect(told("a @ https://files.example:8443/a-1.0-py3-none-any.whl#sha256=0")).toBe(
    `a @ https://${login}@files.example:8443/a-1.0-py3-none-any.whl#sha256=0`,
  );
  expect(told("b @ git+https://git.example/b@0123456")).toBe(
    "b @ git+https://s3cret:@git.example/b@0123456",
  );
  expect(told("c @ https://other.example/c.whl")).toBe("c @ https://other.example/c.whl");
  expect(told("d==1.0 --hash=sha256:0")).toBe("d==1.0 --hash=sha256:0");
  const line = told("a @ https://files.example/a-1.0-py3-none-any.whl");
  const paths = { editable: false, appDir: "/app", base: "." };
  expect(parseRequirementLine(line, origin, paths)).toMatchObject({
    credential: { host: "files.example", login: "me", password: "p@ss/${X}" },
  });
});
