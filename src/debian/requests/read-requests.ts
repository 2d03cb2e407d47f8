import type { Problem } from "../../kit/wrong-lines.ts";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import { digestWithoutCredentials, splitCredential } from "../../kit/credentials.ts";
import { explainSecretInQuery } from "../../kit/query-secrets.ts";
import { sha256 } from "../../kit/hash.ts";
import { describeOrigin, type Origin } from "../../kit/origin.ts";
import { withoutUserinfo } from "../../kit/redact.ts";
import type { HandedRequest } from "../handed-requests.ts";
import { decodeText } from "../../kit/decode.ts";
import { type ParsedLine, parseRequestLine } from "./request-line.ts";
import {
  type ArchiveCredential,
  type ArchiveKey,
  type ArchiveSource,
  type DebRequest,
  HANDED,
  type PackageRequest,
  type Requests,
} from "./requests.ts";
import {
  isKeyOfImage,
  type LineAt,
  type ParsedSource,
  parseSourceLine,
  parseSources,
  type SignedBy,
} from "./sources.ts";
import { keyExtension } from "./key.ts";
import { explainPreferences } from "./preferences.ts";
import { explainForeignArchive } from "./wrong-lines.ts";

export interface RequestsPlace {
  readonly appDir: string;
  /** BP_APT_PACKAGES. */
  readonly settings?: readonly string[] | undefined;
  /** BP_APT_SNAPSHOT. */
  readonly snapshot?: string | undefined;
  /** Of other buildpacks. */
  readonly handed?: readonly HandedRequest[] | undefined;
  /** "amd64", "arm64". */
  readonly arch: string;
  /** For `${NAME}` in addresses. */
  readonly env: Env;
}

/** The first of them that is there counts. */
const REQUEST_FILES = ["apt.txt", "Aptfile"];

const SOURCES = "apt.sources.d";
const PREFERENCES = "apt.preferences";

/** Reads all that an app asks of apt. Throws for no wrong content. */
export async function readRequests(place: RequestsPlace): Promise<Requests> {
  const reader = new Reader(place);
  await reader.readRequestFile();
  reader.readSettings();
  reader.readSnapshot();
  reader.readHanded();
  await reader.readSources();
  await reader.readPreferences();
  return reader.result();
}

class Reader {
  readonly #place: RequestsPlace;
  readonly #packages = new Map<string, PackageRequest>();
  readonly #debs = new Map<string, DebRequest>();
  readonly #sources: ArchiveSource[] = [];
  readonly #files = new Map<string, string>();
  readonly #from: string[] = [];
  readonly #credentials: ArchiveCredential[] = [];
  readonly #notes = new Set<string>();
  readonly #problems: Problem[] = [];
  #preferences: string | undefined;
  #snapshot: string | undefined;

  constructor(place: RequestsPlace) {
    this.#place = place;
  }

  result(): Requests {
    return {
      packages: [...this.#packages.values()],
      debs: [...this.#debs.values()],
      sources: this.#sources,
      preferences: this.#preferences,
      snapshot: this.#snapshot,
      files: this.#files,
      from: this.#from,
      credentials: this.#credentials,
      notes: [...this.#notes],
      problems: this.#problems,
    };
  }

  async readRequestFile(): Promise<void> {
    const found: string[] = [];
    for (const file of REQUEST_FILES) {
      if ((await this.#bytesOf(file)) !== undefined) found.push(file);
    }
    const [file, ...others] = found;
    if (file === undefined) return;
    this.#from.push(file);
    for (const other of others) this.#notes.add(`Skipping ${other} because ${file} is there`);
    const text = await this.#textOf(file);
    if (text === undefined) return;
    const lines = text.split("\n");
    for (const [index, raw] of lines.entries()) {
      const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
      if (line !== "") await this.#readLine(line, { file, line: index + 1 }, raw.trim());
    }
    const isEmpty = this.#packages.size + this.#debs.size + this.#problems.length === 0;
    if (isEmpty) this.#notes.add(`Found no packages in ${file}`);
  }

  readSettings(): void {
    const { settings = [], arch } = this.#place;
    const origin = { file: "BP_APT_PACKAGES", kind: "variable" as const };
    if (settings.length > 0) this.#from.push(origin.file);
    for (const word of settings) {
      const parsed = parseRequestLine(word, arch);
      if (parsed.kind === "packages") this.#addPackages(parsed, origin);
      else if (parsed.kind === "deb") {
        this.#wrong(
          { origin, line: word },
          "A variable names packages of an archive only; put files and addresses into apt.txt",
        );
      } else {
        const needed =
          parsed.kind === "wrong" ? parsed.needed : "Sources go into apt.sources.d in the app";
        this.#wrong({ origin, line: word }, needed);
      }
    }
  }

  readSnapshot(): void {
    const { snapshot } = this.#place;
    if (snapshot === undefined) return;
    const [, year, month, day, time] =
      /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}:?\d{2}:?\d{2})Z)?$/.exec(snapshot) ?? [];
    if (year === undefined || Number.isNaN(Date.parse(`${year}-${month}-${day}`))) {
      this.#wrong(
        { origin: { file: "BP_APT_SNAPSHOT" }, line: snapshot },
        "A day or a time (UTC) is needed, for example 2026-11-01 or 20261101T120000Z",
      );
      return;
    }
    this.#snapshot = `${year}${month}${day}T${(time ?? "000000").replaceAll(":", "")}Z`;
  }

  /**
   * An app that names the packages of another archive itself has its own way to them, such as a
   * mirror: the archive is then left out.
   */
  readHanded(): void {
    const { handed = [] } = this.#place;
    const digests: string[] = [];
    for (const { origin, text, packages, whole, archive } of handed) {
      this.#from.push(`${text} (${describeOrigin(origin)})`);
      const own = archive && packages.map((name) => this.#packages.get(name)).find((one) => one);
      if (own !== undefined) {
        this.#notes.add(
          `Skipping the archive of '${text}' because ${own.origin.file} names ${own.name} itself`,
        );
      } else if (archive !== undefined) {
        const { uri, suite, component, key } = archive;
        const content = Buffer.from(key);
        this.#sources.push({
          uris: [uri],
          suites: [suite],
          components: [component],
          key: { file: origin.file, content, extension: ".asc" },
          checksValidity: true,
          origin,
          text,
        });
      }
      for (const name of packages) {
        const first = this.#packages.get(name);
        const isWhole = whole.includes(name) ? { whole: true } : {};
        this.#packages.set(name, { ...(first ?? { name, origin, text }), ...isWhole });
      }
      // Not the place of the word: a line above it changes nothing.
      digests.push(JSON.stringify([packages, whole, own === undefined ? archive : undefined]));
    }
    if (digests.length > 0) this.#files.set(HANDED, sha256(digests.join("\n")));
  }

  async readSources(): Promise<void> {
    for (const name of await this.#namesIn(SOURCES)) {
      const file = `${SOURCES}/${name}`;
      if (name.endsWith(".sources")) {
        const text = await this.#textOf(file);
        if (text === undefined) continue;
        for (const parsed of parseSources(text, { file }, this.#place)) {
          const foreign =
            parsed.kind === "skipped"
              ? undefined
              : explainForeignArchive(stanzaAt(text, parsed.at.origin.line ?? 1));
          if (foreign === undefined || parsed.kind === "skipped") await this.#addSource(parsed);
          else this.#wrong(parsed.at, foreign);
        }
      } else if (name.endsWith(".list")) {
        const text = await this.#textOf(file);
        for (const [index, raw] of (text ?? "").split("\n").entries()) {
          const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
          const origin = { file, line: index + 1 };
          if (line === "") continue;
          const at = { origin, line: raw.trim() };
          const foreign = explainForeignArchive(line);
          if (foreign === undefined) {
            await this.#addSource(parseSourceLine(line, at, this.#place));
          } else this.#wrong(at, foreign);
        }
      } else if (!/^README|\.(?:asc|gpg|md|txt)$|^\./i.test(name)) {
        this.#notes.add(`Skipping ${file} because its name does not end with .sources`);
      }
    }
  }

  async readPreferences(): Promise<void> {
    if ((await this.#bytesOf(PREFERENCES)) === undefined) return;
    const text = await this.#textOf(PREFERENCES);
    if (text === undefined) return;
    this.#problems.push(...explainPreferences(text, PREFERENCES));
    this.#preferences = text;
  }

  async #readLine(line: string, origin: Origin, raw: string): Promise<void> {
    const parsed = parseRequestLine(line, this.#place.arch);
    switch (parsed.kind) {
      case "packages":
        this.#addPackages(parsed, origin);
        break;
      case "deb":
        await this.#addDeb(parsed, origin, line);
        break;
      case "repository":
        await this.#addSource(parseSourceLine(parsed.text, { origin, line: raw }, this.#place));
        break;
      case "wrong":
        this.#wrong({ origin, line: raw }, parsed.needed);
        break;
    }
  }

  #addPackages(parsed: ParsedLine & { kind: "packages" }, origin: Origin): void {
    for (const item of parsed.packages) {
      const request = { ...item, origin };
      const first = this.#packages.get(item.name);
      if (first === undefined) {
        this.#packages.set(item.name, request);
        continue;
      }
      const differ = (key: "version" | "suite") =>
        first[key] !== undefined && item[key] !== undefined && first[key] !== item[key];
      if (differ("version") || differ("suite")) {
        const where = first.origin.line === undefined ? "" : ` on line ${first.origin.line}`;
        this.#wrong(
          { origin, line: item.text },
          `${first.origin.file} asks for '${first.text}'${where}, too; keep one of the two`,
        );
      } else if (item.version !== undefined || item.suite !== undefined) {
        this.#packages.set(item.name, { ...first, ...request });
      }
    }
  }

  async #addDeb(
    { source: raw, sha256: given }: ParsedLine & { kind: "deb" },
    origin: Origin,
    line: string,
  ): Promise<void> {
    const at = { origin, line };
    if (/^https?:/i.test(raw)) {
      const url = this.#takeCredential(raw, at);
      if (url === undefined) return;
      const text = line.replace(raw, url);
      if (given === undefined) {
        this.#wrong(
          { origin, line: text },
          `A file of another place needs its checksum: '${digestCommand(url)}' prints it\n${url} sha256:<the 64 digits>`,
        );
        return;
      }
      const request = { source: { kind: "url", url }, sha256: given, origin, text } as const;
      this.#debs.set(url, request);
      return;
    }
    const path = `./${raw.replace(/^(?:\.\/+)+/, "")}`;
    if (raw.startsWith("/") || path.split("/").includes("..")) {
      this.#wrong(at, "A file of the app is needed: its path relative to the app's directory");
      return;
    }
    const bytes = await this.#bytesOf(path.slice(2));
    if (bytes === undefined) {
      this.#wrong(at, `The app has no file ${path.slice(2)}`);
      return;
    }
    if (bytes.subarray(0, 8).toString("latin1") !== "!<arch>\n") {
      this.#wrong(
        at,
        bytes.subarray(0, 40).toString("latin1").startsWith("version https://git-lfs")
          ? "This is Git LFS's pointer, not the file; run 'git lfs pull' before the build"
          : "The file is not a Debian package",
      );
      return;
    }
    const digest = sha256(bytes);
    this.#files.set(path.slice(2), digest);
    if (given !== undefined && given !== digest) {
      this.#wrong(at, `The file has another checksum: sha256:${digest}`);
      return;
    }
    this.#debs.set(path, {
      source: { kind: "path", path },
      sha256: digest,
      origin,
      text: line,
    });
  }

  async #addSource(parsed: ParsedSource): Promise<void> {
    if (parsed.kind === "wrong") {
      this.#wrong(parsed.at, parsed.needed);
      return;
    }
    if (parsed.kind === "skipped") {
      this.#notes.add(parsed.note);
      return;
    }
    const { at, signedBy, ...source } = parsed;
    const uris = source.uris.map((uri) => this.#takeCredential(uri, at));
    if (uris.some((uri) => uri === undefined)) return;
    const key = signedBy === undefined ? undefined : await this.#readKey(signedBy, at);
    if (signedBy !== undefined && key === undefined) return;
    this.#sources.push({
      uris: uris.filter((uri) => uri !== undefined),
      suites: source.suites,
      components: source.components,
      checksValidity: source.checksValidity,
      origin: at.origin,
      text: withoutUserinfo(at.line),
      ...(key === undefined ? {} : { key }),
    });
  }

  async #readKey(signedBy: SignedBy, at: LineAt): Promise<ArchiveKey | undefined> {
    if (signedBy.kind === "inline") {
      return { file: at.origin.file, content: Buffer.from(signedBy.text), extension: ".asc" };
    }
    const path = signedBy.path.replace(/^(?:\.\/+)+/, "");
    const bytes = isKeyOfImage(path) ? await readFile(path) : await this.#bytesOf(path);
    if (bytes === undefined && (path.startsWith("/") || path.split("/").includes(".."))) {
      this.#wrong(
        at,
        `The key is named by a path that only another machine has; put it into the app, for example as keys/archive.asc, and write\nsigned-by=./keys/archive.asc`,
      );
      return undefined;
    }
    if (bytes === undefined) {
      this.#wrong(at, `The app has no file ${path}, which is to hold the archive's public key`);
      return undefined;
    }
    const extension = keyExtension(bytes);
    if (extension === undefined) {
      this.#wrong(at, `${path} is not a public key of OpenPGP`);
      return undefined;
    }
    this.#files.set(path, sha256(bytes));
    return { file: path, content: bytes, extension };
  }

  /** Undefined where a variable is missing or where none belongs, which is told. */
  #takeCredential(uri: string, at: LineAt): string | undefined {
    if (/\$\{/.test(uri.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1"))) {
      this.#wrong(
        at,
        "Variables are for the user name and the password only (https://${USER}:${TOKEN}@host/…): the rest of an address is in the image's metadata",
      );
      return undefined;
    }
    const secret = explainSecretInQuery(uri);
    if (secret !== undefined) {
      this.#wrong(at, secret);
      return undefined;
    }
    const missing: string[] = [];
    const expanded = uri.replaceAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g, (_, name: string) => {
      const value = readVariable(this.#place.env, name);
      if (value === undefined) missing.push(name);
      return value ?? "";
    });
    if (missing.length > 0) {
      this.#wrong(at, `The build has no variable ${missing.join(", ")}`);
      return undefined;
    }
    const { url, credential } = splitCredential(expanded, at.origin);
    if (credential !== undefined) {
      if (/\s/.test(credential.login + credential.password)) {
        this.#wrong(at, "apt can't use a user name or a password with a blank in it");
        return undefined;
      }
      this.#credentials.push({ ...credential, url });
    }
    return url;
  }

  async #textOf(file: string): Promise<string | undefined> {
    const bytes = await this.#bytesOf(file);
    if (bytes === undefined) return undefined;
    const text = decodeText(bytes);
    const significant = typeof text === "string" ? significantLines(text) : bytes;
    this.#files.set(file, digestWithoutCredentials(significant));
    if (typeof text === "string") return text;
    const { line, found } = text;
    this.#problems.push({
      origin: line === undefined ? { file } : { file, line },
      line: found,
      needed: "The file is not text in UTF-8; save it as UTF-8",
    });
    return undefined;
  }

  async #bytesOf(file: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#place.appDir, file));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code)) return undefined;
      throw error;
    }
  }

  async #namesIn(directory: string): Promise<readonly string[]> {
    const names = await readdir(join(this.#place.appDir, directory)).catch((): string[] => []);
    return names.sort();
  }

  #wrong({ origin, line }: LineAt, needed: string): void {
    this.#problems.push({ origin, line: withoutUserinfo(line), needed });
  }
}

/** A remark is no reason to choose packages anew. */
function significantLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => !line.startsWith("#"))
    .join("\n");
}

/** The stanza that has a line (1 is the first), without its comments. */
function stanzaAt(text: string, line: number): string {
  const lines = text.split("\n");
  const isEmpty = (one: string) => one.trim() === "";
  const start = lines.slice(0, line - 1).findLastIndex(isEmpty) + 1;
  const end = lines.findIndex((one, index) => index >= line && isEmpty(one));
  return lines
    .slice(start, end === -1 ? undefined : end)
    .filter((one) => !one.startsWith("#"))
    .join("\n");
}

function digestCommand(url: string): string {
  return `curl -L ${url} | sha256sum`;
}
