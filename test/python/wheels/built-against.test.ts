import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/kit/hash.ts";
import { builtAgainstFor, readBuiltAgainst } from "../../../src/python/wheels/built-against.ts";

describe("readBuiltAgainst", () => {
  it("has what earlier buildpacks add, the interpreter, and what the user sets for builds, sorted", () => {
    const env = {
      ML_BUILDPACKS_BUILT_AGAINST: "libpq-dev=17.6-0+deb13u1 libc=2.41",
      ML_BUILDPACKS_PYTHON: "/usr/bin/python3.13",
      CMAKE_ARGS: "-DGGML_BLAS=ON",
      FORCE_CMAKE: "",
      CFLAGS: "-O0",
    };

    expect(readBuiltAgainst(env, lockWith(["demo:debug=a=b"]))).toEqual([
      `CMAKE_ARGS=${digest("-DGGML_BLAS=ON")}`,
      `demo:debug=${digest("a=b")}`,
      "libc=2.41",
      "libpq-dev=17.6-0+deb13u1",
      "python=/usr/bin/python3.13",
    ]);
  });

  it.each(["CPATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH"])(
    "has the search path %s, which reaches compilers",
    (name) => {
      const facts = readBuiltAgainst({ [name]: "/layers/apt/a:/b" }, lockWith([]));

      expect(facts).toEqual([`${name}=${digest("/layers/apt/a:/b")}`, "python="]);
    },
  );

  it("never has a value that a user has written", () => {
    const env = { CMAKE_ARGS: "-DTOKEN=hunter2", LD_LIBRARY_PATH: "/hunter2" };

    const facts = readBuiltAgainst(env, lockWith(["demo:token=hunter2", "demo:x=hunter2"]));

    expect(facts.join("\n")).not.toContain("hunter2");
  });
});

describe("builtAgainstFor", () => {
  const facts = ["demo:debug=sha256:1", "libpq-dev=1:17", "other:x=2", "python=/usr/bin/python3"];

  it("leaves out what is about other packages alone", () => {
    expect(builtAgainstFor(["demo"], facts)).toEqual([
      "demo:debug=sha256:1",
      "libpq-dev=1:17",
      "python=/usr/bin/python3",
    ]);
  });
});

function lockWith(buildArguments: string[]) {
  return { buildArguments, distributions: [] };
}

function digest(value: string): string {
  return `sha256:${sha256(value)}`;
}
