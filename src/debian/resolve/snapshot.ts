/**
 * The same sources as they were at a time: Debian keeps every state of its archives.
 * https://snapshot.debian.org/
 */
export function atSnapshot(
  sources: string,
  time: string,
): { readonly text: string; readonly others: readonly string[] } {
  const others: string[] = [];
  const lines = sources.split("\n").flatMap((line) => {
    if (/^\s*#/.test(line)) return [line];
    let moved = false;
    const text = line.replaceAll(/\bhttps?:\/\/[^\s\]]+/g, (url) => {
      const archive = archiveOf(url);
      if (archive === undefined) {
        others.push(url);
        return url;
      }
      moved = true;
      return `http://snapshot.debian.org/archive/${archive}/${time}/`;
    });
    if (!moved) return [text];
    // Release files of the past have expired by now.
    if (/^URIs:/i.test(text)) return [text, "Check-Valid-Until: no"];
    return [withOption(text, "check-valid-until=no")];
  });
  return { text: lines.join("\n"), others };
}

function archiveOf(url: string): string | undefined {
  const [, host = "", path = ""] = /^https?:\/\/([^/]+)\/(.*?)\/*$/.exec(url) ?? [];
  if (!/(?:^|\.)debian\.org$/.test(host) || host === "snapshot.debian.org") return undefined;
  if (host === "security.debian.org") return "debian-security";
  return ["debian", "debian-security", "debian-debug", "debian-ports"].find(
    (name) => path === name,
  );
}

function withOption(line: string, option: string): string {
  const [, type = "", options, rest = ""] =
    /^(\s*\S+\s+)(?:\[([^\]]*)\]\s*)?(.*)$/.exec(line) ?? [];
  return `${type}[${options === undefined ? "" : `${options.trim()} `}${option}] ${rest}`;
}
