import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configureIndexes } from "../../../src/python/uv/index-config.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("the index options become a configuration, the main index last; others stay", async () => {
  const path = join(await temporaryDirectory(), "uv.toml");
  const uvArguments = [
    ...["--index-url", "https://main.example/simple"],
    ...[
      "--extra-index-url",
      "https://first.example",
      "--extra-index-url",
      "https://second.example",
    ],
    ...["--extra-index-url", "https://first.example", "--find-links", "./wheels"],
    ...["--index-strategy", "unsafe-best-match"],
  ];

  const configured = await configureIndexes(uvArguments, path);

  expect(configured).toEqual([
    ...["--config-file", path, "--find-links", "./wheels"],
    ...["--index-strategy", "unsafe-best-match"],
  ]);
  const table = (url: string) =>
    `[[index]]\nurl = "${url}"\n\n  [index.cache-control]\n  api = "max-age=600"\n`;
  expect((await readFile(path, "utf8")).replace("default = true\n", "")).toBe(
    ["https://first.example", "https://second.example", "https://main.example/simple"]
      .map(table)
      .join("\n"),
  );
});

test("without one, PyPI is the main index", async () => {
  const path = join(await temporaryDirectory(), "uv.toml");

  expect(await configureIndexes(["--no-index"], path)).toEqual([
    "--config-file",
    path,
    "--no-index",
  ]);
  expect(await readFile(path, "utf8")).toContain('url = "https://pypi.org/simple"\ndefault = true');
});
