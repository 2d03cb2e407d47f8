import { capture } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";
import { nearest } from "../../kit/text.ts";
import { type Complaint, DebianError } from "../complaint.ts";
import { parseParagraphs } from "../deb822.ts";
import type { LocalDeb } from "../fetch/obtain-debs.ts";
import type { PackageRequest } from "../requests/requests.ts";
import { adviceFor } from "./advice.ts";
import { successionOf } from "./successors.ts";
import type { Workplace } from "./workplace.ts";

/** A request with the name that the archive has for it. */
export interface NamedRequest {
  readonly name: string;
  readonly request: PackageRequest;
}

export interface NamesOptions {
  readonly workplace: Workplace;
  readonly log: Log;
  readonly debs: readonly LocalDeb[];
  readonly snapshot: string | undefined;
}

type Missing = Extract<Complaint, { kind: "unknown-packages" }>["packages"][number];
type Misversioned = Extract<Complaint, { kind: "version-unavailable" }>["packages"][number];

/**
 * Finds each request in the archive: by its name, as what one package provides, or by the name
 * that it has by now. Throws a {@link DebianError} that tells all that are not there.
 */
export async function findNames(
  requests: readonly PackageRequest[],
  options: NamesOptions,
): Promise<readonly NamedRequest[]> {
  const { workplace, log } = options;
  const { stdout } = await capture("apt-cache", ["pkgnames"], { env: workplace.env });
  const present = new Set([...stdout.split("\n"), ...options.debs.map(({ name }) => name)]);
  const providers = await findProviders(
    requests.map(({ name }) => name).filter((name) => !present.has(name)),
    workplace,
  );
  const found: NamedRequest[] = [];
  const missing: Missing[] = [];
  for (const request of requests) {
    const { name: asked, origin, text } = request;
    const result = findName(asked, present, providers.get(asked) ?? []);
    if (result === undefined) {
      missing.push({
        name: asked,
        origin,
        text,
        near: nearNames(asked, present),
        providers: providers.get(asked) ?? [],
        advice: successionOf(asked)?.advice,
      });
      continue;
    }
    if (result.note !== undefined) log.step(result.note);
    found.push({ name: result.name, request });
  }
  if (missing.length > 0) throw new DebianError({ kind: "unknown-packages", packages: missing });
  await checkVersions(found, options);
  for (const { name, request } of found) {
    // Of what is needed whole, somebody knows why.
    const advice = request.whole === true ? undefined : adviceFor(name);
    if (advice !== undefined) log.step(`${name}: ${advice}`);
  }
  return found;
}

/** Misspelt ones first, then longer ones that begin with it, the shortest first. */
function nearNames(asked: string, present: ReadonlySet<string>): readonly string[] {
  const longer = [...present]
    .filter((name) => name.startsWith(asked) || name.startsWith(`lib${asked}`))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return [...new Set([...nearest(asked, present), ...longer])].slice(0, 4);
}

/** The name to install for one that is asked for, and what to tell where it is another. */
export function findName(
  asked: string,
  present: ReadonlySet<string>,
  providers: readonly string[],
): { readonly name: string; readonly note?: string } | undefined {
  if (present.has(asked)) return { name: asked };
  const [provider, ...others] = providers;
  if (provider !== undefined && others.length === 0) {
    return { name: provider, note: `Using ${provider} for ${asked}, which it provides` };
  }
  const { successor, soname } = successionOf(asked) ?? {};
  if (successor === undefined || !present.has(successor)) return undefined;
  return {
    name: successor,
    note: [
      `Using ${successor} for ${asked}, which Debian 13 no longer has`,
      ...(soname === undefined ? [] : [`programs that were built for ${soname} will not find it`]),
    ].join("; "),
  };
}

/** The packages that provide a name which no package has, by that name; sorted. */
async function findProviders(
  names: readonly string[],
  { env }: Workplace,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const { stdout } = await capture("apt-cache", ["--quiet", "showpkg", ...names], { env });
  const providers = new Map<string, readonly string[]>();
  for (const part of stdout.split(/^Package: /m).slice(1)) {
    const [name = ""] = part.split("\n");
    const [, list = ""] = part.split(/^Reverse Provides: *$/m);
    const found = list
      .split("\n")
      .map((line) => line.trim().split(" ")[0] ?? "")
      .filter((provider) => provider !== "");
    providers.set(name.trim(), [...new Set(found)].sort());
  }
  return providers;
}

async function checkVersions(
  found: readonly NamedRequest[],
  { workplace, snapshot }: NamesOptions,
): Promise<void> {
  const wanting = found.flatMap(({ name, request }) =>
    request.version === undefined ? [] : [{ name, request, version: request.version }],
  );
  const versions = await findVersions(
    wanting.map(({ name }) => name),
    workplace,
  );
  const packages: readonly Misversioned[] = wanting.flatMap(({ name, request, version }) => {
    const available = versions.get(name) ?? [];
    const fits = (one: string) =>
      version.endsWith("*") ? one.startsWith(version.slice(0, -1)) : one === version;
    if (available.some(fits)) return [];
    return [{ name, version, available, origin: request.origin, text: request.text }];
  });
  if (packages.length === 0) return;
  const hasSnapshot = snapshot !== undefined;
  throw new DebianError({ kind: "version-unavailable", packages, hasSnapshot });
}

/** Every version that the archive has of some packages, newest first, as apt orders them. */
async function findVersions(
  names: readonly string[],
  { env }: Workplace,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const versions = new Map<string, readonly string[]>();
  if (names.length === 0) return versions;
  const { stdout } = await capture("apt-cache", ["--quiet", "--all-versions", "show", ...names], {
    env,
  });
  for (const fields of parseParagraphs(stdout)) {
    const name = fields.get("package") ?? "";
    const version = fields.get("version") ?? "";
    versions.set(name, [...new Set([...(versions.get(name) ?? []), version])]);
  }
  return versions;
}
