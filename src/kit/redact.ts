import { withoutSecretsInQuery } from "./query-secrets.ts";

/**
 * Texts that must never be printed, the userinfo of every URL and secrets in its query. Applied where text leaves the
 * process (log and error printer), so that no call site can forget it.
 */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Hides a secret in all its spellings: as it is, URL-encoded and in base64. */
  hide(secret: string): void {
    // Shorter ones would black out ordinary words.
    if (secret.length < 4) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
    this.#secrets.add(Buffer.from(secret).toString("base64"));
  }

  redact(text: string): string {
    let result = withoutSecretsInQuery(withoutUserinfo(text));
    for (const secret of this.#secrets) result = result.replaceAll(secret, "****");
    return result;
  }
}

/**
 * `https://user:token@host/` becomes `https://****@host/`; `https://${TOKEN}@host/` tells nothing,
 * nor does the user of an SSH URL without a password.
 */
export function withoutUserinfo(text: string): string {
  const usual = text.replaceAll(
    // A password with a "/" or "#" of its own: what follows the ":" is no port.
    /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@:'"]*:(?!\d*(?:[/?#\s'"]|$))[^\s@'"]*[/?#][^\s'"]*@/gi,
    "$1****@",
  );
  // To the last @ before the path: people write a password's own @ without encoding it.
  return usual.replaceAll(
    /([a-z][a-z0-9+.-]*:\/\/)(?!(?:\$\{\w+\}:?)+@)(?<!ssh:\/\/(?=[^:@\s]+@))[^\s/?#'"]+@/gi,
    "$1****@",
  );
}
