import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { type Server, startServer } from "../../scripts/lib/server.ts";
import { temporaryDirectory } from "../support/temporary.ts";

afterAll(cleanUp);

function shell(script: string, more: Partial<Server> = {}): Server {
  return {
    ...{ name: "The server", program: "sh", args: ["-c", script], env: process.env },
    answers: async () => false,
    remove: async () => {},
    ...more,
  };
}

it("waits until a server answers, and ends it before it removes what it had", async () => {
  const folder = await temporaryDirectory();
  const [ready, over] = [join(folder, "ready"), join(folder, "over")];
  let wasOver: boolean | undefined;
  const stop = await startServer(
    shell(
      `trap 'sleep 0.1; touch ${over}; exit' TERM; touch ${ready}; while :; do sleep 0.05; done`,
      {
        answers: async () => existsSync(ready),
        remove: async () => {
          wasOver = existsSync(over);
        },
      },
    ),
  );
  expect(existsSync(ready)).toBe(true);
  expect(existsSync(over)).toBe(false);
  await stop();
  expect(wasOver).toBe(true);
});

it.each([
  ["ends", shell("echo 'no such option' >&2; exit 3"), "no such option"],
  ["is killed", shell("echo 'no memory' >&2; kill -9 $$"), "no memory"],
  ["is missing", shell("", { program: "/no/such/program" }), "ENOENT"],
])("tells the last words of one that %s", async (_, server, words) => {
  await expect(startServer(server)).rejects.toMatchObject({
    name: "ScriptFailure",
    message: "The server did not start",
    body: expect.stringContaining(words),
  });
});
