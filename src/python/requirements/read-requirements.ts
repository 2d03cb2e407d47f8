import type { Problem } from "../../kit/wrong-lines.ts";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, relative } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import { withoutUserinfo } from "../../kit/redact.ts";
import {
  type Credential,
  digestWithoutCredentials,
  splitCredential,
} from "../../kit/credentials.ts";
import { decodeRequirements, UnreadableText } from "./decode.ts";
import { type IndexOptions, mergeIndexOptions, NO_INDEX_OPTIONS } from "./index-options.ts";
import { logicalLines } from "./logical-lines.ts";
import { type ParsedOption, parseOptions } from "./option-line.ts";
import { parseRequirementLine, splitOptions } from "./requirement-line.ts";
import type { Origin } from "../../kit/origin.ts";
import { explainSecretInQuery } from "../../kit/query-secrets.ts";
import type { Requirement } from "./requirement.ts";
import { explainWrongLine, foldCondaLists, nearestFile } from "./wrong-lines.ts";

/** All that a set of requirements files asks for. */
export interface RequirementSet {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  /** `-r` and `-c` of https addresses: uv reads them when it resolves. */
  readonly remoteRequirements: readonly string[];
  readonly remoteConstraints: readonly string[];
  readonly options: IndexOptions;
  /** SHA-256 of every file that was read, by path relative to the app. */
  readonly files: ReadonlyMap<string, string>;
  readonly credentials: readonly Credential[];
  /** Worth a line in the log: what has no effect, or is not set. */
  readonly notes: readonly string[];
  /** Whether `${NAME}` of a set variable decided something. */
  readonly usesVariables: boolean;
  readonly problems: readonly Problem[];
}

export interface RequirementsPlace {
  /** What local paths are relative to. */
  readonly appDir: string;
  /** Files relative to the app. */
  readonly requirements: readonly string[];
  readonly constraints?: readonly string[];
  /** Requirements that stand in another kind of file, as a project's dependencies do. */
  readonly dependencies?: { readonly file: string; readonly lines: readonly string[] };
  /** Lines of a requirements file that stand in another kind of file. */
  readonly section?: Section;
  /** The setting that names the files, where one does. */
  readonly namedBy?: string;
  readonly env: Env;
}

/** What is relative in the lines is relative to the file's directory. */
export interface Section {
  /** Relative to the app. */
  readonly file: string;
  /** In the order of the file; without a number where it is not written by hand. */
  readonly lines: readonly { readonly text: string; readonly line?: number | undefined }[];
}

/** Reads requirements files as pip does, with all that they include. Throws for no wrong content. */
export async function readRequirements(place: RequirementsPlace): Promise<RequirementSet> {
  const reader = new Reader(place.appDir, place.env);
  if (place.section !== undefined) await reader.readSection(place.section);
  for (const file of place.requirements) await reader.readNamed(file, place.namedBy ?? file);
  for (const line of place.dependencies?.lines ?? []) {
    await reader.readDependency(line, place.dependencies?.file ?? "");
  }
  for (const file of place.constraints ?? []) await reader.read(file, "constraints", []);
  return reader.result();
}

type Role = "requirements" | "constraints";

class Reader {
  readonly #appDir: string;
  readonly #env: Env;
  readonly #items: Record<Role, Requirement[]> = { requirements: [], constraints: [] };
  readonly #remote: Record<Role, string[]> = { requirements: [], constraints: [] };
  readonly #files = new Map<string, string>();
  readonly #credentials: Credential[] = [];
  readonly #notes = new Set<string>();
  readonly #problems: Problem[] = [];
  #options: IndexOptions = NO_INDEX_OPTIONS;
  #usesVariables = false;
  /** What pip's working directory would be, relative to the app. */
  #base = ".";

  constructor(appDir: string, env: Env) {
    this.#appDir = appDir;
    this.#env = env;
  }

  result(): RequirementSet {
    return {
      requirements: this.#items.requirements,
      constraints: this.#items.constraints,
      remoteRequirements: this.#remote.requirements,
      remoteConstraints: this.#remote.constraints,
      options: this.#options,
      files: this.#files,
      credentials: this.#credentials,
      notes: [...this.#notes],
      usesVariables: this.#usesVariables,
      problems: foldCondaLists(this.#problems),
    };
  }

  async readNamed(named: string, namedBy: string): Promise<void> {
    const place = { origin: { file: namedBy }, line: named };
    const file = isAbsolute(named) ? relative(this.#appDir, named) : normalize(named);
    if (isOutside(file))
      this.#wrong(place, `${named} is outside of the app, which is all that the build sees`);
    else await this.read(file, "requirements", [], place);
  }

  async readDependency(line: string, file: string): Promise<void> {
    await this.#takeRequirement(line, { origin: { file }, line }, "requirements", false);
  }

  async readSection({ file, lines }: Section): Promise<void> {
    this.#base = dirname(file);
    this.#files.set(file, digestWithoutCredentials(JSON.stringify(lines.map(({ text }) => text))));
    for (const { text: whole, line: number } of lines) {
      for (const { text: line } of logicalLines(whole)) {
        const place = { origin: { file, line: number }, line };
        await this.#readLine(this.#expand(line, place.origin), place, "requirements", []);
      }
    }
    this.#base = ".";
  }

  async read(file: string, role: Role, includedFrom: readonly string[], at?: Place): Promise<void> {
    if (includedFrom.includes(file)) {
      const circle = [...includedFrom.slice(includedFrom.indexOf(file)), file].join(" → ");
      this.#wrong(
        at ?? { origin: { file }, line: file },
        `The files include each other in a circle (${circle}); remove one of the lines`,
      );
      return;
    }
    const text = await this.#textOf(file, at);
    if (text === undefined) return;
    for (const { text: line, line: number } of logicalLines(text)) {
      const place = { origin: { file, line: number }, line };
      await this.#readLine(this.#expand(line, place.origin), place, role, [...includedFrom, file]);
    }
  }

  async #textOf(file: string, at: Place | undefined): Promise<string | undefined> {
    const place = at ?? { origin: { file }, line: file };
    let bytes: Buffer;
    try {
      bytes = await readFile(join(this.#appDir, file));
    } catch (error) {
      this.#wrong(place, await this.#whyUnread(file, error));
      return undefined;
    }
    this.#files.set(file, digestWithoutCredentials(bytes));
    try {
      return decodeRequirements(bytes);
    } catch (error) {
      if (!(error instanceof UnreadableText)) throw error;
      this.#wrong(
        { origin: { file }, line: file },
        `The file is not text in ${error.encoding}; save it as UTF-8`,
      );
      return undefined;
    }
  }

  async #whyUnread(file: string, error: unknown): Promise<string> {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EISDIR") return `${file} is a directory; a file is needed`;
    if (code === "EACCES")
      return `${file} may not be read by the build's user; mend its permissions`;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    const present = await readdir(join(this.#appDir, dirname(file))).catch(() => []);
    const near = nearestFile(basename(file), present);
    const hint = near === undefined ? "" : ` Did you mean ${join(dirname(file), near)}?`;
    return `There is no file ${file} in the app${hint === "" ? "; check its spelling (upper and lower case differ) and that it is not ignored" : `.${hint}`}`;
  }

  #expand(line: string, origin: Origin): string {
    return line.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => {
      const value = readVariable(this.#env, name);
      if (value === undefined) {
        this.#notes.add(
          `The variable ${name} in ${origin.file}, line ${origin.line} is not set; it is left as it is`,
        );
        return whole;
      }
      this.#usesVariables = true;
      return value;
    });
  }

  async #readLine(
    line: string,
    place: Place,
    role: Role,
    includedFrom: readonly string[],
  ): Promise<void> {
    if (/^-\s/.test(line)) {
      this.#wrong(place, explainWrongLine(line));
      return;
    }
    if (line.startsWith("-") && !line.startsWith("-----")) {
      const parsed = parseOptions(line);
      if (!parsed.ok) {
        this.#wrong(place, parsed.needed);
        return;
      }
      await this.#takeOptions(parsed.options, place, role, includedFrom);
      return;
    }
    await this.#takeRequirement(line, place, role, false);
  }

  async #takeOptions(
    options: readonly ParsedOption[],
    place: Place,
    role: Role,
    includedFrom: readonly string[],
  ): Promise<void> {
    const editable = options.findIndex(({ name }) => name === "--editable");
    if (editable >= 0) {
      const rest = options.filter((_, index) => index !== editable);
      const text = options[editable]?.value ?? "";
      const settings = rest.filter(
        ({ name }) => name === "--config-settings" || name === "--global-option",
      );
      await this.#takeRequirement(text, place, role, true, settings);
      return;
    }
    for (const option of options) await this.#takeOption(option, place, role, includedFrom);
  }

  async #takeOption(
    { name, value }: ParsedOption,
    place: Place,
    role: Role,
    includedFrom: readonly string[],
  ): Promise<void> {
    const { origin } = place;
    switch (name) {
      case "--requirement":
      case "--constraint":
        return this.#include(
          value,
          place,
          name === "--constraint" ? "constraints" : role,
          includedFrom,
        );
      case "--index-url":
        return this.#setIndex(place, { indexUrl: { value: this.#indexUrl(value, place), origin } });
      case "--extra-index-url":
        return this.#setIndex(place, {
          extraIndexUrls: [{ value: this.#indexUrl(value, place), origin }],
        });
      case "--find-links":
        return this.#findLinks(value, place);
      case "--no-index":
        return this.#set({ noIndex: true });
      case "--pre":
        return this.#set({ pre: true });
      case "--prefer-binary":
        return this.#set({ preferBinary: true });
      case "--require-hashes":
        return this.#set({ requireHashes: true });
      case "--no-binary":
        return this.#set({ noBinary: names(value) });
      case "--only-binary":
        return this.#set({ onlyBinary: names(value) });
      case "--trusted-host":
        return this.#set({ trustedHosts: [value] });
      case "--use-feature":
        this.#notes.add(
          `--use-feature ${value} (${origin.file}, line ${origin.line}) has no effect`,
        );
        return;
      case "--hash":
      case "--config-settings":
      case "--global-option":
        this.#wrong(
          place,
          `${name} follows a requirement in the same line; a line that goes on ends in '\\'`,
        );
        return;
      case "--editable":
        return;
    }
  }

  async #include(
    value: string,
    place: Place,
    role: Role,
    includedFrom: readonly string[],
  ): Promise<void> {
    if (/^https?:\/\//i.test(value)) {
      const secret = explainSecretInQuery(value);
      if (secret !== undefined) this.#wrong(place, secret);
      const { url, credential } = splitCredential(value, place.origin);
      if (credential !== undefined) this.#credentials.push(credential);
      this.#remote[role].push(url);
      return;
    }
    const file = isAbsolute(value)
      ? relative(this.#appDir, value)
      : normalize(join(dirname(place.origin.file), value));
    if (isOutside(file)) {
      this.#wrong(
        place,
        `${value} is outside of the app; copy it into the app and name it relative to ${place.origin.file}`,
      );
      return;
    }
    await this.read(file, role, includedFrom, place);
  }

  #indexUrl(value: string, { origin }: Place): string {
    const { url, credential } = splitCredential(value, origin);
    if (credential !== undefined) this.#credentials.push(credential);
    return url;
  }

  #setIndex(place: Place, options: Partial<IndexOptions>): void {
    const url = options.indexUrl?.value ?? options.extraIndexUrls?.[0]?.value ?? "";
    const secret = explainSecretInQuery(url);
    if (secret !== undefined) this.#wrong(place, secret);
    if (!/^(?:https?|file):\/\/\S+$/i.test(url)) {
      this.#wrong(place, "An index is a URL, for example: https://packages.example.com/simple");
      return;
    }
    this.#set(options);
  }

  async #findLinks(value: string, place: Place): Promise<void> {
    const { origin } = place;
    if (/^https?:\/\//i.test(value)) {
      this.#set({ findLinks: [{ value: this.#indexUrl(value, place), origin }] });
      return;
    }
    const path = value.replace(/^file:(?:\/\/)?/, "");
    // pip looks beside the file first, then in the directory that it was started in.
    const candidates = isAbsolute(path)
      ? [relative(this.#appDir, path)]
      : [normalize(join(dirname(origin.file), path)), normalize(join(this.#base, path))];
    for (const candidate of candidates) {
      if (isOutside(candidate)) continue;
      const stats = await stat(join(this.#appDir, candidate)).catch(() => undefined);
      if (stats === undefined) continue;
      this.#set({ findLinks: [{ value: `./${candidate.replace(/\/$/, "")}`, origin }] });
      return;
    }
    this.#wrong(
      place,
      `There is no directory ${value} in the app; wheels that are installed from a directory must lie in the app`,
    );
  }

  #set(options: Partial<IndexOptions>): void {
    this.#options = mergeIndexOptions(this.#options, { ...NO_INDEX_OPTIONS, ...options });
  }

  async #takeRequirement(
    line: string,
    place: Place,
    role: Role,
    editable: boolean,
    more: readonly ParsedOption[] = [],
  ): Promise<void> {
    const parsed = parseRequirementLine(line, place.origin, {
      editable,
      appDir: this.#appDir,
      base: this.#base,
    });
    if (!parsed.ok) {
      this.#wrong(place, parsed.needed ?? explainWrongLine(line));
      return;
    }
    const { requirement, credential, notes } = parsed;
    for (const note of notes) this.#notes.add(note);
    if (credential !== undefined) this.#credentials.push(credential);
    const settings = more
      .filter(({ name }) => name === "--config-settings")
      .map(({ value }) => value);
    const whole = {
      ...requirement,
      // The line before variables are put in: they may hold secrets.
      text: withoutUserinfo(splitOptions(place.line).head),
      configSettings: [...requirement.configSettings, ...settings],
    };
    const issue = (await this.#pathIssue(whole)) ?? constraintIssue(whole, role);
    if (issue === undefined) this.#items[role].push(whole);
    else this.#wrong(place, issue);
  }

  /** A path that is not there, or holds nothing that can be installed. */
  async #pathIssue({ source }: Requirement): Promise<string | undefined> {
    if (source.kind !== "path") return undefined;
    const absolute = join(this.#appDir, source.path);
    const stats = await stat(absolute).catch(() => undefined);
    if (stats === undefined) {
      const root = this.#base === "." ? "the app's root" : this.#base;
      return `There is no '${source.path}' in the app; local paths are relative to ${root}, whichever file they stand in`;
    }
    if (stats.isFile()) {
      return /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i.test(source.path)
        ? undefined
        : `${source.path} is neither a directory, a wheel nor a source archive; files of requirements are included with -r`;
    }
    const inside = await readdir(absolute);
    return inside.includes("pyproject.toml") || inside.includes("setup.py")
      ? undefined
      : `The directory ${source.path} has neither a pyproject.toml nor a setup.py`;
  }

  #wrong({ origin, line }: Place, needed: string): void {
    this.#problems.push({ origin, line: withoutUserinfo(line), needed });
  }
}

interface Place {
  readonly origin: Origin;
  readonly line: string;
}

function names(value: string): readonly string[] {
  return value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function constraintIssue(requirement: Requirement, role: Role): string | undefined {
  if (role === "requirements") return undefined;
  if (requirement.editable) return "A constraint can't be editable; remove -e, or the line";
  if (requirement.name === undefined) return "A constraint needs a name: name @ URL";
  return requirement.extras.length > 0
    ? "A constraint can't have extras; remove the brackets"
    : undefined;
}

export function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../") || isAbsolute(path);
}
