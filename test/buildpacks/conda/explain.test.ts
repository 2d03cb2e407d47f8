import { describe, expect, it } from "vitest";
import { listAdded } from "../../../src/buildpacks/conda/added.ts";
import { withExplanations } from "../../../src/buildpacks/conda/explain.ts";
import { chooseChannels } from "../../../src/conda/channels.ts";
import { EngineFailure } from "../../../src/conda/engine/engine.ts";
import type { EngineError } from "../../../src/conda/engine/protocol.ts";
import { Failure } from "../../../src/kit/failure.ts";
import { hardwareOf } from "../../accelerator/support.ts";

const FILE = "environment.yml";

describe("what does not fit", () => {
  it("is told with the lines that ask for it", async () => {
    const message = `Cannot solve the request because of: The following packages are incompatible
├─ chain-a 2.* cannot be installed because there are no viable options:
│  └─ chain-a 2.0 would require
│     └─ chain-b >=1.1, which cannot be installed
├─ chain-b 1.0.* cannot be installed because there are no viable options:
│  └─ chain-b 1.0, which conflicts with the versions reported above.
├─ the constraint cuda-version 12.8.* cannot be fulfilled
└─ python 3.13.* cannot be installed
`;
    const specs = ["chain-a=2", "https://u:secret@h.example/c::chain-b=1.0", "numpy", "missing=1"];

    expect(await told({ kind: "unsolvable", message, similar: { missing: [] } }, { specs }))
      .toMatchInlineSnapshot(`
      "No set of packages fits what environment.yml asks for

      The following packages are incompatible
      ├─ chain-a 2.* cannot be installed because there are no viable options:
      │  └─ chain-a 2.0 would require
      │     └─ chain-b >=1.1, which cannot be installed
      ├─ chain-b 1.0.* cannot be installed because there are no viable options:
      │  └─ chain-b 1.0, which conflicts with the versions reported above
      ├─ the constraint cuda-version 12.8.* cannot be fulfilled
      └─ python 3.13.* cannot be installed

      Found in environment.yml, line 5: chain-a=2
      Found in environment.yml, line 6: https://****@h.example/c::chain-b=1.0
      Found in environment.yml, line 8: missing=1
      python 3.13.* follows from BP_CPYTHON_VERSION: 3.13
      cuda-version =12.8 follows from hardware.txt, line 1: cuda==12.8

      - The channels have no package called missing. Another channel may have it, or PyPI, whose packages are listed under 'pip:'."
    `);
  });

  it("is told once where hardware follows from the file itself", async () => {
    const message = `The following packages are incompatible
├─ cuda-version 12.4.* can be installed
└─ the constraint cuda-version 12.4.* cannot be fulfilled
`;
    expect(
      await told({ kind: "unsolvable", message }, { specs: ["cuda-version=12.4"], file: FILE }),
    ).toMatchInlineSnapshot(`
      "No set of packages fits what environment.yml asks for

      The following packages are incompatible
      ├─ cuda-version 12.4.* can be installed
      └─ the constraint cuda-version 12.4.* cannot be fulfilled

      Found in environment.yml, line 5: cuda-version=12.4"
    `);
  });
});

describe("a channel that is not there", () => {
  const missing = (url: string): EngineError => ({
    ...{ kind: "channel", message: "HTTP status client error (404 Not Found)", status: 404 },
    subject: url,
  });

  it("is named as it was written", async () => {
    expect(
      await told(missing("https://conda.anaconda.org/condaforge"), { channels: ["condaforge"] }),
    ).toMatchInlineSnapshot(`
      "There is no conda channel at https://conda.anaconda.org/condaforge

      Found in environment.yml, line 2: condaforge
      Needed: a channel with a file noarch/repodata.json at its address

      1. Check the channel's name; upper and lower case differ.
      2. A channel that is not on conda.anaconda.org is written with its whole address, or
         BP_CONDA_CHANNEL_ALIAS says where channels lie.
      3. Some servers answer so, too, where a private channel needs credentials: a binding of type
         "conda" gives them."
    `);
  });

  it.each([
    ["in a spec", "https://conda.anaconda.org/mine", "Found in environment.yml, line 5: mine::a"],
    [
      "by the build",
      "https://conda.anaconda.org/conda-forge",
      "Found: conda-forge, which nobody has named: the build adds it, and the channel nodefaults keeps it out",
    ],
    ["elsewhere", "https://h.example/c", "Found: packages of the channel in environment.yml"],
  ])("may be named %s", async (_, url, where) => {
    expect(await told(missing(url), { channels: ["bioconda"], specs: ["mine::a"] })).toContain(
      where,
    );
  });
});

interface Given {
  readonly specs?: readonly string[];
  readonly channels?: readonly string[];
  /** Where the CUDA version stands. */
  readonly file?: string;
}

async function told(
  error: EngineError,
  { specs = [], channels = [], file = "hardware.txt" }: Given,
): Promise<string> {
  const lines = specs.map((text, index) => ({ text, line: index + 5 }));
  const chosen = chooseChannels({
    environment: {
      ...{ file: FILE, specs: lines },
      channels: channels.map((text, index) => ({ text, line: index + 2 })),
    },
    ...{ condarc: undefined, alias: undefined, mirrors: [] },
  });
  const { accelerator, ...hardware } = hardwareOf("cuda==12.8");
  const origin = { file, line: 1 };
  const python = { text: "3.13", spec: "python 3.13.*", problems: [] };
  const asked = {
    ...{ platform: "linux-64", file: FILE, isLock: false, mirrors: {}, credentials: [] },
    variables: {},
    wanted: {
      ...{ kind: "environment" as const, specs, lines, constraints: [], virtualPackages: [] },
      added: listAdded({ ...hardware, accelerator: { ...accelerator, origin } }, python),
      ...{ channels: chosen.urls, channelOrigins: chosen.origins, priority: chosen.priority },
    },
  };
  try {
    await withExplanations(asked, async () => {
      throw new EngineFailure(error);
    });
  } catch (failure) {
    if (failure instanceof Failure)
      return `${failure.userMessage.title}\n\n${failure.userMessage.body}`;
    throw failure;
  }
  throw new Error("Nothing was thrown");
}
