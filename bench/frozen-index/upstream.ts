import { setTimeout } from "node:timers/promises";
import { reasonOf } from "../../scripts/lib/failure.ts";

/** A request that can't be answered; the message is for the client, without credentials. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** Of HTTP, for the client. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks the index and the archives that everything comes from. Throws a Refusal. */
export interface Upstream {
  /** Of the simple API, without credentials, with a slash at the end. */
  readonly index: string;
  readonly get: (url: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Breaks off what is under way. */
  readonly close: () => void;
}

/** `index`: the simple API's address, which may have a user name and a password. */
export function openUpstream(index: string): Upstream {
  const url = new URL(index.endsWith("/") ? index : `${index}/`);
  const login = url.username === "" ? undefined : basicLogin(url);
  url.username = "";
  url.password = "";
  const controller = new AbortController();
  return {
    index: url.href,
    get: async (asked, headers = {}) => {
      const known = login !== undefined && new URL(asked).host === url.host;
      // What is stored must have the length and the digest that it has been announced with.
      const sent = { "accept-encoding": "identity", ...headers };
      return await getWithPatience(asked, {
        headers: known ? { ...sent, authorization: login } : sent,
        signal: controller.signal,
      });
    },
    close: () => controller.abort(),
  };
}

function basicLogin({ username, password }: URL): string {
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

/** A run takes hours, and one lost packet must not end it. */
async function getWithPatience(url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, init);
      if (response.ok) return response;
      await response.body?.cancel();
      if (response.status < 500 || attempt === ATTEMPTS) {
        const status = response.status === 404 ? 404 : 502;
        throw new Refusal(status, `${url} answered '${response.status} ${response.statusText}'.`);
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (attempt === ATTEMPTS || init.signal?.aborted === true) {
        throw new Refusal(502, `${url} can't be fetched: ${reasonOf(error)}.${proxyHint()}`);
      }
    }
    await setTimeout(500);
  }
}

const ATTEMPTS = 3;

/** https://nodejs.org/api/cli.html#node_use_env_proxy1 */
function proxyHint(): string {
  const { env } = process;
  const names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];
  const found = names.find((name) => env[name] !== undefined && env[name] !== "");
  if (found === undefined || env["NODE_USE_ENV_PROXY"] === "1") return "";
  return ` ${found} is set, which Node.js respects from 22.21 on, with NODE_USE_ENV_PROXY=1.`;
}
