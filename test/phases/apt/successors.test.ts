import { expect, test } from "vitest";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { SUCCESSORS } from "../../../src/debian/resolve/successors.ts";

test("every successor is in Debian 13, and no row takes a name that is still there", async () => {
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const script = "apt-get update >/dev/null && apt-cache pkgnames";
  const names = (
    await readAll(
      engine.cli,
      ["run", "--rm", "--network=host", "--user=0", build, "sh", "-c", script],
      { env: engine.env },
    )
  ).split("\n");
  const present = new Set(names);

  const whole = SUCCESSORS.flatMap(({ successor = "" }) =>
    successor === "" || successor.includes("$") ? [] : [successor],
  );
  const needless = names.filter((name) =>
    SUCCESSORS.some(({ name: pattern, advice }) => advice === undefined && pattern.test(name)),
  );

  expect(present.size).toBeGreaterThan(50_000);
  expect(whole.filter((name) => !present.has(name))).toEqual([]);
  expect(needless).toEqual([]);
});
