import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure } from "../../kit/failure.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { originOfLogin } from "../../python/access/netrc-file.ts";
import { type Complaint, findComplaint } from "../../python/uv/complaints.ts";
import { type IndexAnswer, lookUpProject } from "../../python/uv/index-lookup.ts";
import { PYPI } from "../../python/uv/index-config.ts";
import { newestVersion, pythonsOfTags } from "../../python/uv/releases.ts";
import { normalizeName } from "../../python/lock.ts";
import type { Asked } from "./asked.ts";
import { failure, type There } from "./failures.ts";
import type { Fit } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";
import { fileOf, providedIn, pythonFileOf } from "./provided.ts";

/** A resolution that failed, and what it was made for. */
export interface FailedTask extends LockTask {
  readonly fit: Fit;
}

/** The failure for what uv said, with what only the requirements and the indexes can add. */
export async function explainFailure(
  output: string,
  task: FailedTask,
  cause: unknown,
): Promise<Failure> {
  // The project of ours that says where torch comes from stands for the app's own requirements.
  const complaint = findComplaint(output.replaceAll(OF_OURS, "your requirements"));
  const ofTorch = explainTorchIndex(complaint, task, cause);
  if (ofTorch !== undefined) return ofTorch;
  const ofProvided = explainProvided(complaint, task, cause);
  if (ofProvided !== undefined) return ofProvided;
  const { asked, interpreter, context } = task;
  const python = interpreter.minor;
  const where = (name: string) => whereAsked(asked, name);
  const named = "url" in complaint ? whereIndex(asked, complaint.url) : undefined;
  const pythonFile = pythonFileOf(asked);
  switch (complaint.kind) {
    case "no-such-package":
      return notFound(complaint, task, cause);
    case "no-such-version": {
      const { answers } = await askIndexes(complaint.name, task);
      const files = answers.flatMap(({ answer }) => (answer.kind === "files" ? answer.files : []));
      const newest = newestVersion(normalizeName(complaint.name), files);
      return failure(
        "no-such-version",
        { ...complaint, where: where(complaint.name), newest, there: there(complaint.name, asked) },
        cause,
      );
    }
    case "no-wheel-for-python": {
      const { name, version, tags } = complaint;
      const pythons = pythonsOfTags(tags);
      const facts = { name, version, pythons, python, pythonFile, where: where(name) };
      return failure("no-wheel-for-python", facts, cause);
    }
    case "no-wheel-for-platform": {
      const facts = { ...complaint, where: where(complaint.name), arch: context.target.arch };
      return failure("no-wheel-for-platform", facts, cause);
    }
    case "needs-other-python":
      return failure(
        "needs-other-python",
        { ...complaint, where: where(complaint.name), python, pythonFile },
        cause,
      );
    case "only-source":
      return failure("only-source", { ...complaint, where: where(complaint.name) }, cause);
    case "build-failed":
      return failure("build-failed", { ...complaint, where: whereBuilt(complaint, task) }, cause);
    case "name-differs":
      return failure("name-differs", { ...complaint, where: where(complaint.asked) }, cause);
    case "metadata-differs":
      return failure("metadata-differs", { ...complaint, where: where(complaint.source) }, cause);
    case "git":
      return failure(
        "git",
        {
          ...complaint,
          where: whereRepository(asked, complaint.url),
          sent: await originOfLogin(task.netrc, complaint.url),
        },
        cause,
      );
    case "not-a-requirement":
      return failure(
        "not-a-requirement",
        { ...complaint, where: whereText(asked, complaint.line) },
        cause,
      );
    // Resolving checks no digests of files but those that a URL has; uv's own words tell both.
    case "hash-mismatch":
    case "unknown":
      return failure("unknown", { output }, cause);
    case "build-requirements":
      return failure(complaint.kind, complaint, cause);
    case "conflicting-urls":
      return failure(complaint.kind, complaint, cause);
    case "denied":
      return failure(
        "denied",
        { ...complaint, sent: await originOfLogin(task.netrc, complaint.url) },
        cause,
      );
    case "http-status":
      return failure(complaint.kind, { ...complaint, named }, cause);
    case "interpreter":
      return failure(complaint.kind, complaint, cause);
    case "not-installable":
      return failure(complaint.kind, complaint, cause);
    case "remote-file":
      return failure(complaint.kind, complaint, cause);
    case "tls":
      return failure(complaint.kind, { ...complaint, named }, cause);
    case "unreachable":
      return failure(complaint.kind, { ...complaint, named }, cause);
    case "unsatisfiable": {
      const found = requirementsNamedIn(complaint.explanation, asked);
      return failure("unsatisfiable", { ...complaint, named: found }, cause);
    }
  }
}

const OF_OURS = /ml-buildpacks-dedicated-index(?:==0)?/g;

/** What an index of torch's own says is told with what decides it. */
function explainTorchIndex(
  complaint: Complaint,
  { asked, fit: { dedicated } }: FailedTask,
  cause: unknown,
): Failure | undefined {
  const { base } = asked.torchIndexes;
  if ("url" in complaint && base !== undefined && complaint.url.startsWith(base)) {
    const { url } = complaint;
    const reason = reasonOf(complaint);
    return reason === undefined
      ? undefined
      : failure("torch-index-unreachable", { url, reason }, cause);
  }
  if (dedicated === undefined || !("name" in complaint && "explanation" in complaint))
    return undefined;
  const { name, explanation } = complaint;
  if (!dedicated.packages.includes(normalizeName(name))) return undefined;
  const facts = { name, explanation, url: dedicated.url, where: whereAsked(asked, name) };
  return failure("torch-not-there", facts, cause);
}

/** A package of pip's that does not go together with one that the interpreter has by itself. */
function explainProvided(
  complaint: Complaint,
  task: FailedTask,
  cause: unknown,
): Failure | undefined {
  if (complaint.kind !== "unsatisfiable" && complaint.kind !== "no-such-version") return undefined;
  const explanation = complaint.explanation.replaceAll(
    "your requirements depends on",
    "you require",
  );
  const { asked } = task;
  const provided = providedIn(explanation, task);
  if (asked.provided === undefined || provided.length === 0) return undefined;
  const found = [...provided, ...requirementsNamedIn(explanation, asked)];
  const { provider } = asked.provided;
  return failure(
    "contradicts-provided",
    { explanation, found, provider, file: fileOf(asked) },
    cause,
  );
}

function reasonOf(complaint: Complaint): string | undefined {
  if (complaint.kind === "unreachable") return complaint.reason;
  if (complaint.kind === "http-status") return `HTTP status ${complaint.status}`;
  if (complaint.kind === "denied")
    return `it asks for credentials (HTTP status ${complaint.status}), which BP_TORCH_INDEX may hold: https://user:password@…`;
  return complaint.kind === "tls"
    ? "its certificate is not trusted; give its authority's in a binding of type ca-certificates"
    : undefined;
}

/** "Found in requirements.txt, line 3: numpy==99" */
export function whereAsked({ set }: Asked, name: string): string {
  const wanted = normalizeName(name);
  const found = [...set.requirements, ...set.constraints].find((item) => item.name === wanted);
  return found === undefined
    ? `${name} is not named in the app's files; another package depends on it.`
    : `Found in ${describeOrigin(found.origin)}: ${found.text}`;
}

/** A directory of the app is asked for by its path, and not by the name that its metadata give it. */
function whereBuilt(
  { source, name }: Extract<Complaint, { kind: "build-failed" }>,
  { asked, context: { appDir } }: LockTask,
): string {
  const [, url] = /(file:\/\/\S+)/.exec(source) ?? [];
  if (url === undefined) return whereAsked(asked, name);
  const directory = relative(appDir, fileURLToPath(url)) || ".";
  const { requirements } = asked.set;
  const found = requirements.find(
    (item) => item.source.kind === "path" && item.source.path === directory,
  );
  return found === undefined || found.origin.line === undefined
    ? `${name} is the app's own package, in ${directory === "." ? "its root" : directory}.`
    : `Found in ${describeOrigin(found.origin)}: ${found.text}`;
}

function requirementsNamedIn(explanation: string, { set }: Asked): readonly string[] {
  const words = new Set(explanation.split(/[^A-Za-z0-9._-]+/).map(normalizeName));
  return [...set.requirements, ...set.constraints]
    .filter(({ name }) => name !== undefined && words.has(name))
    .map(({ origin, text }) => `${describeOrigin(origin)}: ${text}`);
}

function whereRepository({ set }: Asked, url: string): string {
  const bare = url.replace(/^git\+/, "");
  const found = set.requirements.find(
    ({ source }) => source.kind === "git" && bare !== "" && source.url.includes(bare),
  );
  return found === undefined
    ? "A package that the app asks for depends on it."
    : `Found in ${describeOrigin(found.origin)}: ${found.text}`;
}

function whereText({ set }: Asked, line: string): string {
  const name = normalizeName(/^[A-Za-z0-9._-]+/.exec(line)?.[0] ?? "");
  const found = set.requirements.find((item) => item.name === name);
  return `Found in ${found === undefined ? "a requirements file" : describeOrigin(found.origin)}:`;
}

/** uv takes an index that asks for credentials for one that does not have the package. */
async function notFound(
  complaint: Extract<Complaint, { kind: "no-such-package" }>,
  task: LockTask,
  cause: unknown,
): Promise<Failure> {
  const { indexes, answers } = await askIndexes(complaint.name, task);
  const denied = answers.find(
    ({ answer }) => answer.kind === "status" && [401, 403, 407].includes(answer.status),
  );
  if (denied !== undefined && denied.answer.kind === "status") {
    const { index, answer } = denied;
    const sent = await originOfLogin(task.netrc, index);
    return failure("denied", { url: index, status: String(answer.status), sent }, cause);
  }
  const where = whereAsked(task.asked, complaint.name);
  const facts = { ...complaint, where, indexes, there: there(complaint.name, task.asked) };
  return failure("no-such-package", facts, cause);
}

function there(name: string, asked: Asked): There | undefined {
  const { provided } = asked;
  const version = provided?.packages.get(normalizeName(name));
  if (provided === undefined || version === undefined) return undefined;
  return { provider: provided.provider, version, file: fileOf(asked) };
}

/** "Found in requirements.txt, line 1: --extra-index-url https://…", for a URL below it. */
function whereIndex({ options }: Asked, url: string): string | undefined {
  const { indexUrl, extraIndexUrls, findLinks } = options;
  const all = [
    ...(indexUrl === undefined ? [] : [{ ...indexUrl, option: "--index-url" }]),
    ...extraIndexUrls.map((one) => ({ ...one, option: "--extra-index-url" })),
    ...findLinks.map((one) => ({ ...one, option: "--find-links" })),
  ];
  const found = all.find(({ value }) => `${url}/`.startsWith(value.replace(/\/*$/, "/")));
  if (found === undefined) return undefined;
  const { origin, option, value } = found;
  // A variable says which option it stands for.
  const what = origin.line === undefined ? value : `${option} ${value}`;
  return `Found in ${describeOrigin(origin)}: ${what}`;
}

async function askIndexes(name: string, { asked, context, netrc }: LockTask) {
  const indexes = indexesOf(asked);
  const project = normalizeName(name);
  const answers = await Promise.all(
    indexes
      .filter((index) => /^https?:/.test(index))
      .map(async (index): Promise<{ index: string; answer: IndexAnswer }> => {
        return { index, answer: await lookUpProject(index, project, { env: context.env, netrc }) };
      }),
  );
  return { indexes, answers };
}

function indexesOf({ options }: Asked): readonly string[] {
  const main = options.noIndex ? [] : [options.indexUrl?.value ?? PYPI];
  const links = options.findLinks.map(({ value }) => value);
  return [...main, ...options.extraIndexUrls.map(({ value }) => value), ...links];
}
