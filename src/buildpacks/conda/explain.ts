import { withoutSecrets } from "../../conda/channel-url.ts";
import { EngineEnded, EngineFailure, EngineMissing } from "../../conda/engine/engine.ts";
import type { EngineError } from "../../conda/engine/protocol.ts";
import { readMatchSpec } from "../../conda/inputs/match-spec.ts";
import type { Line } from "../../conda/inputs/source-text.ts";
import { explainUnsolvable } from "../../conda/engine/complaints.ts";
import { describeEnd } from "../../kit/command.ts";
import type { Failure } from "../../kit/failure.ts";
import { describeOrigin } from "../../kit/origin.ts";
import type { Access } from "./access.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";

/** What explanations need: without `wanted` where a lock is installed again. */
type Explained = Access & Partial<Pick<Asked, "wanted">>;

/** Puts what the engine says into the words of this buildpack. */
export async function withExplanations<Result>(
  asked: Explained,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineMissing) throw failure("engine-missing", {}, error);
    if (error instanceof EngineEnded) {
      const how = describeEnd(error.ended);
      throw failure("engine-ended", { how, output: error.output }, error);
    }
    if (error instanceof EngineFailure) throw explain(error.error, asked, error);
    throw error;
  }
}

function explain(error: EngineError, asked: Explained, cause: unknown): Failure {
  const { kind, message, subject = "", status } = error;
  const { file } = asked;
  switch (kind) {
    case "match-spec":
      return failure(
        "match-spec",
        { spec: subject, where: whereSpec(subject, asked), message },
        cause,
      );
    case "unsolvable": {
      const { wanted } = asked;
      const system = wanted?.kind === "environment" ? wanted.virtualPackages : [];
      const { explanation, advice, names } = explainUnsolvable(error, system);
      const found = foundFor(names, asked);
      return failure("unsolvable", { file, explanation, found, advice }, cause);
    }
    case "channel":
    case "package":
      return explainDownload(error, asked, cause);
    case "digest":
      return failure("digest-differs", { subject, file, isLock: asked.isLock, message }, cause);
    case "link":
      return failure("link-failed", { subject: error.subject, message }, cause);
    case "lock-file":
      return failure("lock-file-unreadable", { file, message }, cause);
    case "other":
      return failure(
        "engine-failed",
        { message: `${message}${status === undefined ? "" : ` (${status})`}` },
        cause,
      );
  }
}

function explainDownload(
  { kind, message, subject = "", status }: EngineError,
  asked: Explained,
  cause: unknown,
): Failure {
  const { file, isLock } = asked;
  const url = subject;
  if (status === 401 || status === 403) {
    const sent = asked.credentials.find(({ host }) => opens(host, url))?.origin;
    return failure("access-denied", { url, status, sent }, cause);
  }
  if (/certificate|UnknownIssuer/i.test(message)) {
    return failure("certificate-unknown", { url, message }, cause);
  }
  if (kind === "channel") {
    if (status === 404)
      return failure("channel-missing", { url, where: whereChannel(url, asked) }, cause);
    const isUnreachable = status !== undefined || CONNECTION.test(message);
    return isUnreachable
      ? failure("unreachable", { url, message }, cause)
      : failure("channel-unreadable", { url, message }, cause);
  }
  if (status === 404 || status === 410) {
    return failure("package-gone", { subject, file, isLock }, cause);
  }
  return status !== undefined || CONNECTION.test(message)
    ? failure("unreachable", { url, message }, cause)
    : failure("package-unreadable", { subject, message }, cause);
}

/** "*.prefix.dev" is for it and all hosts below it. */
function opens(host: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  const [whole, below] = [host.toLowerCase(), host.toLowerCase().replace(/^\*\./, "")];
  return hostname === below || (whole !== below && hostname.endsWith(`.${below}`));
}

const CONNECTION =
  /dns error|connection refused|tcp connect|error sending request|timed out|failed to lookup/i;

/** Where what the packages are asked for was written. */
function foundFor(names: ReadonlySet<string>, { wanted, file }: Explained): readonly string[] {
  if (wanted?.kind !== "environment") return [];
  const isAbout = (spec: string) => names.has(readMatchSpec(spec).name);
  const lines = wanted.lines.filter(({ text }) => isAbout(text));
  const added = wanted.added.filter(({ spec, origin }) => isAbout(spec) && origin.file !== file);
  return [
    ...lines.map((line) => describeLine(file, line)),
    ...added.map(
      ({ spec, origin, text }) => `${spec} follows from ${describeOrigin(origin)}: ${text}`,
    ),
  ];
}

function whereSpec(spec: string, { wanted, file }: Explained): string {
  const { name } = readMatchSpec(spec);
  const lines = wanted?.kind === "environment" ? wanted.lines : [];
  const line =
    lines.find(({ text }) => text === spec) ??
    lines.find(({ text }) => readMatchSpec(text).name === name);
  return line === undefined ? `Found: ${withoutSecrets(spec)}` : describeLine(file, line);
}

function describeLine(file: string, { line, text }: Line): string {
  return `Found in ${describeOrigin({ file, line })}: ${withoutSecrets(text)}`;
}

function whereChannel(url: string, { wanted, file }: Explained): string {
  if (wanted?.kind !== "environment" || !wanted.channels.includes(url)) {
    return `Found: packages of the channel in ${file}`;
  }
  const written = wanted.channelOrigins.get(url);
  return written === undefined
    ? "Found: conda-forge, which nobody has named: the build adds it, and the channel nodefaults keeps it out"
    : `Found in ${describeOrigin(written.origin)}: ${written.text}`;
}
