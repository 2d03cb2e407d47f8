import type { Origin } from "./origin.ts";
import type { Problem } from "./wrong-lines.ts";

/** Names that services have for what opens an address: Azure's and Amazon's signatures among them. */
const SECRET_NAME = String.raw`(?:[\w-]*(?:token|secret|password|signature)|api[-_]?key|sig)`;

/**
 * What is needed in place of a URL that holds a secret in its query: addresses are in locks and
 * in the image's metadata. Undefined for any other URL.
 */
export function explainSecretInQuery(url: string): string | undefined {
  const [, name] = new RegExp(String.raw`[?&](${SECRET_NAME})=[^&#]`, "i").exec(url) ?? [];
  return name === undefined
    ? undefined
    : `The parameter ${name} of the address looks like a secret, and addresses are in the image's metadata; give a user name and a password or token in its place, in a binding or before the host (https://\${USER}:\${TOKEN}@host/…), or put the file into the app`;
}

/** A problem for each line of a text with such a URL. */
export function findSecretsInQueries(
  text: string,
  { file }: Pick<Origin, "file">,
): readonly Problem[] {
  return text.split("\n").flatMap((line, index) => {
    const [, url = ""] = ADDRESS.exec(line) ?? [];
    const needed = explainSecretInQuery(url);
    const origin = { file, line: index + 1 };
    return needed === undefined ? [] : [{ origin, line: withoutSecretsInQuery(url), needed }];
  });
}

const ADDRESS = new RegExp(
  String.raw`([a-z][a-z0-9+.-]*://[^\s"'?]*\?(?:[^\s"'#]*&)?${SECRET_NAME}=[^\s"']+)`,
  "i",
);

/** For the log: `?token=abc` becomes `?token=****`; `?token=${TOKEN}` tells nothing. */
export function withoutSecretsInQuery(text: string): string {
  return text.replaceAll(
    new RegExp(String.raw`([?&]${SECRET_NAME}=)(?!\$\{\w+\}(?:[&#\s'"]|$))[^&#\s'"]+`, "gi"),
    "$1****",
  );
}
