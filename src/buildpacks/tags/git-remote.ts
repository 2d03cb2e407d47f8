/** Where the remote `origin` of a `.git/config` is, for people and programs elsewhere. */
export function originAddress(config: string): string | undefined {
  const url = originUrl(config);
  return url === undefined ? undefined : publicAddress(url);
}

/** The first `url`, from which git fetches. https://git-scm.com/docs/git-config#_syntax */
function originUrl(config: string): string | undefined {
  let isOrigin = false;
  for (const line of config.split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) isOrigin = /^\s*\[\s*remote\s+"origin"\s*\]/i.test(line);
    const [, value] = /^\s*url\s*=\s*(.*)$/i.exec(line) ?? [];
    if (isOrigin && value !== undefined) return unquoted(value);
  }
  return undefined;
}

function unquoted(value: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"/.exec(value) ?? [];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
  return value.replace(/\s*[#;].*$/, "").trim();
}

/**
 * An https address without credentials, and without the ending `.git`, so that checkouts by https
 * and by ssh give the same label. Undefined for what means nothing on another machine: paths, and
 * names without a dot, which are those of ssh's own configuration.
 */
function publicAddress(url: string): string | undefined {
  const [, host, path] = SSH_URL.exec(url) ?? SCP.exec(url) ?? [];
  if (host !== undefined && path !== undefined) {
    return host.includes(".") ? withoutEnding(`https://${host}/${path}`) : undefined;
  }
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, host: place, pathname } = new URL(url);
  // A password with a "/" of its own would end there.
  if (pathname.includes("@")) return undefined;
  return withoutEnding(`${protocol}//${place}${pathname}`);
}

/** The port is ssh's. */
const SSH_URL = /^(?:ssh|git|git\+ssh):\/\/(?:[^/@]*@)?([\w.-]+)(?::\d+)?\/([^?#@]+)$/i;

/** `git@host:path`. One letter is a drive of Windows. */
const SCP = /^(?:[^\s/:@]+@)?([\w.-]{2,}):(?!\/\/)\/?([^\s?#@]+)$/;

function withoutEnding(address: string): string {
  return address.replace(/\/+$/, "").replace(/\.git$/, "");
}
