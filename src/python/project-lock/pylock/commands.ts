interface Commands {
  /** What makes the lock again, and what makes it with newer versions. */
  readonly relock: string;
  readonly upgrade: string;
}

/** Of whoever has written the text of a pylock.toml; pip's for one that is not known. */
export function commandsOf(text: string): Commands {
  const [, maker = ""] = /^created-by\s*=\s*["']([^"']*)["']/m.exec(text) ?? [];
  switch (maker.toLowerCase()) {
    case "uv":
      return commandsOfUv(text);
    case "pdm":
      return { relock: "pdm lock", upgrade: "pdm update" };
    default:
      return { relock: PIP, upgrade: PIP };
  }
}

/** https://pip.pypa.io/en/stable/cli/pip_lock/ */
const PIP = "pip lock -r requirements.txt";

/** uv writes its command into the first lines. https://docs.astral.sh/uv/concepts/projects/export/ */
function commandsOfUv(text: string): Commands {
  const written = /^#\s+(uv (?:export|pip compile)\s.*\S)\s*$/m.exec(text)?.[1];
  const relock = written ?? "uv export --format pylock.toml -o pylock.toml";
  const upgrade = relock.startsWith("uv pip")
    ? `${relock} --upgrade`
    : `uv lock --upgrade && ${relock}`;
  return { relock, upgrade };
}
