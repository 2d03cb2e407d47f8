import { describe, expect, test } from "vitest";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import tags from "../../../src/buildpacks/tags/index.ts";
import { readTomlIfPresent } from "../../../src/cnb/toml.ts";
import { run } from "../../../src/kit/buildpack.ts";
import { type Given, runDetect } from "../../support/detect.ts";
import { phaseDirectories, phaseEnv, writeFiles } from "../../support/phase.ts";

describe("takes part", () => {
  test.each<[string, Given, boolean]>([
    ["for business-tags.yaml", { files: { "business-tags.yaml": "" } }, true],
    ["for business-tags.yml", { files: { "business-tags.yml": "" } }, true],
    ["for a near miss", { files: { "Business_tags.yaml": "" } }, true],
    ["for another near miss", { files: { "business_tags.yaml": "" } }, true],
    ["for project.toml", { files: { "project.toml": "" } }, true],
    ["for a repository", { files: { ".git/HEAD": "" } }, true],
    ["for a worktree", { files: { ".git": "" } }, true],
    ["for labels", { env: { BP_IMAGE_LABELS: "a=b" } }, true],
    ["for a label of OCI's", { env: { BP_OCI_REF_NAME: "main" } }, true],
    ["not for a prefix alone", { env: { BP_TAGS_PREFIX: "com.example." } }, false],
    ["not else", { files: { "requirements.txt": "" } }, false],
  ])("%s", async (_when, given, takesPart) => {
    const { code, plan, output } = await runDetect(tags.detect, given);

    expect(code).toBe(takesPart ? 0 : 100);
    expect(plan).toBe("");
    expect(output).toBe(
      takesPart
        ? ""
        : "there is no business-tags.yaml, no project.toml and no .git, and no setting names labels\n",
    );
  });
});

const EVERYTHING = {
  ".git/HEAD": "3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4\n",
  ".git/config": '[remote "origin"]\n\turl = git@git.example.com:team/cats.git\n',
  "project.toml":
    '[_]\nname = "Cats"\nversion = "1.0"\nsource-url = "https://git.example.com/team/cats"\n',
  "business-tags.yaml": "team: vision\ncost-center: 4711\n",
};

describe("labels", () => {
  test("come from all places, of which later ones override earlier ones", async () => {
    const built = await buildApp(EVERYTHING, {
      BP_OCI_TITLE: "Cats in pictures",
      BP_OCI_VERSION: "1.1",
      BP_IMAGE_LABELS:
        'org.opencontainers.image.version=1.2 io.ml-buildpacks.tags.team=speech note="x y"',
      BP_LOG_LEVEL: "debug",
    });

    expect(built.code).toBe(0);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]
      Found 2 labels in .git
      Found 3 labels in project.toml
      Found 2 labels in business-tags.yaml
      Found 2 labels in BP_OCI_TITLE and BP_OCI_VERSION
      Using org.opencontainers.image.title of BP_OCI_TITLE, which overrides project.toml
      Using org.opencontainers.image.version of BP_OCI_VERSION, which overrides project.toml
      Found 3 labels in BP_IMAGE_LABELS
      Using org.opencontainers.image.version of BP_IMAGE_LABELS, which overrides BP_OCI_VERSION
      Using io.ml-buildpacks.tags.team of BP_IMAGE_LABELS, which overrides business-tags.yaml
      [debug] io.ml-buildpacks.tags.cost-center=4711 (from business-tags.yaml)
      [debug] io.ml-buildpacks.tags.team=speech (from BP_IMAGE_LABELS)
      [debug] note=x y (from BP_IMAGE_LABELS)
      [debug] org.opencontainers.image.revision=3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4 (from .git)
      [debug] org.opencontainers.image.source=https://git.example.com/team/cats (from project.toml)
      [debug] org.opencontainers.image.title=Cats in pictures (from BP_OCI_TITLE)
      [debug] org.opencontainers.image.version=1.2 (from BP_IMAGE_LABELS)
      "
    `);
    expect(built.labels).toMatchInlineSnapshot(`
      {
        "io.ml-buildpacks.tags.cost-center": "4711",
        "io.ml-buildpacks.tags.team": "speech",
        "note": "x y",
        "org.opencontainers.image.revision": "3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4",
        "org.opencontainers.image.source": "https://git.example.com/team/cats",
        "org.opencontainers.image.title": "Cats in pictures",
        "org.opencontainers.image.version": "1.2",
      }
    `);
    expect(built.written).toEqual(["launch.toml"]);
  });

  test("have the prefix that is set", async () => {
    const built = await buildApp(
      { "business-tags.yml": "team: vision\n" },
      { BP_TAGS_PREFIX: "com.example." },
    );

    expect(built.labels).toEqual({ "com.example.team": "vision" });
  });

  test("may be none", async () => {
    const built = await buildApp({ "project.toml": "", "business_tags.yaml": "a: b\n" }, {});

    expect(built.labels).toEqual({});
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]

      [Warning: The file business_tags.yaml is not used]
      Its name must be business-tags.yaml.
      Found none
      "
    `);
  });

  test("are the same bytes for the same input, whatever its order", async () => {
    const first = await buildApp({ "business-tags.yaml": "a: 1\nb: 2\n" }, {});
    const second = await buildApp({ "business-tags.yaml": "b: 2\na: 1\n" }, {});

    expect(Object.keys(second.labels)).toEqual(Object.keys(first.labels));
  });
});

describe("a build fails", () => {
  test("with all that is wrong, wherever it is", async () => {
    const built = await buildApp(
      { "business-tags.yaml": "Team: vision\n", "project.toml": "[_]\nversion = 1\n" },
      { BP_OCI_CREATED: "today", BP_IMAGE_LABELS: "team", BP_TAGS_PREFIX: "com.example" },
    );

    expect(built.code).toBe(1);
    expect(built.written).toEqual([]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]

      [Error: Unable to make image labels of BP_TAGS_PREFIX, project.toml, business-tags.yaml, BP_OCI_CREATED and BP_IMAGE_LABELS]

      BP_TAGS_PREFIX: com.example
        The prefix ends in a dot, since keys are put right behind it:

          com.example.

      project.toml, line 2: version = 1
        A text in quotation marks is needed, or a list of them, as here:

          version = "1.10"

      business-tags.yaml, line 1: Team: vision
        A key has lower-case letters and digits, with '-', '_' and '.' between them, for example 'team'.

      BP_OCI_CREATED: today
        A date and a time with its zone are needed (RFC 3339):

          2026-11-22T09:30:00Z

      BP_IMAGE_LABELS: team
        A '=' and a value are needed behind the key:

          team=vision

      "
    `);
  });

  test("with two tags files", async () => {
    const built = await buildApp(
      { "business-tags.yaml": "a: b\n", "business-tags.yml": "a: c\n" },
      {},
    );

    expect(built.code).toBe(1);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]

      [Error: There are both business-tags.yaml and business-tags.yml]

      Found: business-tags.yaml and business-tags.yml
      Needed: one of them, since nothing says which of two different values counts

      Move the lines of one file into the other, and remove the file.

      "
    `);
  });

  test("with more labels than an image should carry", async () => {
    const notes = Array.from({ length: 16 }, (_, index) => `note-${index}: ${"x".repeat(3900)}\n`);
    const built = await buildApp(
      { "business-tags.yaml": notes.join("") },
      { BP_OCI_DESCRIPTION: "y".repeat(4000) },
    );

    expect(built.code).toBe(1);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]
      Found 16 labels in business-tags.yaml
      Found 1 label in BP_OCI_DESCRIPTION

      [Error: The image labels are too large]

      Found: 66890 bytes in all
      - business-tags.yaml: 62854 bytes
      - BP_OCI_DESCRIPTION: 4036 bytes
      Needed: 65536 bytes at most

      Labels are part of the image's configuration, which is downloaded with each pull. Leave out what is
      long, or put it into a file of the app.

      "
    `);
  });

  test("with a tags file that is a directory", async () => {
    const built = await buildApp({ "business-tags.yaml/team": "vision\n" }, {});

    expect(built.code).toBe(1);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Writing image labels]

      [Error: business-tags.yaml can't be read]

      Needed: a file that the build's user may read, and neither a directory nor a link to nothing

      Details:
      Error: EISDIR: illegal operation on a directory, read

      "
    `);
  });
});

async function buildApp(
  files: { readonly [path: string]: string },
  env: { readonly [name: string]: string },
) {
  const directories = await phaseDirectories({ id: "ml-buildpacks/tags" });
  await writeFiles(directories.app, files);
  const lines: string[] = [];
  const out = (line: string) => lines.push(line);
  const code = await run(
    tags,
    { argv: [], env: { ...phaseEnv(directories), ...env }, cwd: directories.app },
    { out, err: out, debug: env["BP_LOG_LEVEL"] === "debug" },
  );
  const launch = await readTomlIfPresent(join(directories.layers, "launch.toml"));
  const labels = (launch?.["labels"] ?? []) as readonly { key: string; value: string }[];
  return {
    code,
    log: lines.join(""),
    labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
    written: (await readdir(directories.layers)).sort(),
  };
}
