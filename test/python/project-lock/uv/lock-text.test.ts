import { describe, expect, it } from "vitest";
import {
  localPackagesIn,
  membersIn,
  registriesIn,
} from "../../../../src/python/project-lock/uv/lock-text.ts";

const LOCK = `version = 1
revision = 3

[manifest]
members = [
    "app",
    "serving",
]

[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://packages.example/simple" }
dependencies = [
    { name = "beta", version = "1.0", source = { registry = "https://other.example/simple" } },
]

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "beta"
version = "1.0"
source = { registry = "https://packages.example/simple" }

[[package]]
name = "gamma"
version = "1.0"
source = { registry = "wheels" }

[[package]]
name = "local"
version = "1.0"
source = { path = "wheels/local-1.0-py3-none-any.whl" }

[[package]]
name = "serving"
source = { editable = "packages/serving" }

[[package]]
name = "shared"
version = "0.1.0"
source = { directory = "../shared" }

[[package]]
name = "tool"
version = "1.0"
source = { git = "https://git.example/tool.git?rev=v1#0123456789012345678901234567890123456789" }
`;

describe.each([
  ["as uv writes it", LOCK],
  ["with the line ends of Windows", LOCK.replaceAll("\n", "\r\n")],
])("a lock %s", (_what, lock) => {
  it("has local packages", () => {
    expect(localPackagesIn(lock)).toEqual([
      { name: "app", kind: "virtual", path: "." },
      { name: "local", kind: "path", path: "wheels/local-1.0-py3-none-any.whl" },
      { name: "serving", kind: "editable", path: "packages/serving" },
      { name: "shared", kind: "directory", path: "../shared" },
    ]);
  });

  it("has indexes with addresses", () => {
    expect(registriesIn(lock)).toEqual(["https://packages.example/simple"]);
  });

  it("has members", () => {
    expect(membersIn(lock)).toEqual(["app", "serving"]);
  });
});

it("has no members without a workspace", () => {
  expect(membersIn("version = 1\n")).toEqual([]);
});
