import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBindings } from "../../../src/cnb/bindings.ts";
import { readBoundCertificates } from "../../../src/buildpacks/ca-certificates/bound-certificates.ts";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { createLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { ROOT_ONE, ROOT_TWO } from "./certificates.ts";

const DER = Buffer.from(ROOT_ONE.replaceAll(/-----[^-]+-----|\n/g, ""), "base64");

describe("the certificates of bindings", () => {
  it("come from every key of every binding of the type, each once", async () => {
    const { subjects, output } = await read({
      "company/type": "CA-Certificates\n",
      "company/root.pem": ROOT_ONE,
      "company/both.pem": ROOT_ONE + ROOT_TWO,
      "proxy/type": "ca-certificates",
      "proxy/ca": ROOT_TWO,
      "index/type": "pypi",
      "index/password": "secret",
    });

    expect(subjects).toEqual(["Example Root one", "Example Root two"]);
    expect(output).toMatchInlineSnapshot(`
      "Found Example Root one and Example Root two (from the binding company, both.pem)
      Found Example Root one (from the binding company, root.pem)
      Found Example Root two (from the binding proxy, ca)
      "
    `);
  });

  it("are the same text whatever line endings, byte order mark and remarks surround them", async () => {
    const plain = await read({ "a/type": "ca-certificates", "a/x": ROOT_ONE });
    const windows = await read({
      "a/type": "ca-certificates",
      "a/x": `\uFEFF# the company's root\r\n${ROOT_ONE.replaceAll("\n", "\r\n")}`,
    });

    expect(windows.pems).toEqual(plain.pems);
    expect(plain.pems).toEqual([ROOT_ONE]);
  });

  it("have the same order whatever the names of bindings and keys", async () => {
    const one = await read({ "a/type": "ca-certificates", "a/x": ROOT_ONE, "a/y": ROOT_TWO });
    const other = await read({ "b/type": "ca-certificates", "b/x": ROOT_TWO, "b/y": ROOT_ONE });

    expect(one.pems).toEqual(other.pems);
  });

  it("are named in a warning where they have expired", async () => {
    const { output } = await read(
      { "a/type": "ca-certificates", "a/x": ROOT_ONE },
      new Date("2200-01-01"),
    );

    expect(output).toMatchInlineSnapshot(`
      "Found Example Root one (from the binding a, x)

      [Warning: 1 bound certificate has expired]
      - Example Root one (on 2126-10-28)
      Programs will not trust what they have signed.
      "
    `);
  });
});

describe("a binding is refused", () => {
  it("where it has no key", async () => {
    expect(await refusalOf(undefined)).toMatchInlineSnapshot(`
      "[Error: The binding company holds no certificate]

      Found: type = ca-certificates, and no other key
      Needed: at least one more key (a file) with PEM certificates, such as root-ca.pem"
    `);
  });

  it("where a key is empty", async () => {
    expect(await refusalOf(" \n")).toMatchInlineSnapshot(`
      "[Error: The key root.crt of the binding company is empty]

      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)"
    `);
  });

  it("where a key holds a certificate in DER", async () => {
    expect(await refusalOf(DER)).toMatchInlineSnapshot(`
      "[Error: The key root.crt of the binding company is not in PEM format]

      Found: a certificate in DER, the binary format
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)

      To convert it:

        openssl x509 -inform der -in root.crt -out root.pem"
    `);
  });

  it("where a key holds a private key", async () => {
    expect(
      await refusalOf(
        `${ROOT_ONE}-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n`,
      ),
    ).toMatchInlineSnapshot(`
      "[Error: The key root.crt of the binding company holds a private key]

      Found: -----BEGIN EC PRIVATE KEY----- (line 13)
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----), and no private key

      Trusting a certificate does not take its private key. Remove the key from the
      binding; if others could read the binding, replace the key where it is in use."
    `);
  });

  it("where a key holds PKCS #7", async () => {
    expect(await refusalOf("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n"))
      .toMatchInlineSnapshot(`
      "[Error: The key root.crt of the binding company holds something else than certificates]

      Found: -----BEGIN PKCS7----- (line 1)
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)"
    `);
  });

  it("where a key holds a password", async () => {
    expect(await refusalOf("correct horse battery staple")).toMatchInlineSnapshot(`
      "[Error: The key root.crt of the binding company holds no certificate]

      Found: 28 bytes without a line -----BEGIN CERTIFICATE-----
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)

      Every key of such a binding, apart from type and provider, is read as certificates."
    `);
  });

  it("where a key holds a certificate that is cut off", async () => {
    expect(await refusalOf(ROOT_ONE.slice(0, 200))).toMatchInlineSnapshot(`
      "[Error: A certificate in the key root.crt of the binding company can't be read]

      Found: -----BEGIN CERTIFICATE----- (line 1), followed by what is no X.509 certificate
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)

      Has it been cut off, or indented when it was copied?

      Details:
      error:04800066:PEM routines::bad end line"
    `);
  });

  it("where a key holds something else as a certificate", async () => {
    expect(await refusalOf(ROOT_ONE.replace("MII", "AAA"))).toMatchInlineSnapshot(`
      "[Error: A certificate in the key root.crt of the binding company can't be read]

      Found: -----BEGIN CERTIFICATE----- (line 1), followed by what is no X.509 certificate
      Needed: one or more certificates in PEM (-----BEGIN CERTIFICATE-----)

      Has it been cut off, or indented when it was copied?

      Details:
      error:068000A8:asn1 encoding routines::wrong tag"
    `);
  });
});

async function refusalOf(content: string | Uint8Array | undefined): Promise<string> {
  const key = content === undefined ? {} : { "company/root.crt": content };
  const reading = read({ "company/type": "ca-certificates", ...key });
  const error: unknown = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Failure ? renderMessage(error.userMessage) : String(error);
}

async function read(files: Record<string, string | Uint8Array>, now = new Date("2026-01-01")) {
  const platform = await temporaryDirectory();
  await writeFiles(join(platform, "bindings"), files);
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const log = createLog({ out: write, err: write, debug: false });
  const certificates = await readBoundCertificates(await readBindings(platform), log, now);
  const pems = certificates.map(({ pem }) => pem);
  const subjects = certificates.map(({ subject }) => subject).sort();
  return { pems, subjects, output };
}
