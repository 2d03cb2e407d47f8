import { describe, expect, test } from "vitest";
import { parseProject, readProject } from "../../../src/buildpacks/tags/project.ts";
import { makeApp } from "../../support/apps.ts";
import { messageFor, valuesOf } from "./messages.ts";

function labelsOf(text: string): Record<string, string> {
  const found = parseProject(Buffer.from(text));
  expect(messageFor(found)).toBe("");
  const labels = Object.entries(valuesOf(found));
  return Object.fromEntries(
    labels.map(([key, value]) => [key.replace("org.opencontainers.image.", ""), value]),
  );
}

function told(text: string): string {
  return messageFor(parseProject(Buffer.from(text)));
}

describe("project.toml says", () => {
  const FIELDS = `
id = "com.example.cats"
name = "Cats"
version = "1.10"
authors = ["Ada Lovelace <ada@example.com>", "Grace Hopper"]
documentation-url = "https://example.com/docs"
source-url = "https://git.example.com/cats"
`;
  const LABELS = {
    title: "Cats",
    version: "1.10",
    authors: "Ada Lovelace <ada@example.com>, Grace Hopper",
    documentation: "https://example.com/docs",
    source: "https://git.example.com/cats",
  };

  test.each([
    ["by schema 0.2", `[_]\nschema-version = "0.2"${FIELDS}`],
    ["by schema 0.1", `[project]${FIELDS}`],
    ["by 0.2 where there are both", `[project]\nname = "old"\n[_]${FIELDS}`],
  ])("what the project is, %s", (_schema, text) => {
    expect(labelsOf(text)).toEqual(LABELS);
  });

  test.each([
    ['[[_.licenses]]\ntype = "Apache-2.0"\nuri = "https://example.com/licence"\n', "Apache-2.0"],
    [
      '[[_.licenses]]\ntype = "MIT OR ISC"\n[[_.licenses]]\ntype = "Apache-2.0"\n',
      "(MIT OR ISC) AND Apache-2.0",
    ],
    ['[_]\nlicenses = [{ type = "MIT" }]\n', "MIT"],
  ])("its licences: %j", (text, licenses) => {
    expect(labelsOf(text)).toEqual({ licenses });
  });

  test.each([
    "",
    '[[io.buildpacks.build.env]]\nname = "BP_GROUPS"\nvalue = "gpu"\n',
    '[_]\nname = ""\nauthors = []\n[[_.licenses]]\nuri = "https://example.com/licence"\n',
    '[_.metadata]\nname = "x"\n',
  ])("nothing: %j", (text) => {
    expect(labelsOf(text)).toEqual({});
  });

  test("nothing where it is not there", async () => {
    expect(await readProject(await makeApp({}))).toEqual({ labels: [], problems: [] });
  });
});

describe("what can't be used is told", () => {
  test("when values have other types", () => {
    expect(
      told(`[[io.buildpacks.build.env]]
name = "BP_GROUPS"

[_]
schema-version = "0.2"
name = ["Cats"]
version = 1.10
authors = "Ada Lovelace"

[_.licenses]
type = "MIT"
`),
    ).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of project.toml]

      project.toml, line 6: name = ["Cats"]
        A text in quotation marks is needed, or a list of them, as here:

          name = "Cats"

      project.toml, line 7: version = 1.10
        A text in quotation marks is needed, or a list of them, as here:

          version = "1.10"

      project.toml, line 8: authors = "Ada Lovelace"
        A text in quotation marks is needed, or a list of them, as here:

          authors = ["Ada Lovelace <ada@example.com>"]

      project.toml, line 10: [_.licenses]
        A text in quotation marks is needed, or a list of them, as here:

          [[_.licenses]]
          type = "Apache-2.0""
    `);
  });

  test("when the project is no table", () => {
    expect(told('_ = "cats"\n')).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of project.toml]

      project.toml, line 1: _ = "cats"
        A table of texts is needed:

          [_]
          name = "Cats""
    `);
  });

  test("when it is no TOML", () => {
    expect(told("[_]\nname = Cats\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of project.toml]

      project.toml, line 2: name = Cats
        The file is no TOML: Unexpected character, expecting string, number, datetime, boolean, inline array or inline table."
    `);
  });

  test("when a variable's value is no TOML, which may be a password", () => {
    const message = told('[[io.buildpacks.build.env]]\nname = "PASSWORD"\nvalue = hunter22\n');

    expect(message).toContain("project.toml, line 3: (not shown, since it may hold a secret)\n");
    expect(message).not.toContain("hunter22");
  });

  test("when it is no text", () => {
    expect(messageFor(parseProject(Buffer.from('[_]\nname = "Caf\xe9"\n', "latin1"))))
      .toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of project.toml]

      project.toml, line 2: name = "Caf?"
        The file is not text in UTF-8; save it as UTF-8."
    `);
  });

  test("when a URL has a password, which is not shown", () => {
    const message = told('[_]\nsource-url = "https://ada:hunter22@git.example.com/cats"\n');

    expect(message).not.toContain("hunter22");
    expect(message).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of project.toml]

      project.toml, line 2: source-url = (not shown, since it may hold a secret)
        A URL with a user name or a password does not belong in a label, which everybody who has the image can read; give it to the app when it starts, or to the build by a binding. If it is none, name or write it otherwise."
    `);
  });
});
