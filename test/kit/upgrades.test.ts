import { describe, expect, it } from "vitest";
import { Failure, renderMessage } from "../../src/kit/failure.ts";
import { createLog } from "../../src/kit/log.ts";
import { Settings } from "../../src/kit/settings.ts";
import { readUpgrades, tellUpgrades, type Upgrades } from "../../src/kit/upgrades.ts";

describe("what BP_UPGRADE_PACKAGES asks of a lock", () => {
  it.each([
    ["", undefined, [], {}],
    ["numpy", undefined, ["numpy"], { upgrade: "numpy" }],
    ["Scipy, numpy numpy", undefined, ["numpy", "scipy"], { upgrade: "Scipy numpy" }],
    ["numpy", "scipy", ["numpy"], { upgrade: "numpy" }],
    ["ffmpeg,numpy", undefined, ["numpy"], { upgrade: "ffmpeg numpy" }],
    // Followed by this lock, so that it is compared and asks for nothing.
    ["numpy", "numpy", [], { upgrade: "numpy" }],
    // Another manager's: not compared, or each build would lock anew.
    ["ffmpeg", undefined, [], {}],
    ["ffmpeg", "numpy", [], {}],
  ] as const)("%j after %j", (setting, before, names, fact) => {
    const upgrades = read(setting, before);

    expect([...upgrades.names].sort()).toEqual(names);
    expect(upgrades.fact).toEqual(fact);
  });

  it("is recorded also where the lock has none of the names", () => {
    expect(read("ffmpeg").recorded).toEqual({ upgrade: "ffmpeg" });
    expect(read("").recorded).toEqual({});
  });
});

describe("what is told", () => {
  it("is what is upgraded, and what looks misspelt", () => {
    expect(told(read("numpy,scipi,ffmpeg"))).toMatchInlineSnapshot(`
      "Skipping scipi of BP_UPGRADE_PACKAGES because no package here has that name; did you mean scipy?
      Upgrading numpy (from BP_UPGRADE_PACKAGES)
      "
    `);
  });

  it("is nothing of a value that was followed before", () => {
    expect(told(read("numpy,scipi", "numpy scipi"))).toBe("");
  });
});

it("refuses what is no name", () => {
  expect(messageOf(() => read("numpy>=2,torch[cuda],ffmpeg,c++"))).toMatchInlineSnapshot(`
    "[Error: BP_UPGRADE_PACKAGES names something that is no package]

    Found:
    - numpy>=2
    - torch[cuda]

    Needed: names alone, with commas or blanks between them ("numpy,ffmpeg"), without versions and
    extras. Which versions are allowed is written where the app asks for the package."
  `);
});

function read(setting: string, upgrade?: string): Upgrades {
  const settings = new Settings({ BP_UPGRADE_PACKAGES: setting });
  const found = { ...(upgrade === undefined ? {} : { upgrade }) };
  return readUpgrades(settings, { found, names: ["numpy", "scipy", "torch"] }, (name) =>
    name.toLowerCase(),
  );
}

function told(upgrades: Upgrades): string {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  tellUpgrades(createLog({ out: print, err: print, debug: false }), upgrades);
  return lines.join("");
}

function messageOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return renderMessage(error.userMessage);
    throw error;
  }
}
