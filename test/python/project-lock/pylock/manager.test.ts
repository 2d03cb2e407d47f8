import { expect, it } from "vitest";
import { Failure, renderMessage } from "../../../../src/kit/failure.ts";
import { pylockManager } from "../../../../src/python/project-lock/pylock/manager.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const HEAD = 'lock-version = "1.0"\ncreated-by = "pip"\n';
const item = (version: string, rest = "") =>
  `[[packages]]\nname = "Alpha"\nversion = "${version}"\n${rest}\n`;

async function select(text: string) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "pylock.toml": text });
  const manager = await pylockManager(appDir);
  return await manager.select({
    appDir,
    interpreter: { path: "python3", version: "3.13.5", minor: "3.13", recreate: undefined },
    arch: "amd64",
    groups: [],
    extras: [],
    place: { env: {}, cache: appDir, work: appDir, netrc: undefined, placesOf: (url) => [url] },
  });
}

it("installs what is for this platform", async () => {
  const text = HEAD + item("1.0", "marker = \"os_name == 'nt'\"") + item("2.0", 'marker = ""');
  const { packages } = await select(`\uFEFF${text}`);

  expect(packages.map(({ version }) => version)).toEqual(["2.0"]);
});

it.each([
  [
    "two versions",
    HEAD + item("1.0") + item("2.0"),
    "Found: alpha 1.0 and alpha 2.0, both for this Python and platform with these groups and extras",
  ],
  [
    "a marker that is none",
    HEAD + item("1.0", 'marker = "python = 3"'),
    "Found: '= 3' can't be read in: python = 3",
  ],
  [
    "a merge conflict",
    `${HEAD}<<<<<<< HEAD\n`,
    "Found in line 3: The file has an unsolved merge conflict; keep one side and remove the marks.",
  ],
  [
    "another form",
    HEAD + item("1.0", "wheels = 3"),
    "Found: packages Alpha: wheels is not of the expected form.",
  ],
  [
    "another version",
    `${HEAD.replace("1.0", "2.0")}packages = []\n`,
    'Found in line 1: lock-version = "2.0"; those of 1 can be read.',
  ],
])("refuses %s", async (_what, text, found) => {
  const error: unknown = await select(text).catch((reason: unknown) => reason);
  const told = error instanceof Failure ? renderMessage(error.userMessage) : String(error);

  expect(told.split("\n").slice(0, 3)).toEqual(["[Error: pylock.toml can't be read]", "", found]);
});

it.each([
  ["pip", "", "pip lock -r requirements.txt", "pip lock -r requirements.txt"],
  [
    "uv",
    "",
    "uv export --format pylock.toml -o pylock.toml",
    "uv lock --upgrade && uv export --format pylock.toml -o pylock.toml",
  ],
  [
    "uv",
    "#    uv export --no-dev -o pylock.toml\n",
    "uv export --no-dev -o pylock.toml",
    "uv lock --upgrade && uv export --no-dev -o pylock.toml",
  ],
  [
    "uv",
    "#    uv pip compile requirements.in -o pylock.toml\n",
    "uv pip compile requirements.in -o pylock.toml",
    "uv pip compile requirements.in -o pylock.toml --upgrade",
  ],
  ["pdm", "", "pdm lock", "pdm update"],
])("knows how %s makes it again: %j", async (maker, comment, relock, upgrade) => {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "pylock.toml": comment + HEAD.replace("pip", maker) });

  expect(await pylockManager(appDir)).toMatchObject({ relock, upgrade });
});
