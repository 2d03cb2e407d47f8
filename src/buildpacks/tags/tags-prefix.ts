import type { Settings } from "../../kit/settings.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { DEFAULT_PREFIX, whyReserved } from "./label-key.ts";

/** What the labels of a tags file begin with. */
export function readTagsPrefix(settings: Settings): {
  readonly text: string;
  readonly problems: readonly Problem[];
} {
  const found = settings.get("BP_TAGS_PREFIX");
  if (found === undefined) return { text: DEFAULT_PREFIX, problems: [] };
  const needed = neededFor(found);
  const problems =
    needed === undefined ? [] : [{ origin: { file: "BP_TAGS_PREFIX" }, line: found, needed }];
  return { text: found, problems };
}

function neededFor(prefix: string): string | undefined {
  if (!prefix.endsWith(".")) {
    return `The prefix ends in a dot, since keys are put right behind it\n${prefix.replace(/[-_/]+$/, "")}.`;
  }
  if (!/^(?:[a-z0-9]+(?:[_-]+[a-z0-9]+)*\.)+$/.test(prefix)) {
    return "A prefix has lower-case letters, digits, '-' and '_', and dots between them: your domain the wrong way round\ncom.example.";
  }
  if (prefix.startsWith("org.opencontainers.")) {
    return "Labels that begin with 'org.opencontainers.' have a meaning of their own; the settings BP_OCI_TITLE, BP_OCI_VERSION, … write them";
  }
  return whyReserved(prefix);
}
