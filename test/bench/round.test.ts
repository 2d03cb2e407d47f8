import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, expect, it, onTestFinished } from "vitest";
import type { BuildRequest, Contender } from "../../bench/contender.ts";
import { type Measurement, SCENARIOS } from "../../bench/result.ts";
import { rotate, type Round, runRound } from "../../bench/round.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { fakeApp } from "./fake-app.ts";

afterAll(cleanUp);

const NOTHING: Round["plan"] = { scenarios: [], additions: 0, fresh: false, engine: false };

/** Runs a round of contenders that only say what they are asked for. */
async function run(plan: Partial<Round["plan"]>, contenders = [{ name: "ours" }, { name: "pip" }]) {
  const calls: string[] = [];
  const measured: string[] = [];
  const { port } = await startFakeRegistry();
  const address = `127.0.0.1:${port}`;
  await runRound({
    ...{ app: await fakeApp(), number: 1, plan: { ...NOTHING, ...plan } },
    contenders: contenders.map((more) => fakeContender(more, calls)),
    registry: {
      ...{ address, storage: await temporaryDirectory() },
      remember: async () => {
        calls.push("remember");
        return async () => void calls.push("restore");
      },
    },
    index: { bytesServed: () => 0 },
    patchBase: async () => void calls.push("patch"),
    onImages: async (images) => {
      calls.push(`${images.size} images`);
      return async () => void calls.push("finish");
    },
    onMeasurement: (measurement) => void measured.push(describe(measurement)),
  });
  return { calls: calls.map((call) => call.replaceAll(`${address}/bench/`, "")), measured };
}

function fakeContender(
  { name, ...more }: Partial<Contender> & Pick<Contender, "name">,
  calls: string[],
): Contender {
  const call = (what: string) => async (image: string) => void calls.push(`${what} ${image}`);
  const act = (what: string) => async (request: BuildRequest) => {
    calls.push(`${what} ${request.image} ${await stateOf(request)}`);
    return [];
  };
  return {
    ...{ name, takesSeeds: false, python: ["python3"], build: act("build"), rebase: act("rebase") },
    ...{ renew: call("renew"), forget: call("forget"), stop: async () => {} },
    ...more,
  };
}

/** "[small==1 heavy==1] # Edited. fresh, seeded by app-ours" */
async function stateOf({ folder, fresh, seed }: BuildRequest): Promise<string> {
  const requirements = await readFile(join(folder, "requirements.txt"), "utf8");
  const source = (await readFile(join(folder, "main.py"), "utf8")).split("\n").filter(Boolean);
  return [
    `[${requirements.trim().replaceAll("\n", " ")}]`,
    ...source,
    ...(fresh === true ? ["fresh"] : []),
    ...(seed === undefined ? [] : [`seeded by ${seed}`]),
  ].join(" ");
}

function describe({ scenario, detail, contender, machine, target }: Measurement): string {
  return [scenario, ...(detail === undefined ? [] : [detail]), contender, machine, target].join(
    " ",
  );
}

/** Has an image without layers for every name. */
async function startFakeRegistry(): Promise<AddressInfo> {
  const server = createServer(({ url = "" }, response) => {
    const manifest = { config: { digest: "sha256:0" }, layers: [] };
    const configuration = { config: {}, rootfs: { diff_ids: [] } };
    response.end(JSON.stringify(url.includes("/manifests/") ? manifest : configuration));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
}

it("has every contender build each state, in turn", async () => {
  const scenarios = SCENARIOS.filter((name) => name !== "second-app" && name !== "seeded");
  const { calls, measured } = await run({ scenarios, additions: 2 });
  expect(calls.filter((call) => !call.includes("pip"))).toEqual([
    "renew app-ours",
    "build app-ours [small==1 heavy==1]",
    "2 images",
    "build app-ours [small==1 heavy==1]",
    "build app-ours [small==1 heavy==1] # Edited.",
    "build app-ours [small==1 heavy==1 one] # Edited.",
    "build app-ours [small==1 heavy==1 one two] # Edited.",
    "build app-ours [small==2 heavy==1 one two] # Edited.",
    "build app-ours [small==2 heavy==2 one two] # Edited.",
    "patch",
    "rebase app-ours [small==2 heavy==2 one two] # Edited.",
    "forget app-ours",
    "finish",
  ]);
  const ofPip = calls.filter((call) => call.includes("pip"));
  expect(ofPip.map((call) => call.replace("pip", "ours"))).toEqual(
    calls.filter((call) => call.includes("ours")),
  );
  expect(measured.slice(0, 6)).toEqual([
    "cold ours warm registry",
    "cold pip warm registry",
    "unchanged ours warm registry",
    "unchanged pip warm registry",
    "edit ours warm registry",
    "edit pip warm registry",
  ]);
  expect(measured).toHaveLength(2 * 8);
});

it("builds a first image in any case, and nothing more that was not asked for", async () => {
  const { calls, measured } = await run({ fresh: true });
  expect(calls).toEqual([
    ...["renew app-ours", "build app-ours [small==1 heavy==1]"],
    ...["renew app-pip", "build app-pip [small==1 heavy==1]"],
    ...["2 images", "forget app-ours", "forget app-pip", "finish"],
  ]);
  expect(measured).toEqual(["cold ours warm registry", "cold pip warm registry"]);
});

it("measures one that takes part in some scenarios in these alone", async () => {
  const only = new Set(["unchanged"] as const);
  const contenders = [{ name: "floor", takesSeeds: true, only }];
  const plan = { scenarios: SCENARIOS, additions: 2, fresh: true, engine: true };
  const { calls, measured } = await run(plan, contenders);
  expect(measured).toEqual([
    "unchanged floor warm registry",
    "unchanged floor fresh registry",
    "unchanged floor warm engine",
  ]);
  expect(calls).toEqual([
    ...["renew app-floor", "build app-floor [small==1 heavy==1]", "1 images"],
    "build app-floor [small==1 heavy==1]",
    ...["remember", "restore", "remember", "restore"],
    "build app-floor [small==2 heavy==2 one two] # Edited. fresh",
    "renew app-floor",
    "build app-floor [small==2 heavy==2 one two] # Edited. fresh",
    ...["patch", "forget app-floor"],
    "renew ml-buildpacks-bench/app-floor",
    "build ml-buildpacks-bench/app-floor [small==1 heavy==1]",
    "build ml-buildpacks-bench/app-floor [small==1 heavy==1]",
    ...["forget ml-buildpacks-bench/app-floor", "finish"],
  ]);
});

it("builds a second app twice, each time in the registry that the first has left", async () => {
  const contenders = [{ name: "ours", takesSeeds: true }, { name: "pip" }];
  const scenarios = ["second-app", "seeded"] as const;
  const { calls, measured } = await run({ scenarios }, contenders);
  const other = "[heavy==1 other] # Another app.";
  expect(calls.slice(5, -3)).toEqual([
    "remember",
    `build app-ours-second-app ${other}`,
    `build app-pip-second-app ${other}`,
    ...["restore", "remember"],
    `build app-ours-seeded ${other} seeded by app-ours`,
    "restore",
  ]);
  expect(measured.slice(2)).toEqual([
    "second-app ours warm registry",
    "second-app pip warm registry",
    "seeded ours warm registry",
  ]);
});

it("begins on a machine without local state each time, with what the registry has", async () => {
  const plan = { scenarios: ["unchanged", "edit", "add"], additions: 1, fresh: true } as const;
  const { calls, measured } = await run(plan, [{ name: "ours" }]);
  expect(calls.slice(6)).toEqual([
    "build app-ours [small==1 heavy==1 one] # Edited. fresh",
    "renew app-ours",
    "build app-ours [small==1 heavy==1 one] # Edited. fresh",
    "renew app-ours",
    "build app-ours [small==1 heavy==1 one] # Edited. # Edited. fresh",
    "renew app-ours",
    "build app-ours [small==1 heavy==1 one fresh] # Edited. # Edited. fresh",
    ...["forget app-ours", "finish"],
  ]);
  expect(measured.slice(4)).toEqual([
    "unchanged ours fresh registry",
    "edit ours fresh registry",
    "add fresh ours fresh registry",
  ]);
});

it("builds into the engine from the app as it was", async () => {
  const plan = { scenarios: ["edit", "add", "upgrade-small"], additions: 2, engine: true } as const;
  const { calls, measured } = await run(plan, [{ name: "ours" }]);
  const image = "ml-buildpacks-bench/app-ours";
  expect(calls.filter((call) => call.includes(image))).toEqual([
    `renew ${image}`,
    `build ${image} [small==1 heavy==1]`,
    `build ${image} [small==1 heavy==1] # Edited.`,
    `build ${image} [small==1 heavy==1 one] # Edited.`,
    `forget ${image}`,
  ]);
  expect(measured.slice(-3)).toEqual([
    "cold ours warm engine",
    "edit ours warm engine",
    "add one ours warm engine",
  ]);
});

it("has another one begin in each round", () => {
  const begin = (by: number) => rotate(["ours", "pip", "uv"], by);
  expect([0, 1, 2, 3].map(begin)).toEqual([
    ["ours", "pip", "uv"],
    ["pip", "uv", "ours"],
    ["uv", "ours", "pip"],
    ["ours", "pip", "uv"],
  ]);
  expect(rotate([], 2)).toEqual([]);
});
