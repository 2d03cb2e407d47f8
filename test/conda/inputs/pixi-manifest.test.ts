import { expect, test } from "vitest";
import { pixiDependencies } from "../../../src/conda/inputs/pixi-manifest.ts";

const names = (text: string, subdir = "linux-64") =>
  pixiDependencies({ file: "pixi.toml", lines: text.split("\n") }, subdir).map(
    ({ text: name, line }) => `${line} ${name}`,
  );

const MANIFEST = `[workspace]
channels = ["conda-forge"]

[dependencies] # of conda
python = "3.12.*"
"NumPy" = { version = ">=2" }
# scipy = "*"
mine = { path = "mine" }

[target.linux-64.dependencies]
cuda-version = "12.8.*"
[target.osx-arm64.dependencies]
appnope = "*"

[pypi-dependencies]
six = "*"
[feature.test.dependencies]
pytest = "*"
`;

test("what the default environment asks of channels, with its lines", () => {
  expect(names(MANIFEST)).toEqual(["5 python", "6 numpy", "11 cuda-version"]);
  expect(names(MANIFEST, "linux-aarch64")).toEqual(["5 python", "6 numpy"]);
  expect(names(MANIFEST.replaceAll(/^\[(?!w)/gm, "[tool.pixi."))).toEqual(names(MANIFEST));
});
