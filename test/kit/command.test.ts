import { describe, expect, it } from "vitest";
import { capture, CommandError, converse, describeEnd, stream } from "../../src/kit/command.ts";
import { createLog } from "../../src/kit/log.ts";
import { compilerEnv, toolEnv } from "../../src/kit/tool-env.ts";

const env = { PATH: "/usr/bin:/bin" };

describe("capture", () => {
  it("gives both outputs", async () => {
    const { stdout, stderr } = await capture("sh", ["-c", "echo out; echo err >&2"], { env });

    expect([stdout, stderr]).toEqual(["out\n", "err\n"]);
  });

  it("inherits nothing", async () => {
    process.env["UV_INDEX_URL"] = "https://stray.example";
    try {
      const { stdout } = await capture("env", [], { env });

      expect(stdout).toBe("PATH=/usr/bin:/bin\n");
    } finally {
      delete process.env["UV_INDEX_URL"];
    }
  });

  it.each([
    ["sh", ["-c", "echo why >&2; exit 3"], "ended with exit code 3"],
    [
      "sh",
      ["-c", "kill -9 $$"],
      "was killed (SIGKILL: often the machine or the container ran out of memory)",
    ],
    ["no-such-program", [], "was not found"],
  ])("says how '%s' ended", async (program, args, words) => {
    const error = await capture(program, args, { env }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(CommandError);
    expect(describeEnd((error as CommandError).ended)).toBe(words);
  });
});

describe("stream", () => {
  it("shows the output line by line and keeps it for the error", async () => {
    const lines: string[] = [];
    const log = createLog({ out: (line) => lines.push(line), err: () => {}, debug: false });

    const error = await stream(log, "sh", ["-c", "echo one; echo two >&2; exit 1"], { env }).catch(
      (thrown: unknown) => thrown,
    );

    expect(lines.sort()).toEqual(["  one\n", "  two\n"]);
    expect((error as CommandError).output).toContain("two");
  });
});

describe("converse", () => {
  it("gives what the program answers, and shows what it tells meanwhile", async () => {
    const lines: string[] = [];
    const log = createLog({ out: (line) => lines.push(line), err: () => {}, debug: false });

    const answer = await converse(log, "sh", ["-c", "echo at work >&2; cat"], { env, input: "?" });

    expect(answer).toBe("?");
    expect(lines).toEqual(["  at work\n"]);
  });
});

it("tells a full disk, whichever program has met it", async () => {
  const full = capture("sh", ["-c", "LC_ALL=C head -c 1 /dev/zero > /dev/full"], { env });

  await expect(full).rejects.toMatchObject({ userMessage: { title: "The disk is full" } });
});

describe("toolEnv", () => {
  const user = {
    PATH: "/bin",
    HTTP_PROXY: "",
    https_proxy: "http://proxy:3128",
    UV_INDEX_URL: "x",
    PYTHONPATH: "/invalid",
    LD_PRELOAD: "/invalid",
    CPATH: "/include",
  };

  it("passes what is named and nothing that is empty", () => {
    expect(toolEnv(user, { UV_OFFLINE: "1" })).toEqual({
      PATH: "/bin",
      https_proxy: "http://proxy:3128",
      LANG: "C.UTF-8",
      UV_OFFLINE: "1",
    });
  });

  it("gives compilers the search paths too", () => {
    expect(compilerEnv(user)).toHaveProperty("CPATH", "/include");
    expect(compilerEnv(user)).not.toHaveProperty("LD_PRELOAD");
  });
});
