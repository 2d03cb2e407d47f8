import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { type Env, readVariable } from "../../cnb/env.ts";
import { makeDirectory } from "../../cnb/files.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Credential } from "../../kit/credentials.ts";
import { type NetrcEntry, netrcText, parseNetrc, secretsInNetrc } from "../../kit/netrc.ts";
import { describeOrigin } from "../../kit/origin.ts";

/**
 * The credentials as a netrc file that lives as long as the build, together with those that the
 * build's user has; undefined where there are none. Beside it lies what gave them, host by host, for
 * {@link originOfLogin}.
 */
export async function writeNetrc(
  { layersDir, env, log }: Pick<BuildContext, "layersDir" | "env" | "log">,
  credentials: readonly Credential[],
): Promise<string | undefined> {
  const own = await readOwnNetrc(env, log);
  // Programs differ in which of two entries for a host they take.
  const given = new Set(credentials.map(({ host }) => host));
  const others = own.entries.filter(({ machine = "" }) => !given.has(machine));
  if (credentials.length + others.length === 0) return undefined;
  const text = netrcText(credentials) + others.map(entryText).join("");
  for (const secret of secretsInNetrc(text)) log.hide(secret);
  const path = join(layersDir, "credentials", ".netrc");
  await makeDirectory(dirname(path));
  await chmod(dirname(path), 0o700);
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600 });
  const origins = [
    ...credentials.map(({ host, origin }) => [host, describeOrigin(origin)] as const),
    ...others.map(({ machine = DEFAULT }) => [machine, own.file] as const),
  ];
  await writeFile(originsBeside(path), JSON.stringify(Object.fromEntries(origins)));
  return path;
}

/**
 * "the binding internal" or "requirements.txt, line 2": what gave the credentials that are sent to
 * a URL's host; undefined where none are.
 */
export async function originOfLogin(
  netrc: string | undefined,
  url: string,
): Promise<string | undefined> {
  if (netrc === undefined || !URL.canParse(url)) return undefined;
  // A file that somebody else has handed on says no more than it is.
  const text = await readFile(originsBeside(netrc), "utf8").catch(() => "{}");
  const origins = z.record(z.string(), z.string()).parse(JSON.parse(text));
  return origins[new URL(url).hostname] ?? origins[DEFAULT];
}

/** No host's name: the entry `default` of a netrc file is for all others. */
const DEFAULT = "*";

function originsBeside(netrc: string): string {
  return join(dirname(netrc), "origins.json");
}

interface OwnNetrc {
  readonly file: string;
  readonly entries: readonly NetrcEntry[];
}

/** https://everything.curl.dev/usingcurl/netrc.html; pip, uv and others take NETRC for it. */
async function readOwnNetrc(env: Env, log: Pick<BuildContext["log"], "warn">): Promise<OwnNetrc> {
  const named = readVariable(env, "NETRC");
  const home = readVariable(env, "HOME");
  const path = named ?? (home === undefined ? undefined : join(home, ".netrc"));
  const text = path === undefined ? undefined : await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined && named !== undefined) {
    log.warn(`NETRC names ${named}, which the build can't read`);
  }
  const file = named === undefined ? "~/.netrc" : `NETRC (${named})`;
  return { file, entries: text === undefined ? [] : parseNetrc(text) };
}

function entryText({ machine, login, password }: NetrcEntry): string {
  const text = netrcText([{ host: machine ?? "", login, password }]);
  return machine === undefined ? text.replace("machine ", "default") : text;
}
