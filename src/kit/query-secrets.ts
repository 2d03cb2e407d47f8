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

/** For the log: `?token=abc` becomes `?token=****`; `?token=${TOKEN}` tells nothing. */
export function withoutSecretsInQuery(text: string): string {
  return text.replaceAll(
    new RegExp(String.raw`([?&]${SECRET_NAME}=)(?!\$\{\w+\}(?:[&#\s'"]|$))[^&#\s'"]+`, "gi"),
    "$1****",
  );
}
