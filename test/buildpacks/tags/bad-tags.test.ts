import { describe, expect, test } from "vitest";
import { parseTagsFile } from "../../../src/buildpacks/tags/tags-file.ts";
import { messageFor } from "./messages.ts";

/** What is told of a business-tags.yaml. */
function told(content: string | Uint8Array): string {
  const place = { file: "business-tags.yaml", prefix: "io.ml-buildpacks.tags." };
  return messageFor(parseTagsFile(Buffer.from(content), place));
}

describe("all that is wrong is told at once", () => {
  test("with lines", () => {
    expect(
      told(`Cost Center: 4711
team: vision
owners:
  - ada
  - grace
data:
  class:
  retention: ~
team: speech
`),
    ).toMatchInlineSnapshot(`
  "[Error: Unable to make image labels of business-tags.yaml]

  business-tags.yaml, line 1: Cost Center: 4711
    A key has lower-case letters and digits, with '-', '_' and '.' between them, for example 'cost-center'.

  business-tags.yaml, line 3: owners:
    A single value is needed, not a list:

      owners: "ada, grace"

  business-tags.yaml, line 7: class:
    A value is needed; remove the key where there is none.

  business-tags.yaml, line 8: retention: ~
    A value is needed; remove the key where there is none.

  business-tags.yaml, line 9: team: speech
    The tag team has a value already, in line 2; keep one."
`);
  });
});

describe("the file as a whole", () => {
  test.each(["", "# team: vision\n", "{}\n", "---\n"])("has no tag: %j", (content) => {
    expect(told(content)).toBe(EMPTY);
  });

  test("is a list", () => {
    expect(told("- team: vision\n- owner: ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: - team: vision
        Keys with values are needed:

          team: vision
          cost-center: 4711"
    `);
  });

  test("is a sentence", () => {
    expect(told("These are our tags.\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: These are our tags.
        Keys with values are needed:

          team: vision
          cost-center: 4711"
    `);
  });

  test("has several documents", () => {
    expect(told("team: vision\n---\nteam: speech\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: ---
        This is no YAML at column 1: a second document begins here; keep one, without '---' between."
    `);
  });

  test("has a merge conflict", () => {
    expect(told("<<<<<<< HEAD\nteam: vision\n=======\nteam: speech\n>>>>>>> main\n"))
      .toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: <<<<<<< HEAD
        The file has an unsolved merge conflict; keep one side and remove the marks."
    `);
  });

  test("is Git LFS's pointer", () => {
    expect(told("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 120\n"))
      .toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: version https://git-lfs.github.com/spec/v1
        This is Git LFS's pointer, not the file; run 'git lfs pull' before the build."
    `);
  });

  test("is a web page", () => {
    expect(told("<!DOCTYPE html>\n<html></html>\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: <!DOCTYPE html>
        This is a web page; download the raw file in its place."
    `);
  });

  test("is not UTF-8", () => {
    expect(told(Buffer.from("team: vision\nowner: Zo\xeb\n", "latin1"))).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: owner: Zo?
        The file is not text in UTF-8; save it as UTF-8."
    `);
  });

  test("is broken UTF-16", () => {
    expect(told(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml: (UTF-16)
        The file is not text in UTF-8; save it as UTF-8."
    `);
  });

  test("is large", () => {
    expect(told(`a: b\n${"# comment\n".repeat(7000)}`)).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml: 70005 bytes
        The file may have 65536 bytes at most."
    `);
  });

  test("is nested without end", () => {
    const content = `a: ${"{a: ".repeat(8000)}${"}".repeat(8000)}\n`;
    expect(told(content)).toMatch(/This is no YAML at column \d+: maps are nested too deeply\.$/);
  });
});

describe("a line that is no YAML", () => {
  test("lacks the blank behind the colon", () => {
    expect(told("team:vision\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team:vision
        A blank is needed after the ':':

          team: vision"
    `);
    expect(told("owner: ada\nteam:vision\n")).toContain(
      "business-tags.yaml, line 2: team:vision\n",
    );
  });

  test("has '=' in place of ':'", () => {
    expect(told("team = vision\nowner = ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team = vision
        A ':' and a blank are needed after the key:

          team: vision"
    `);
  });

  test("has a key alone", () => {
    expect(told("team: vision\nowner\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: owner
        This is no YAML at column 1: a key with ':' and a value is needed."
    `);
  });

  test("is indented by a tab", () => {
    expect(told("owner:\n\tteam: vision\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: team: vision
        YAML is indented by blanks, not by tabs; put blanks in place of the tab."
    `);
  });

  test("is indented too far", () => {
    expect(told("team: vision\n  owner: ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: vision
        This is no YAML at column 7: a key has either a value, or further keys in the lines below."
    `);
  });

  test("has an open quotation mark", () => {
    expect(told("team: 'vision\nowner: ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: 'vision
        A quotation mark or a bracket is not closed."
    `);
  });

  test("has an open bracket", () => {
    expect(told("note: don't\nowner: {name: ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: owner: {name: ada
        A quotation mark or a bracket is not closed."
    `);
  });

  test.each(["@ada", "%VERSION%", "`vision`", "a: b", "- vision"])(
    "needs quotation marks: %s",
    (value) => {
      expect(told(`team: ${value}\n`)).toBe(told("team: @ada\n").replaceAll("@ada", value));
      expect(told(`team: '${value}'\n`)).toBe("");
    },
  );

  test("needs quotation marks", () => {
    expect(told("team: @ada\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: @ada
        Quotation marks are needed, since a character means something else to YAML:

          team: '@ada'"
    `);
  });

  test("has text behind a quoted one", () => {
    expect(told('title: "Cats" and dogs\n')).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: title: "Cats" and dogs
        This is no YAML at column 15: the value has ended before; quotation marks are needed around all of it."
    `);
  });

  test("is a template's", () => {
    expect(told("team: {{ cookiecutter.team }}\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: {{ cookiecutter.team }}
        This is a template, which nothing fills in here; write the value."
    `);
  });

  test("has a list as its key", () => {
    expect(told("? [team, owner]\n: vision\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: ? [team, owner]
        This is no YAML at column 3: a key is a single word."
    `);
  });
});

describe("a value", () => {
  test("is a list", () => {
    expect(told("owners: [ada, grace]\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: owners: [ada, grace]
        A single value is needed, not a list:

          owners: "ada, grace""
    `);
    expect(told("owners:\n  - name: ada\n")).toContain('owners: "first, second"');
  });

  test.each(["", "~", "null", '""', "{}", "' '", ">\n\n"])("is nothing: %j", (value) => {
    expect(told(`team: ${value}\n`)).toContain(
      "A value is needed; remove the key where there is none.",
    );
  });

  test("has several lines", () => {
    expect(told("note: |\n  first\n  second\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: note: |
        A label's value is one line; in YAML, '>' in place of '|' joins lines."
    `);
  });

  test("has control characters", () => {
    expect(told('note: "red \\e[31m"\n')).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: note: "red \\e[31m"
        The value has the character U+001B, which can't be seen; remove it."
    `);
  });

  test("turns text around", () => {
    expect(told("note: safe\u202Eelif\n")).toContain("has the character U+202E");
  });

  test("is too long", () => {
    expect(
      told(`note: ${"long ".repeat(1000)}\n`)
        .split("\n")
        .at(-1),
    ).toMatchInlineSnapshot(
      `"  Key and value have 5025 bytes; at most 4096 are passed on to containers."`,
    );
  });

  test("is of a type of its own", () => {
    expect(told("team: !!python/object/apply:os.system [ls]\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: !!python/object/apply:os.system [ls]
        Remove the type that begins with '!'; the text of a value counts as it is written."
    `);
  });

  test("is another one's", () => {
    expect(told("team: &team vision\nowner: *team\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: team: &team vision
        Remove '&team'; values can't be used again.

      business-tags.yaml, line 2: owner: *team
        '*team' stands for another value; quotation marks are needed, or that value itself."
    `);
  });

  test("would be gigabytes", () => {
    const content = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    expect(told(content)).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: a: &a [x, x]
        Remove '&a'; values can't be used again.

      business-tags.yaml, line 2: b: &b [*a, *a]
        Remove '&b'; values can't be used again.

      business-tags.yaml, line 3: c: [*b, *b]
        A single value is needed, not a list:

          c: "first, second""
    `);
  });
});

describe("a key", () => {
  test.each([
    ["Cost Center", "cost-center"],
    ["costCenter", "cost-center"],
    ["Ärzte/Team", "arzte-team"],
    [".team.", "team"],
    ["a..b", "a.b"],
    ["team-", "team"],
  ])("%s is better written %s", (key, better) => {
    expect(told(`${key}: x\n`)).toBe(
      told("Team: x\n").replace("1: Team", `1: ${key}`).replace("'team'", `'${better}'`),
    );
  });

  test("has capitals", () => {
    expect(told("Team: vision\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: Team: vision
        A key has lower-case letters and digits, with '-', '_' and '.' between them, for example 'team'."
    `);
  });

  test("stands twice, or gives the same label as others", () => {
    expect(told("a: 1\nb.c: 1\nb:\n  c: 2\na: 2\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 4: c: 2
        The tag b.c has a value already, in line 2; keep one.

      business-tags.yaml, line 5: a: 2
        The tag a has a value already, in line 1; keep one."
    `);
  });

  test("merges another map", () => {
    expect(told("<<: {team: vision}\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 1: <<: {team: vision}
        The keys of another map can't be taken over here; write them."
    `);
  });

  test("is somebody else's", () => {
    expect(
      told(`org.opencontainers.image.title: Cats
org:
  opencontainers.image.base.name: debian
io.buildpacks.stack.id: any
io.ml-buildpacks.accelerator: cuda
`),
    ).toMatchInlineSnapshot(`
  "[Error: Unable to make image labels of business-tags.yaml]

  business-tags.yaml, line 1: org.opencontainers.image.title: Cats
    Tags have a prefix of their own; the setting BP_OCI_TITLE writes this label.

  business-tags.yaml, line 3: opencontainers.image.base.name: debian
    Tags have a prefix of their own; the setting BP_IMAGE_LABELS writes this label.

  business-tags.yaml, line 4: io.buildpacks.stack.id: any
    Labels that begin with 'io.buildpacks.' are written by the lifecycle, which reads them at the next build.

  business-tags.yaml, line 5: io.ml-buildpacks.accelerator: cuda
    Labels that begin with 'io.ml-buildpacks.' are written by the buildpacks, apart from 'io.ml-buildpacks.tags.'."
`);
  });
});

describe("what looks like a secret is not shown", () => {
  test("by its key", () => {
    expect(told("database:\n  password: hunter22\n")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of business-tags.yaml]

      business-tags.yaml, line 2: password: (not shown, since it may hold a secret)
        A password or a token does not belong in a label, which everybody who has the image can read; give it to the app when it starts, or to the build by a binding. If it is none, name or write it otherwise."
    `);
  });

  test.each([
    ["AKIAIOSFODNN7EXAMPLE", "An access key of AWS"],
    [`ghp_${"a1".repeat(18)}`, "A token of GitHub"],
    [`hf_${"aB".repeat(17)}`, "A token of Hugging Face"],
    ["https://ada:hunter22@git.example.com/x", "A URL with a user name or a password"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig", "A JSON Web Token"],
  ])("by its value: %s", (value, what) => {
    const message = told(`note: see ${value}\n`);

    expect(message).toContain("line 1: note: (not shown, since it may hold a secret)\n  ");
    expect(message).toContain(`${what} does not belong in a label`);
    expect(message).not.toContain(value);
  });

  test("in a block", () => {
    const message = told("note: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIEow\n");

    expect(message).toContain("A private key does not belong in a label");
    expect(message).not.toContain("MIIEow");
  });

  test.each([
    "password:hunter22\n",
    "team: x\npassword = hunter22\n",
    "password: @hunter22\n",
    "password: 'hunter22\nteam: x\n",
    "password:\n  hunter22: x: y\n",
    "password: [hunter22]\n",
    "{password: hunter22, Team: x}\n",
    "token: !secret hunter22\n",
    "api-key: |\n  one\n  hunter22\n",
  ])("in what is wrong otherwise: %j", (content) => {
    expect(told(content)).toMatch(/^\[Error: .*\]\n\nbusiness-tags.yaml, line \d/);
    expect(told(content)).not.toContain("hunter22");
  });
});

const EMPTY = `[Error: Unable to make image labels of business-tags.yaml]

business-tags.yaml: (empty)
  The file needs at least one tag:

    team: vision
    cost-center: 4711`;
