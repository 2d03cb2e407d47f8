import { defineFailures } from "../../kit/failure.ts";
import { counted, text } from "../../kit/text.ts";

/** A key (a file) of a binding. */
interface Place {
  readonly binding: string;
  readonly key: string;
}

export const failure = defineFailures<{
  "binding-without-keys": { binding: string };
  "key-empty": Place;
  "key-in-der": Place;
  "key-is-private": Place & { line: number; label: string };
  "key-of-other-kind": Place & { line: number; label: string };
  "key-without-certificate": Place & { bytes: number };
  "certificate-unreadable": Place & { line: number; reason: string };
}>({
  "binding-without-keys": ({ binding }) => ({
    blame: "app",
    title: `The binding ${binding} holds no certificate`,
    body: text`
      Found: type = ca-certificates, and no other key
      Needed: at least one more key (a file) with PEM certificates, such as root-ca.pem
    `,
  }),

  "key-empty": ({ binding, key }) => ({
    blame: "app",
    title: `The key ${key} of the binding ${binding} is empty`,
    body: `Needed: ${NEEDED}`,
  }),

  "key-in-der": ({ binding, key }) => ({
    blame: "app",
    title: `The key ${key} of the binding ${binding} is not in PEM format`,
    body: text`
      Found: a certificate in DER, the binary format
      Needed: ${NEEDED}

      To convert it:

        openssl x509 -inform der -in ${key} -out ${withEnding(key, ".pem")}
    `,
  }),

  "key-is-private": ({ binding, key, line, label }) => ({
    blame: "app",
    title: `The key ${key} of the binding ${binding} holds a private key`,
    body: text`
      Found: -----BEGIN ${label}----- (line ${line})
      Needed: ${NEEDED}, and no private key

      Trusting a certificate does not take its private key. Remove the key from the
      binding; if others could read the binding, replace the key where it is in use.
    `,
  }),

  "key-of-other-kind": ({ binding, key, line, label }) => ({
    blame: "app",
    title: `The key ${key} of the binding ${binding} holds something else than certificates`,
    body: text`
      Found: -----BEGIN ${label}----- (line ${line})
      Needed: ${NEEDED}
    `,
  }),

  "key-without-certificate": ({ binding, key, bytes }) => ({
    blame: "app",
    title: `The key ${key} of the binding ${binding} holds no certificate`,
    body: text`
      Found: ${counted(bytes, "byte")} without a line -----BEGIN CERTIFICATE-----
      Needed: ${NEEDED}

      Every key of such a binding, apart from type and provider, is read as certificates.
    `,
  }),

  "certificate-unreadable": ({ binding, key, line, reason }) => ({
    blame: "app",
    title: `A certificate in the key ${key} of the binding ${binding} can't be read`,
    body: text`
      Found: -----BEGIN CERTIFICATE----- (line ${line}), followed by what is no X.509 certificate
      Needed: ${NEEDED}

      Has it been cut off, or indented when it was copied?
    `,
    details: reason,
  }),
});

const NEEDED = "one or more certificates in PEM (-----BEGIN CERTIFICATE-----)";

function withEnding(name: string, ending: string): string {
  return name.replace(/\.[^.]*$/, "") + ending;
}
