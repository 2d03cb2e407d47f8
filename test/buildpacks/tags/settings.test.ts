import { describe, expect, test } from "vitest";
import { readImageLabels } from "../../../src/buildpacks/tags/image-labels.ts";
import { readOciSettings } from "../../../src/buildpacks/tags/oci-settings.ts";
import { readTagsPrefix } from "../../../src/buildpacks/tags/tags-prefix.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { messageFor, valuesOf } from "./messages.ts";

describe("BP_IMAGE_LABELS", () => {
  const read = (value: string) => readImageLabels(new Settings({ BP_IMAGE_LABELS: value }));

  test.each<[string, Record<string, string>]>([
    ["team=vision", { team: "vision" }],
    ["a=b  c=d\n e=f", { a: "b", c: "d", e: "f" }],
    [
      `alpha=bravo charlie="delta echo" foxtrot='golf hotel'`,
      { alpha: "bravo", charlie: "delta echo", foxtrot: "golf hotel" },
    ],
    ["url=https://x.example/?a=b", { url: "https://x.example/?a=b" }],
    [String.raw`a="say \"hi\"" b=it\'s`, { a: 'say "hi"', b: "it's" }],
    [String.raw`path=C:\cats`, { path: String.raw`C:\cats` }],
    [`a='"x"' b="it's"`, { a: '"x"', b: "it's" }],
    [`a=x" y "z`, { a: "x y z" }],
    [`"a"=x`, { a: "x" }],
    ["a=b,c=d", { a: "b,c=d" }],
    ["list=a,b,c", { list: "a,b,c" }],
    [
      "com.jfrog.artifactory.retention.maxDays=7",
      { "com.jfrog.artifactory.retention.maxDays": "7" },
    ],
    ["app.kubernetes.io/name=cats", { "app.kubernetes.io/name": "cats" }],
    ["org.opencontainers.image.title=Cats", { "org.opencontainers.image.title": "Cats" }],
    ["io.ml-buildpacks.tags.team=vision", { "io.ml-buildpacks.tags.team": "vision" }],
  ])("%s", (value, expected) => {
    const found = read(value);

    expect(messageFor(found)).toBe("");
    expect(valuesOf(found)).toEqual(expected);
  });

  test("is told what can't be used", () => {
    expect(
      messageFor(
        read(
          'team contact=Ada Lovelace =x empty= blank=" " "a b"=c a=1 a=2 io.buildpacks.run-image=x io.ml-buildpacks.cuda=13',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_IMAGE_LABELS]

      BP_IMAGE_LABELS: team
        A '=' and a value are needed behind the key:

          team=vision

      BP_IMAGE_LABELS: Lovelace
        A '=' is needed; or quotation marks, if it belongs to the value before it:

          contact="Ada Lovelace"

      BP_IMAGE_LABELS: =x
        A key is needed before the '='.

      BP_IMAGE_LABELS: empty=
        A value is needed behind the '='; remove the key where there is none.

      BP_IMAGE_LABELS: blank=" "
        A value is needed behind the '='; remove the key where there is none.

      BP_IMAGE_LABELS: "a b"=c
        A key has letters and digits, and '.', '-', '_' and '/' between them.

      BP_IMAGE_LABELS: a=2
        The key a stands there twice; keep one.

      BP_IMAGE_LABELS: io.buildpacks.run-image=x
        Labels that begin with 'io.buildpacks.' are written by the lifecycle, which reads them at the next build.

      BP_IMAGE_LABELS: io.ml-buildpacks.cuda=13
        Labels that begin with 'io.ml-buildpacks.' are written by the buildpacks, apart from 'io.ml-buildpacks.tags.'."
    `);
  });

  test("is told of open quotation marks", () => {
    expect(messageFor(read('team=vision contact="Ada Lovelace'))).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_IMAGE_LABELS]

      BP_IMAGE_LABELS: contact="Ada Lovelace
        The quotation mark " is not closed; one that belongs to a value is written \\"."
    `);
    expect(messageFor(read("note=don't"))).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_IMAGE_LABELS]

      BP_IMAGE_LABELS: note=don't
        The quotation mark ' is not closed; one that belongs to a value is written \\'."
    `);
  });

  test.each([
    "password=hunter22",
    "a=b password='hunter22",
    "password=correct hunter22",
    "a=https://ada:hunter22@x.example",
    "a=b hf_hunter22hunter22hunter22hunter22hunter22",
    "password=a password=hunter22",
  ])("is not quoted where it may hold a secret: %s", (value) => {
    expect(messageFor(read(value))).toContain("(not shown, since it may hold a secret)");
    expect(messageFor(read(value))).not.toContain("hunter22");
  });
});

describe("BP_OCI_*", () => {
  test("are the labels that Paketo's buildpack gives these names", () => {
    const found = readOciSettings(
      new Settings({
        BP_OCI_AUTHORS: "Ada Lovelace",
        BP_OCI_CREATED: "2026-11-22T09:30:00Z",
        BP_OCI_DESCRIPTION: 'Finds "cats"',
        BP_OCI_DOCUMENTATION: "https://example.com/docs",
        BP_OCI_LICENSES: "Apache-2.0 OR MIT",
        BP_OCI_REF_NAME: "main",
        BP_OCI_REVISION: "3f1c2ab",
        BP_OCI_SOURCE: "https://git.example.com/cats",
        BP_OCI_TITLE: "Cats",
        BP_OCI_URL: "https://example.com",
        BP_OCI_VENDOR: "Example Ltd",
        BP_OCI_VERSION: "1.10",
      }),
    );

    expect(messageFor(found)).toBe("");
    expect(valuesOf(found)).toMatchInlineSnapshot(`
      {
        "org.opencontainers.image.authors": "Ada Lovelace",
        "org.opencontainers.image.created": "2026-11-22T09:30:00Z",
        "org.opencontainers.image.description": "Finds "cats"",
        "org.opencontainers.image.documentation": "https://example.com/docs",
        "org.opencontainers.image.licenses": "Apache-2.0 OR MIT",
        "org.opencontainers.image.ref.name": "main",
        "org.opencontainers.image.revision": "3f1c2ab",
        "org.opencontainers.image.source": "https://git.example.com/cats",
        "org.opencontainers.image.title": "Cats",
        "org.opencontainers.image.url": "https://example.com",
        "org.opencontainers.image.vendor": "Example Ltd",
        "org.opencontainers.image.version": "1.10",
      }
    `);
  });

  test("are absent by default, the date among them", () => {
    expect(readOciSettings(new Settings({ BP_OCI_TITLE: "" }))).toEqual({
      labels: [],
      problems: [],
    });
  });

  test.each([
    ["2026-11-22T09:30:00Z", true],
    ["2026-11-22T09:30:00.123+01:00", true],
    ["2026-11-22 09:30:00z", true],
    ["2024-02-29T00:00:00Z", true],
    ["2026-11-22", false],
    ["2026-11-22T09:30:00", false],
    ["2026-02-30T09:30:00Z", false],
    ["2026-13-01T09:30:00Z", false],
    ["2026-11-22T25:30:00Z", false],
    ["now", false],
    ["1763800000", false],
  ])("BP_OCI_CREATED=%s is a time: %s", (value, expected) => {
    const { problems } = readOciSettings(new Settings({ BP_OCI_CREATED: value }));

    expect(problems).toHaveLength(expected ? 0 : 1);
  });

  test.each([
    ["https://git.example.com/cats", true],
    ["ssh://git@git.example.com/cats.git", true],
    ["git.example.com/cats", false],
    ["git@git.example.com:cats.git", false],
    ["https://", false],
    ["https://x.example/a b", false],
    ["C:\\cats", false],
    ["see the wiki", false],
  ])("BP_OCI_SOURCE=%s is a URL: %s", (value, expected) => {
    const { problems } = readOciSettings(new Settings({ BP_OCI_SOURCE: value }));

    expect(problems).toHaveLength(expected ? 0 : 1);
  });

  test("are told what can't be used", () => {
    const settings = new Settings({
      BP_OCI_CREATED: "22 November 2026",
      BP_OCI_DESCRIPTION: "one\ntwo",
      BP_OCI_DOCUMENTATION: "the wiki",
      BP_OCI_SOURCE: "https://ada:hunter22@git.example.com/cats",
      BP_OCI_URL: "x.example",
    });

    expect(messageFor(readOciSettings(settings))).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_OCI_CREATED, BP_OCI_DESCRIPTION, BP_OCI_DOCUMENTATION, BP_OCI_SOURCE and BP_OCI_URL]

      BP_OCI_CREATED: 22 November 2026
        A date and a time with its zone are needed (RFC 3339):

          2026-11-22T09:30:00Z

      BP_OCI_DESCRIPTION: one?two
        A label's value is one line; in YAML, '>' in place of '|' joins lines.

      BP_OCI_DOCUMENTATION: the wiki
        A URL is needed, with its scheme:

          https://example.com/cats

      BP_OCI_SOURCE: (not shown, since it may hold a secret)
        A URL with a user name or a password does not belong in a label, which everybody who has the image can read; give it to the app when it starts, or to the build by a binding. If it is none, name or write it otherwise.

      BP_OCI_URL: x.example
        A URL is needed, with its scheme:

          https://example.com/cats"
    `);
  });
});

describe("BP_TAGS_PREFIX", () => {
  const read = (value: string) => readTagsPrefix(new Settings({ BP_TAGS_PREFIX: value }));
  const messageOf = (value: string) => messageFor(read(value));

  test.each([
    "com.example.",
    "team.",
    "a-b.c_d.",
    "io.ml-buildpacks.tags.",
    "io.ml-buildpacks.tags.x.",
  ])("%s", (value) => {
    expect(read(value)).toEqual({ text: value, problems: [] });
  });

  test("has a default", () => {
    expect(read("").text).toBe("io.ml-buildpacks.tags.");
  });

  test("ends in a dot", () => {
    expect(messageOf("com.example")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_TAGS_PREFIX]

      BP_TAGS_PREFIX: com.example
        The prefix ends in a dot, since keys are put right behind it:

          com.example."
    `);
  });

  test.each(["Com.Example.", "com..example.", ".", "https://example.com.", "com example."])(
    "is no %s",
    (value) => {
      expect(messageOf(value)).toBe(messageOf("COM.").replace("COM.", value));
    },
  );

  test("is a domain the wrong way round", () => {
    expect(messageOf("COM.")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_TAGS_PREFIX]

      BP_TAGS_PREFIX: COM.
        A prefix has lower-case letters, digits, '-' and '_', and dots between them: your domain the wrong way round:

          com.example."
    `);
  });

  test("is nobody else's", () => {
    expect(messageOf("org.opencontainers.image.")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_TAGS_PREFIX]

      BP_TAGS_PREFIX: org.opencontainers.image.
        Labels that begin with 'org.opencontainers.' have a meaning of their own; the settings BP_OCI_TITLE, BP_OCI_VERSION, … write them."
    `);
    expect(messageOf("io.buildpacks.")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_TAGS_PREFIX]

      BP_TAGS_PREFIX: io.buildpacks.
        Labels that begin with 'io.buildpacks.' are written by the lifecycle, which reads them at the next build."
    `);
    expect(messageOf("io.ml-buildpacks.")).toMatchInlineSnapshot(`
      "[Error: Unable to make image labels of BP_TAGS_PREFIX]

      BP_TAGS_PREFIX: io.ml-buildpacks.
        Labels that begin with 'io.ml-buildpacks.' are written by the buildpacks, apart from 'io.ml-buildpacks.tags.'."
    `);
  });
});
