import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { tellSharedNames } from "../../../src/buildpacks/pip/shared-names.ts";
import { createLog } from "../../../src/kit/log.ts";
import type { Lock } from "../../../src/python/lock.ts";
import { NO_INDEX_OPTIONS } from "../../../src/python/requirements/index-options.ts";
import type { IndexStrategy } from "../../../src/python/requirements/uv-input.ts";
import { hardwareOf } from "../../accelerator/support.ts";

const origin = { file: "PIP_EXTRA_INDEX_URL" };

it("tells in one line where an index has most packages of another", async () => {
  const { said, asked } = await tell({ names: 14, shared: () => true });

  expect(said).toMatchInlineSnapshot(`
    "
    [Warning: More than one index has 14 packages by the same name]
    - 14 of 14 packages: https://packages.example/main and https://packages.example/extra have their names. One seems to be a mirror of another.
    - Among them: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, …
    The newest version of all indexes is taken, so that whoever publishes under such a name on one of them decides what is installed. With BP_INDEX_STRATEGY=first-index a package comes from the first index that has its name: https://packages.example/extra, then https://packages.example/main. Where one index has all packages, name it alone, with PIP_INDEX_URL.
    "
  `);
  expect(asked).toBe(14);
});

it("tells nothing where no other index has a name", async () => {
  expect((await tell({ names: 3, shared: () => false })).said).toBe("");
});

it.each([
  ["the mirror of PyTorch's indexes", (base: string) => `${base}/torch/cpu`],
  ["PyTorch's own", () => "https://download.pytorch.org/whl/cpu"],
])("asks nobody where the other index is %s", async (_what, extra) => {
  expect(await tell({ names: 3, shared: () => true, extra })).toEqual({ said: "", asked: 0 });
});

it("asks nobody where the first index counts alone", async () => {
  const strategy = "first-index";

  expect(await tell({ names: 3, shared: () => true, strategy })).toEqual({ said: "", asked: 0 });
});

/** Packages of one index, and what is told where another has some of them. */
async function tell({
  names,
  shared,
  extra = (base: string) => `${base}/extra`,
  strategy = "best-match",
}: {
  readonly names: number;
  readonly shared: (name: string) => boolean;
  readonly extra?: (base: string) => string;
  readonly strategy?: IndexStrategy;
}) {
  let asked = 0;
  const server = createServer(({ url = "" }, response) => {
    asked += 1;
    response.writeHead(shared(url) ? 200 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lock: Lock = Array.from({ length: names }, (_, index) => ({
    ...{ from: "wheel", name: `p${index}`, version: "1.0", sha256: "0" },
  }));
  const lines: string[] = [];
  const print = (text: string) => void lines.push(text);
  await tellSharedNames(
    {
      asked: {
        options: {
          ...NO_INDEX_OPTIONS,
          indexUrl: { value: `${base}/main`, origin },
          extraIndexUrls: [{ value: extra(base), origin }],
        },
        strategy,
        hardware: hardwareOf("cpu"),
        torchIndexes: { base: `${base}/torch`, isMirror: true, credentials: [] },
      },
      context: {
        env: { PATH: process.env["PATH"] },
        log: createLog({ out: print, err: print, debug: false }),
      },
      netrc: undefined,
    },
    lock,
  );
  return { said: lines.join("").replaceAll(base, "https://packages.example"), asked };
}
