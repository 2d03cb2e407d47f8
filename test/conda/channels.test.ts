import { describe, expect, test } from "vitest";
import { digestWithoutSecrets } from "../../src/conda/channel-url.ts";
import { chooseChannels } from "../../src/conda/channels.ts";
import { parseCondarc } from "../../src/conda/inputs/condarc.ts";
import { describeProblem } from "../../src/kit/wrong-lines.ts";

const FORGE = "https://conda.anaconda.org/conda-forge";
const MAIN = "https://repo.anaconda.com/pkgs/main";

interface Given {
  readonly channels?: readonly string[];
  readonly specs?: readonly string[];
  readonly condarc?: string;
  readonly alias?: string;
  readonly mirrors?: readonly string[];
}

function choose({ channels = [], specs = [], condarc, alias, mirrors = [] }: Given) {
  const lines = (texts: readonly string[]) =>
    texts.map((text, index) => ({ text, line: index + 1 }));
  return chooseChannels({
    environment: { file: "environment.yml", channels: lines(channels), specs: lines(specs) },
    condarc:
      condarc === undefined
        ? undefined
        : parseCondarc(Buffer.from(condarc), { file: ".condarc", env: {} }),
    alias,
    mirrors,
  });
}

function told(given: Given): string {
  return `\n${choose(given).problems.map(describeProblem).join("\n")}\n`;
}

describe("which channels are searched", () => {
  test.each<[string, Given, readonly string[]]>([
    ["none named", {}, [FORGE]],
    ["one", { channels: ["conda-forge"] }, [FORGE]],
    ["in their order", { channels: ["bioconda", "conda-forge"] }, [of("bioconda"), FORGE]],
    ["one twice", { channels: ["conda-forge", `${FORGE}/`] }, [FORGE]],
    ["nodefaults", { channels: ["conda-forge", "nodefaults"] }, [FORGE]],
    ["nodefaults alone", { channels: ["nodefaults"] }, [FORGE]],
    ["defaults", { channels: ["defaults"] }, [MAIN, "https://repo.anaconda.com/pkgs/r"]],
    ["defaults and nodefaults", { channels: ["defaults", "conda-forge", "nodefaults"] }, [FORGE]],
    [
      "a part of the world",
      { channels: ["pytorch", "nvidia"] },
      [of("pytorch"), of("nvidia"), FORGE],
    ],
    ["a part, and no more", { channels: ["pytorch", "nodefaults"] }, [of("pytorch")]],
    ["an address", { channels: ["https://h.example/c/"] }, ["https://h.example/c"]],
    [
      "an address with a subdir",
      { channels: ["https://h.example/c/linux-64"] },
      ["https://h.example/c"],
    ],
    [
      "an address of an index",
      { channels: ["https://h.example/c/noarch/repodata.json.zst"] },
      ["https://h.example/c"],
    ],
    ["a label", { channels: ["conda-forge/label/dev"] }, [`${FORGE}/label/dev`]],
    ["a name with a subdir", { channels: ["conda-forge/noarch"] }, [FORGE]],
    ["main", { channels: ["pkgs/main"] }, [MAIN]],
    [".condarc's", { condarc: "channels: [bioconda]" }, [of("bioconda")]],
    [
      ".condarc's after the file's",
      { channels: ["pytorch"], condarc: "channels: [conda-forge]" },
      [of("pytorch"), FORGE],
    ],
    [
      ".condarc's, without defaults",
      { channels: ["nodefaults"], condarc: "channels: [conda-forge, defaults]" },
      [FORGE],
    ],
    [
      ".condarc's not after nodefaults",
      { channels: ["pytorch", "nodefaults"], condarc: "channels: [conda-forge]" },
      [of("pytorch")],
    ],
    [
      "nodefaults in .condarc",
      { channels: ["pytorch", "defaults"], condarc: "channels: [nodefaults]" },
      [of("pytorch")],
    ],
    [
      "defaults of .condarc's making",
      { channels: ["defaults"], condarc: "default_channels: [https://m.example/main, r]" },
      ["https://m.example/main", of("r")],
    ],
    [
      "the alias of .condarc",
      { channels: ["conda-forge"], condarc: "channel_alias: https://m.example/" },
      ["https://m.example/conda-forge"],
    ],
    [
      "the alias of the setting",
      {
        channels: ["conda-forge"],
        condarc: "channel_alias: https://m.example",
        alias: "https://n.example/conda/",
      },
      ["https://n.example/conda/conda-forge"],
    ],
    [
      "a channel with a place of its own",
      {
        channels: ["team/label/dev", "conda-forge"],
        condarc: "custom_channels:\n  team: https://m.example/own",
      },
      ["https://m.example/own/team/label/dev", FORGE],
    ],
    [
      "a name for several",
      {
        channels: ["all"],
        condarc: "channels: [all]\ncustom_multichannels:\n  all: [bioconda, conda-forge]",
      },
      [of("bioconda"), FORGE],
    ],
    [
      "one that a spec names, last",
      { channels: ["conda-forge"], specs: ["pytorch::pytorch", "conda-forge::numpy"] },
      [FORGE, of("pytorch")],
    ],
  ])("%s", (_what, given, expected) => {
    const { urls, problems, priority } = choose(given);

    expect(problems).toEqual([]);
    expect(urls).toEqual(expected);
    expect(priority).toBe("strict");
  });
});

test("specs name the addresses of their channels", () => {
  const { specs } = choose({
    alias: "https://m.example",
    specs: [
      "numpy>=1.2",
      "conda-forge::numpy=1.2",
      "conda-forge/linux-64::numpy",
      "defaults::numpy",
      "numpy[channel=conda-forge]",
      "numpy[version='>=1', channel='conda-forge', build=*a]",
      "*/noarch::numpy",
      "https://h.example/c::numpy",
    ],
  });

  expect(specs).toEqual([
    "numpy>=1.2",
    "https://m.example/conda-forge::numpy=1.2",
    "https://m.example/conda-forge/linux-64::numpy",
    `${MAIN}::numpy`,
    "https://m.example/conda-forge::numpy",
    "https://m.example/conda-forge::numpy[version='>=1', build=*a]",
    "*/noarch::numpy",
    "https://h.example/c::numpy",
  ]);
});

test("the priority of .condarc", () => {
  expect(choose({ condarc: "channel_priority: disabled" }).priority).toBe("disabled");
  const { priority, notes } = choose({ condarc: "channels: [a]\nchannel_priority: flexible" });
  expect(priority).toBe("strict");
  expect(notes).toMatchInlineSnapshot(`
    [
      "Using strict channel priority, not flexible (.condarc): a package comes from the first channel that has its name",
    ]
  `);
});

test("what the log says of channels that nobody wrote, and of those that are left out", () => {
  const notes = [
    {},
    { channels: ["pytorch", "nvidia"] },
    { channels: ["pytorch", "nodefaults"], condarc: "channels: [bioconda, conda-forge]" },
    { channels: ["defaults", "conda-forge", "nodefaults"] },
    { channels: ["conda_forge", "nodefault", "nodefaults"] },
  ].map((given) => choose(given).notes.join("\n"));

  expect(`\n${notes.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Using the channel conda-forge because no channel is named; conda would take Anaconda's defaults
    Using the channel conda-forge after pytorch and nvidia, where conda would take Anaconda's defaults; nodefaults keeps it out
    Skipping the channels of .condarc (bioconda and conda-forge) because environment.yml says nodefaults
    Skipping defaults because of nodefaults
    Using the channel conda_forge (environment.yml, line 1); did you mean conda-forge?
    Using the channel nodefault (environment.yml, line 2); did you mean nodefaults?
    "
  `);
});

test("Anaconda's channels come with a word on their terms", () => {
  expect(choose({ channels: ["conda-forge"] }).warnings).toEqual([]);
  expect(
    choose({ condarc: "default_channels: [conda-forge]", channels: ["defaults"] }).warnings,
  ).toEqual([]);
  const { warnings } = choose({ channels: ["conda-forge", "defaults"] });
  expect(warnings).toMatchInlineSnapshot(`
    [
      {
        "body": "Organisations of more than 200 people need a licence for them: https://www.anaconda.com/legal
    conda-forge needs none; for it alone write the channels conda-forge and nodefaults.",
        "title": "Packages come from Anaconda's channels (defaults: environment.yml, line 2)",
      },
    ]
  `);
  for (const channel of ["anaconda", "main", "pkgs/r", "https://repo.anaconda.com/pkgs/main"]) {
    expect(choose({ channels: ["conda-forge", channel] }).warnings).toHaveLength(1);
  }
  expect(choose({ channels: ["conda-forge"], specs: ["defaults::a"] }).warnings).toHaveLength(1);
});

test("mirrors", () => {
  const { mirrors, problems, credentials } = choose({
    channels: ["conda-forge", "defaults"],
    condarc: `mirrored_channels:
  conda-forge:
    - https://c.example/conda-forge
    - https://a.example/conda-forge
  https://h.example/x:
    - https://d.example/x
`,
    mirrors: [
      "conda-forge=https://me:secret@a.example/conda-forge/",
      "conda-forge=https://b.example/conda-forge",
      "defaults=https://b.example/pkgs",
      "https://h.example/c=https://b.example/c",
    ],
  });

  expect(problems).toEqual([]);
  expect(credentials).toMatchObject([{ host: "a.example", login: "me", password: "secret" }]);
  expect(mirrors).toMatchInlineSnapshot(`
    {
      "https://conda.anaconda.org/conda-forge": [
        "https://a.example/conda-forge",
        "https://b.example/conda-forge",
        "https://c.example/conda-forge",
      ],
      "https://h.example/c": [
        "https://b.example/c",
      ],
      "https://h.example/x": [
        "https://d.example/x",
      ],
      "https://repo.anaconda.com/pkgs/main": [
        "https://b.example/pkgs/main",
      ],
      "https://repo.anaconda.com/pkgs/r": [
        "https://b.example/pkgs/r",
      ],
    }
  `);
});

test("what can't be used", () => {
  expect(
    told({
      channels: [
        ...["local", "file:///opt/channel", "./channel", "C:\\channel", "~/channel"],
        ...["oci://ghcr.io/channel", "conda.anaconda.org/conda-forge", "conda forge"],
      ],
      specs: ["local::numpy", "file:///opt/c::numpy"],
      alias: "https://host.example/x/t/abcdef123456/y",
      mirrors: ["conda-forge", "local=https://m.example", "https://me:secret@m.example"],
    }),
  ).toMatchInlineSnapshot(`
    "
    BP_CONDA_CHANNEL_ALIAS: https://host.example/x/t/****/y
      A token stands right behind the host, as in https://host.example/t/<token>/channel.
    environment.yml, line 1: local
      'local' is what conda-build makes on one's own machine; put the packages on a server, and write its address.
    environment.yml, line 2: file:///opt/channel
      Channels are read over the network; put the directory on a server, and write its address.
    environment.yml, line 3: ./channel
      Channels are read over the network; put the directory on a server, and write its address.
    environment.yml, line 4: C:\\channel
      Channels are read over the network; put the directory on a server, and write its address.
    environment.yml, line 5: ~/channel
      Channels are read over the network; put the directory on a server, and write its address.
    environment.yml, line 6: oci://ghcr.io/channel
      A channel's address begins with https:// or http://.
    environment.yml, line 7: conda.anaconda.org/conda-forge
      An address needs https:// before it: https://conda.anaconda.org/conda-forge.
    environment.yml, line 8: conda forge
      A channel's name has letters, digits, '-', '_' and '.' only.
    environment.yml, line 1: local::numpy
      'local' is what conda-build makes on one's own machine; put the packages on a server, and write its address.
    environment.yml, line 2: file:///opt/c::numpy
      Channels are read over the network; put the directory on a server, and write its address.
    BP_CONDA_MIRRORS: conda-forge
      A channel, '=' and an address are needed: conda-forge=https://mirror.example/conda-forge.
    BP_CONDA_MIRRORS: local=https://m.example
      'local' is what conda-build makes on one's own machine; put the packages on a server, and write its address.
    BP_CONDA_MIRRORS: https://****@m.example
      A channel, '=' and an address are needed: conda-forge=https://mirror.example/conda-forge.
    "
  `);
});

function of(name: string): string {
  return `https://conda.anaconda.org/${name}`;
}

describe("the digest of a lock file", () => {
  const lock = (place: string, rest = "") =>
    digestWithoutSecrets(Buffer.from(`- url: https://${place}/c/noarch/ä-1.0-0.conda${rest}\n`));

  test("is the same with another password or token", () => {
    expect(lock("me:other@a.example")).toBe(lock("me:s3cret@a.example"));
    expect(lock("a.example/t/tk-other")).toBe(lock("a.example/t/tk-s3cret"));
  });

  test("is another one with anything else", () => {
    const digests = [
      lock("a.example"),
      lock("b.example"),
      lock("a.example/x/t/one"),
      lock("a.example/x/t/two"),
      lock("a.example", "#0"),
    ];

    expect(new Set(digests).size).toBe(digests.length);
  });
});
