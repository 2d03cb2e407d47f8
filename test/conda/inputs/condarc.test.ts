import { expect, test } from "vitest";
import { parseCondarc, readCondarc } from "../../../src/conda/inputs/condarc.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function parse(text: string, env: Record<string, string> = {}) {
  return parseCondarc(Buffer.from(text), { file: ".condarc", env });
}

test("what it says of channels", () => {
  const condarc = parse(
    `#!final
channels:
  - https://me:secret@conda.example/team  #!top
  - conda-forge
channel_alias: https://\${HOST}/conda
channel_priority: true
default_channels: [https://conda.example/main]
custom_channels:
  team: https://conda.example/t/tk-12345678/
custom_multichannels:
  all:
    - conda-forge
    - bioconda
mirrored_channels:
  conda-forge:
    - https://mirror.example/conda-forge
auto_activate_base: false
`,
    { HOST: "alias.example" },
  );

  expect(condarc).toMatchInlineSnapshot(`
    {
      "alias": {
        "line": 5,
        "text": "https://alias.example/conda",
      },
      "channels": [
        {
          "line": 3,
          "text": "https://conda.example/team",
        },
        {
          "line": 4,
          "text": "conda-forge",
        },
      ],
      "credentials": [
        {
          "host": "conda.example",
          "login": "me",
          "origin": {
            "file": ".condarc",
            "line": 3,
          },
          "password": "secret",
        },
        {
          "host": "conda.example",
          "origin": {
            "file": ".condarc",
            "line": 9,
          },
          "token": "tk-12345678",
        },
      ],
      "customChannels": Map {
        "team" => {
          "line": 9,
          "text": "https://conda.example/",
        },
      },
      "customMultichannels": Map {
        "all" => [
          {
            "line": 12,
            "text": "conda-forge",
          },
          {
            "line": 13,
            "text": "bioconda",
          },
        ],
      },
      "defaultChannels": [
        {
          "line": 7,
          "text": "https://conda.example/main",
        },
      ],
      "file": ".condarc",
      "mirroredChannels": Map {
        "conda-forge" => [
          {
            "line": 16,
            "text": "https://mirror.example/conda-forge",
          },
        ],
      },
      "notes": [],
      "priority": "flexible",
      "problems": [],
    }
  `);
});

test.each([
  ["strict", "strict"],
  ["flexible", "flexible"],
  ["Disabled", "disabled"],
  ["true", "flexible"],
  ["False", "disabled"],
  ["no", "disabled"],
])("the priority %s is %s", (written, expected) => {
  expect(parse(`channel_priority: ${written}\n`).priority).toBe(expected);
});

test("what has no effect is told, and what nobody reads is not", () => {
  const { notes, problems } = parse(
    "ssl_verify: false\npinned_packages:\n  - numpy\nchanels:\n  - a\nchannel_settings: []\nshow_channel_urls: true\nproxy_servers:\n  http: x\n",
  );

  expect(problems).toEqual([]);
  expect(notes).toMatchInlineSnapshot(`
    [
      "Skipping ssl_verify (.condarc, line 1) because certificates are always checked; further ones are given by a binding",
      "Skipping pinned_packages (.condarc, line 2) because only what the environment's file lists is asked for",
      "Skipping chanels (.condarc, line 4) because no such key is known; did you mean channels?",
      "Skipping proxy_servers (.condarc, line 8) because proxies are given by the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
    ]
  `);
});

test("what can't be used", () => {
  const { problems } = parse(
    "channels: conda-forge\nchannel_alias: conda.example\nchannel_priority: high\ncustom_channels:\n  - a\nmirrored_channels:\n  b: https://mirror.example\ndefault_channels:\n  - https://${HOST}/x\n",
  );

  expect(`\n${problems.map(describeProblem).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    .condarc, line 1: channels: conda-forge
      A list is needed, each item in a line of its own:

        channels:
          - conda-forge
    .condarc, line 2: channel_alias: conda.example
      An address that begins with https:// or http:// is needed.
    .condarc, line 3: channel_priority: high
      The priority is strict, flexible or disabled.
    .condarc, line 5: - a
      Names and what they stand for are needed, without '-':

        custom_channels:
          name: …
    .condarc, line 7: b: https://mirror.example
      A list is needed, each item in a line of its own:

        b:
          - https://mirror.example
    .condarc, line 9: - https://\${HOST}/x
      The build has no variable HOST.
    "
  `);
  expect(
    `\n${["- a\n", "channels:\n\t- a\n"].map((text) => parse(text).problems.map(describeProblem).join("\n")).join("\n")}\n`,
  ).toMatchInlineSnapshot(`
    "
    .condarc, line 1: - a
      Keys and values are needed, for example:

        channels:
          - conda-forge
    .condarc, line 2: - a
      This is no YAML at column 1. YAML is indented by blanks, not by tabs; put blanks in place of the tab.
    "
  `);
});

test("is found in the app's root, with the dot first", async () => {
  const appDir = await temporaryDirectory();
  expect(await readCondarc(appDir, {})).toBeUndefined();

  await writeFiles(appDir, { condarc: "channels: [a]\n" });
  expect(await readCondarc(appDir, {})).toMatchObject({ file: "condarc" });

  await writeFiles(appDir, { ".condarc": "" });
  expect(await readCondarc(appDir, {})).toMatchObject({
    ...{ file: ".condarc", channels: [], priority: undefined, problems: [] },
  });
});
