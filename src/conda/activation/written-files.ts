import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../../kit/command.ts";
import { compareTexts } from "../../kit/text.ts";

/** Does work, and finds which files below a directory it has made or changed, relative to it. */
export async function findWritten<Result>(
  directory: string,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly written: readonly string[] }> {
  const own = await mkdtemp(join(tmpdir(), "written-"));
  try {
    const mark = join(own, "mark");
    await writeFile(mark, "");
    await waitForClock(mark);
    const result = await work();
    const { stdout } = await capture(
      "/usr/bin/find",
      [directory, "-cnewer", mark, "!", "-type", "d", "-printf", "%P\\0"],
      { env: { LANG: "C.UTF-8" } },
    );
    const written = stdout.split("\0").filter((path) => path !== "");
    return { result, written: written.sort(compareTexts) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** File systems keep times by the kernel's ticks, some milliseconds long. */
async function waitForClock(mark: string): Promise<void> {
  const { mtimeMs } = await stat(mark);
  const probe = `${mark}-probe`;
  do {
    await writeFile(probe, "");
  } while ((await stat(probe)).mtimeMs <= mtimeMs);
}
