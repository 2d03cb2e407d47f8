import { spawn } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import * as z from "zod/mini";
import { askEngine, findEngine } from "../../../scripts/lib/engine.ts";
import { listCacheVolumes } from "../../../scripts/lib/pack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import findSecrets from "./find_secrets.py";
import watchProcesses from "./watch_processes.py";

/** How a secret may be written, by what is told of it. */
export type Spellings = Readonly<Record<string, string>>;

/** As it is, as in URLs, and in base64, also in the middle of a longer text. */
export function spellingsOf(name: string, secret: string): Spellings {
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${"?".repeat(before)}${secret}`).toString("base64");
    // The letters at both ends depend on what stands beside the secret.
    const middle = encoded.replace(/=*$/, "").slice(before === 0 ? 0 : before + 1, -1);
    return [`${name} in base64 (${before})`, middle] as const;
  });
  return {
    [`${name} as it is`]: secret,
    [`${name} in a URL`]: encodeURIComponent(secret),
    ...Object.fromEntries(inBase64),
  };
}

/** Where an image and the caches of its builds have any of them, archives' contents among it. */
export async function findInImageAndCaches(
  reference: string,
  spellings: Spellings,
): Promise<readonly string[]> {
  const engine = await findEngine();
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o755);
  await askEngine(engine, ["pull", "--quiet", reference]);
  await askEngine(engine, ["save", "--output", join(folder, "image.tar"), reference]);
  const volumes = await listCacheVolumes(engine, reference);
  if (volumes.length === 0) throw new Error(`There are no caches of ${reference}`);
  const mounts = [`${folder}:/search/image:ro`].concat(
    volumes.map((volume, index) => `${volume}:/search/cache-${index}:ro`),
  );
  const args = ["run", "--rm", "--interactive", "--user=0", "--entrypoint=python3"];
  const printed = await askEngine(
    engine,
    [
      ...args,
      ...mounts.map((mount) => `--volume=${mount}`),
      BUILD_IMAGE,
      "-c",
      findSecrets,
      "/search",
    ],
    { input: JSON.stringify(spellings) },
  );
  return printed.split("\n").filter(Boolean);
}

const BUILD_IMAGE = "ml-buildpacks/build:cpu";

const sightings = z.object({
  found: z.array(z.tuple([z.string(), z.string(), z.string()])),
  names: z.array(z.string()),
});

export interface Sightings {
  /** "arguments of uv: the token as it is" */
  readonly found: readonly string[];
  /** Of all programs that ran. */
  readonly names: readonly string[];
}

/** Does work, and tells which process of the machine had any of them in its arguments or environment. */
export async function watchingProcesses<Result>(
  spellings: Spellings,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly sightings: Sightings }> {
  const { cli, env } = await findEngine();
  const watch = spawn(
    cli,
    [
      ...["run", "--rm", "--interactive", "--pid=host", "--user=0", "--cap-add=SYS_PTRACE"],
      ...["--entrypoint=python3", BUILD_IMAGE, "-u", "-c", watchProcesses],
    ],
    { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] },
  );
  const chunks: Buffer[] = [];
  watch.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  watch.stdin.write(`${JSON.stringify(spellings)}\n`);
  try {
    const result = await work();
    watch.stdin.end();
    await once(watch, "close");
    const { found, names } = sightings.parse(JSON.parse(Buffer.concat(chunks).toString()));
    const told = found.map(([where, name, spelling]) => `${where} of ${name}: ${spelling}`);
    return { result, sightings: { found: told, names } };
  } finally {
    watch.stdin.end();
  }
}

/** Which of them a text has. */
export function spellingsIn(text: string, spellings: Spellings): readonly string[] {
  return Object.entries(spellings).flatMap(([name, value]) => (text.includes(value) ? [name] : []));
}
