import { expect, it } from "vitest";
import { parseToml } from "../../../../src/cnb/toml.ts";
import {
  judgeLock,
  type LockOrigin,
} from "../../../../src/python/project-lock/poetry/content-hash.ts";

const CLASSIC = `
[tool.poetry]
name = "app"
version = "1.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.11"
"Zope.Interface" = { version = "*", extras = ["b", "a"], optional = true }

[tool.poetry.extras]
web = ["Zope.Interface"]

[tool.poetry.group.dev.dependencies]
iniconfig = ">=1"
`;

const OLD = `
[tool.poetry]
name = "app"
version = "1.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.8"
six = "^1.16"
`;

const STANDARD = `
[project]
name = "app"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["six"]

[project.optional-dependencies]
web = ["idna ; python_version < '4' and extra != 'é'"]

[dependency-groups]
dev = ["iniconfig", { include-group = "lint" }]
lint = []
`;

// Computed by Poetry 1.8.5, 1.1.15, 2.2.1 and 2.5.1.
const HASHES = {
  classic: "244a60dd6a4cc155c44dedbc056f060dfaded990150d26487666ee5445705d8a",
  old: "38f54cd1b8a936792e3f251d6acf8f15f8476f8165150f1509adbc75c108d2d1",
  withoutGroups: "61d8ca9d93a0014271b6cd883572834f954943573e80606708d928a54410c775",
  withGroups: "50a451dc43a3e6dc9ad34bf4ad2935c6be46e19b14c5b5e3dca4ef7f25ac51fd",
};

const by = (generator: string | undefined, contentHash: string | undefined): LockOrigin => ({
  generator,
  lockVersion: generator?.startsWith("2") === true ? "2.1" : "2.0",
  contentHash,
});

it.each([
  ["a project of Poetry 1", CLASSIC, by("1.8.5", HASHES.classic), "fresh"],
  ["the same by Poetry 2", CLASSIC, by("2.5.1", HASHES.classic), "fresh"],
  ["one without a header", OLD, by(undefined, HASHES.old), "fresh"],
  ["groups since Poetry 2.3", STANDARD, by("2.5.1", HASHES.withGroups), "fresh"],
  ["no groups before", STANDARD, by("2.2.1", HASHES.withoutGroups), "fresh"],
  ["no groups since Poetry 2.3", STANDARD, by("2.3.0", HASHES.withoutGroups), "stale"],
  // Poetry 1 did not look at [project].
  ["a table that was not looked at", STANDARD + OLD, by("1.8.5", HASHES.old), "fresh"],
  ["a table that is looked at", STANDARD + OLD, by("2.0.0", HASHES.old), "stale"],
  ["another project", OLD, by("1.8.5", HASHES.classic), "stale"],
  ["no hash", OLD, by("1.8.5", undefined), "stale"],
  ["a newer Poetry", OLD, by("2.6.0", HASHES.classic), "unknown"],
  ["a newer Poetry of the same way", OLD, by("3.0.0", HASHES.old), "fresh"],
  ["a header without a version", OLD, by("maintainers", HASHES.classic), "stale"],
])("%s", (_what, text, origin, expected) => {
  expect(judgeLock(origin, parseToml(text))).toBe(expected);
});
