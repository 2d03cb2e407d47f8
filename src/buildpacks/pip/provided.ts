import { describeOrigin } from "../../kit/origin.ts";
import type { Distribution, Lock } from "../../python/lock.ts";
import { offer, type Offered } from "../../python/provided/offered.ts";
import type { Requirement } from "../../python/requirements/requirement.ts";
import type { Asked } from "./asked.ts";
import { wishesOf } from "./demands.ts";
import type { GivenTask, LockTask } from "./obtain-lock.ts";

const NOTHING: Offered = { packages: new Map(), skipped: [] };

/** What the resolution takes as it is, of the packages that the interpreter has by itself. */
export function offeredTo(task: GivenTask): Offered {
  const { provided } = task.asked;
  return provided === undefined ? NOTHING : offer(provided, wishesOf(task));
}

/** The app's own lines that need no package of pip. */
export function tellSkipped({ asked, offered, context: { log } }: LockTask): void {
  const names = new Set(offered.skipped.flatMap(({ name }) => name ?? []));
  for (const name of names) {
    log.step(
      `Skipping ${name} because ${asked.provided?.provider} has ${offered.packages.get(name)}`,
    );
  }
}

/** Packages that lie before those that the interpreter has, whoever asks for them. */
export function warnOfReplaced({ asked, context: { log } }: LockTask, lock: Lock): void {
  const { provided, set } = asked;
  if (provided === undefined) return;
  const { provider, packages } = provided;
  for (const distribution of lock) {
    const { name, version } = distribution;
    const theirs = packages.get(name);
    if (theirs === undefined) continue;
    const found = [...set.requirements, ...set.constraints]
      .filter((one) => one.name === name || isAt(one, distribution))
      .map(({ origin, text }) => `Found in ${describeOrigin(origin)}: ${text}`);
    log.warn(
      `${name} is installed twice, by ${provider} and by pip`,
      [
        ...found,
        `${provider} has ${name} ${theirs}; the app sees pip's${version === undefined ? "" : ` ${version}`} in its place, and so do packages of ${provider} that were made for the other one.`,
        `To have one of them, write what is needed under 'dependencies:' of ${fileOf(asked)}, and remove it from what pip is asked for.`,
      ].join("\n"),
    );
  }
}

/** Only the source tells the name of what is asked for without one. */
function isAt({ source }: Requirement, distribution: Distribution): boolean {
  switch (distribution.from) {
    case "directory":
      return source.kind === "path" && source.path === distribution.path;
    case "git":
    case "url":
      return "url" in source && source.url.includes(distribution.url);
    case "sdist":
    case "wheel":
      return false;
  }
}

/** Where the provider reads what it installs. */
export function fileOf({ source }: Asked): string {
  return source.kind === "handed" ? source.file : "environment.yml";
}

/** The file that says which Python the app has, where it comes with another package manager's packages. */
export function pythonFileOf(asked: Asked): string | undefined {
  return asked.source.kind === "handed" || asked.provided !== undefined ? fileOf(asked) : undefined;
}

/** What the interpreter has of the packages that an explanation names. */
export function providedIn(explanation: string, { offered, asked }: LockTask): readonly string[] {
  const words = new Set(explanation.split(/[^a-z0-9-]+/));
  return [...offered.packages]
    .filter(([name]) => words.has(name))
    .map(([name, version]) => `${asked.provided?.provider}: ${name} ${version}`);
}
