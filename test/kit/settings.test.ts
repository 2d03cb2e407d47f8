import { describe, expect, it } from "vitest";
import { Failure, renderMessage } from "../../src/kit/failure.ts";
import { findNearMisses, Settings } from "../../src/kit/settings.ts";

describe("values", () => {
  it.each([
    ["BP_EMBED_CERTS", "true", true],
    ["BP_EMBED_CERTS", "0", false],
    ["BP_EMBED_CERTS", "", undefined],
    ["BP_EMBED_CERTS", undefined, undefined],
    ["BP_HEAVY_LAYERS", " 12 ", 12],
    ["BP_PIP_REQUIREMENT", "a.txt, b.txt  c.txt", ["a.txt", "b.txt", "c.txt"]],
    ["BP_INDEX_STRATEGY", "First-Index", "first-index"],
    ["BP_CPYTHON_VERSION", "3.12.*", "3.12.*"],
    ["BP_TORCH_INDEX", "default", "default"],
    ["BP_LOCK_MAX_AGE", "90", { days: 90, outcome: "warn" }],
    ["BP_LOCK_MAX_AGE", "30 Fail", { days: 30, outcome: "fail" }],
    ["BP_PACKAGE_MANAGER", "UV", "uv"],
    ["BP_TORCH_INDEX", "https://mirror.example/whl", "https://mirror.example/whl"],
  ] as const)("%s=%s is %j", (name, value, expected) => {
    expect(new Settings({ [name]: value }).get(name)).toEqual(expected);
  });

  it("says what is wrong with a value, and how to write it", () => {
    expect(messageOf(() => new Settings({ BP_EMBED_CERTS: "maybe" }).get("BP_EMBED_CERTS")))
      .toMatchInlineSnapshot(`
        "[Error: The setting BP_EMBED_CERTS has a value that is not understood]

        Found: BP_EMBED_CERTS=maybe
        Needed: true or false

        For example, in project.toml:

          [[io.buildpacks.build.env]]
          name = "BP_EMBED_CERTS"
          value = "true""
      `);
  });

  it.each([
    ["BP_HEAVY_LAYERS", "-1", "a whole number from 0 to 80"],
    ["BP_HEAVY_LAYERS", "200", "a whole number from 0 to 80"],
    ["BP_BUILD_SYSTEM_JOBS", "ten", "a whole number, 0 or more"],
    ["BP_LOG_LEVEL", "loud", "info or debug"],
    ["BP_TORCH_INDEX", "cpu", "an address (https://…) or default"],
    ["BP_PACKAGE_MANAGER", "npm", "conda, uv, poetry, pdm, pipenv or pip"],
    [
      "BP_LOCK_MAX_AGE",
      "a month",
      "a number of days, and 'fail' after it where the build is not to go on",
    ],
  ] as const)("%s=%s needs %s", (name, value, needed) => {
    expect(messageOf(() => new Settings({ [name]: value }).get(name))).toContain(
      `Needed: ${needed}`,
    );
  });
});

describe("near misses", () => {
  it("are told by the buildpack that reads the setting that is meant", () => {
    const env = {
      BP_PIP_REQUIREMENTS: "x",
      BP_CPYTHON_VERSON: "3.12",
      BP_LOG_LEVLE: "debug",
      BP_JVM_VERSION: "21",
    };

    expect(findNearMisses(env, "pip")).toEqual([
      { found: "BP_PIP_REQUIREMENTS", meant: "BP_PIP_REQUIREMENT" },
    ]);
    expect(findNearMisses(env, "python")).toEqual([
      { found: "BP_CPYTHON_VERSON", meant: "BP_CPYTHON_VERSION" },
      { found: "BP_LOG_LEVLE", meant: "BP_LOG_LEVEL" },
    ]);
    expect(findNearMisses(env, "processes")).toEqual([]);
  });

  it.each(["pip", "uv", "poetry", "pdm", "pipenv"])(
    "are told by %s, which alone of its kind takes part",
    (reader) => {
      expect(findNearMisses({ BP_GROUP: "serving" }, reader)).toEqual([
        { found: "BP_GROUP", meant: "BP_GROUPS" },
      ]);
    },
  );
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return renderMessage(error.userMessage);
    throw error;
  }
  throw new Error("nothing was thrown");
}
