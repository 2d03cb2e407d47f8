import { readVariable } from "../../cnb/env.ts";
import { CommandError } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";
import { originOfLogin } from "../access/netrc-file.ts";
import { failure } from "./failures.ts";
import { runTool } from "./run-tool.ts";
import { describeSource, type Source } from "./source.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Checks a commit out into the workplace, with its submodules and, as pip does it, with its history:
 * setuptools-scm counts commits since the last tag. Contents of other commits stay where they are.
 */
export async function checkOut(
  source: Extract<Source, { from: "git" }>,
  { source: directory, downloadEnv: env, root }: Workplace,
  log: Log,
): Promise<void> {
  const git = (...args: string[]) => runTool("git", args, { log, env, cwd: root });
  const here = (...args: string[]) => git("-C", directory, ...args);
  try {
    await git("clone", "--quiet", "--no-checkout", "--filter=blob:none", source.url, directory);
    // A commit of a pull request is in no branch.
    if (!(await succeeds(here("cat-file", "-e", `${source.commit}^{commit}`)))) {
      await here("fetch", "--quiet", "--filter=blob:none", "origin", source.commit);
    }
    await here("checkout", "--quiet", "--detach", source.commit);
    await here("submodule", "--quiet", "update", "--init", "--recursive");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const sent = await originOfLogin(readVariable(env, "NETRC"), source.url);
    const reason = explainGit(error.output, sent);
    const facts = { source: describeSource(source), reason, output: error.output };
    throw failure("git-failed", facts, error);
  }
}

async function succeeds(command: Promise<unknown>): Promise<boolean> {
  return command.then(
    () => true,
    (error: unknown) => {
      if (error instanceof CommandError) return false;
      throw error;
    },
  );
}

/** git's own words, with LC_ALL=C, are stable. `sent` is what gave the credentials that were sent. */
export function explainGit(output: string, sent: string | undefined): string {
  if (DENIED.test(output)) {
    return sent === undefined
      ? `the host asks for credentials ${DOUBT}; give them in a binding of type git, with the keys host and token`
      : `the host refuses the credentials of ${sent} ${DOUBT}; they must be allowed to read the repository, and those that expire have to be renewed`;
  }
  const explained = EXPLANATIONS.find(({ phrase }) => phrase.test(output));
  return explained?.reason ?? "git did not succeed";
}

const DENIED =
  /could not read (?:Username|Password)|Authentication failed|terminal prompts disabled|error: 40[13]/;

const DOUBT = "(GitHub and others do so, too, for a repository that does not exist)";

const EXPLANATIONS: readonly { readonly phrase: RegExp; readonly reason: string }[] = [
  {
    phrase: /cannot run ssh|ssh: (?:not found|command not found)|Permission denied \(publickey/,
    reason: "it is an SSH address, and the build has no SSH keys; use its https:// address",
  },
  { phrase: /Could not resolve (?:host|proxy)/i, reason: "the host's name can't be resolved" },
  {
    phrase: /certificate|SSL|TLS/,
    reason: "the host's certificate is not trusted; bind the certificate of your proxy or server",
  },
  {
    phrase: /Failed to connect|Connection (?:refused|timed out|reset)|unable to access/,
    reason: "the host can't be reached",
  },
  {
    phrase:
      /not our ref|reference is not a tree|bad object|unadvertised object|couldn't find remote ref/i,
    reason: "the repository no longer has this commit; it may have been rewritten",
  },
  {
    phrase: /repository '.*' (?:not found|does not exist)|does not appear to be a git repository/i,
    reason: "there is no such repository",
  },
];
