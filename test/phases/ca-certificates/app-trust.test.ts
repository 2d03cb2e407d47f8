import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import joinRoots from "../../../src/buildpacks/ca-certificates/layers/join-roots.sh";
import { ROOT_ONE } from "../../buildpacks/ca-certificates/certificates.ts";

const LAYER = "/layers/ml-buildpacks_ca-certificates/app-trust";

let engine: Engine;
let runImage: string;
let layer: string;

beforeAll(async () => {
  engine = await findEngine();
  runImage = (await prepareStack(engine, "cpu")).run;
  layer = await makeTemporaryFolder();
  await writeFile(join(layer, "certificates.pem"), ROOT_ONE);
  await mkdir(join(layer, "exec.d"));
  await writeFile(join(layer, "exec.d", "join-roots"), joinRoots);
  await chmod(join(layer, "exec.d", "join-roots"), 0o755);
});

afterAll(cleanUp);

describe("what the app is told when it starts", () => {
  it("is a file with the base image's roots and the bound certificates", async () => {
    const output = await start(
      [],
      `
      start
      file=$(sed -n "s/^SSL_CERT_FILE = '\\(.*\\)'/\\1/p" /tmp/told)
      cat /etc/ssl/certs/ca-certificates.crt ${LAYER}/certificates.pem | cmp - $file && echo both
      python3 -c 'import ssl, sys; print(len(ssl.create_default_context(cafile=sys.argv[1]).get_ca_certs()) > 100)' $file
    `,
    );

    expect(withoutSum(output)).toMatchInlineSnapshot(`
      "SSL_CERT_FILE = '/tmp/ca-certificates-1000/<sum>.pem'
      REQUESTS_CA_BUNDLE = '/tmp/ca-certificates-1000/<sum>.pem'
      CURL_CA_BUNDLE = '/tmp/ca-certificates-1000/<sum>.pem'
      NODE_EXTRA_CA_CERTS = '/tmp/ca-certificates-1000/<sum>.pem'
      GIT_SSL_CAINFO = '/tmp/ca-certificates-1000/<sum>.pem'
      PIP_CERT = '/tmp/ca-certificates-1000/<sum>.pem'
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = '/tmp/ca-certificates-1000/<sum>.pem'
      both
      True"
    `);
  });

  it("works in a read-only container, as any user", async () => {
    const output = await start(["--read-only", "--tmpfs=/tmp", "--user=12345"], "start");

    expect(withoutSum(output)).toContain("SSL_CERT_FILE = '/tmp/ca-certificates-12345/<sum>.pem'");
  });

  it("is one file, however often a process is started", async () => {
    const output = await start([], "start; start; start; ls /tmp/ca-certificates-* | wc -l");

    expect(output.trim().split("\n").at(-1)).toBe("1");
  });

  it("goes to shared memory where there is no other place", async () => {
    const output = await start(["--read-only", "--user=12345"], "start");

    expect(output).toContain("SSL_CERT_FILE = '/dev/shm/ca-certificates-12345/");
  });

  it("keeps to the certificates alone where nothing can be written", async () => {
    const options = ["--read-only", "--tmpfs=/dev/shm:ro", "--user=12345"];

    expect(await start(options, "start")).toMatchInlineSnapshot(`
      "ca-certificates: no writable directory (tried $TMPDIR, /tmp, /dev/shm and $HOME): programs that use OpenSSL's or Node.js's settings trust the certificates of the binding, others (requests, pip, gRPC) do not
      SSL_CERT_FILE = '/layers/ml-buildpacks_ca-certificates/app-trust/certificates.pem'
      SSL_CERT_DIR = '/etc/ssl/certs'
      NODE_EXTRA_CA_CERTS = '/layers/ml-buildpacks_ca-certificates/app-trust/certificates.pem'"
    `);
  });

  it("leaves alone what the user has set", async () => {
    const output = await start(
      ["--env=SSL_CERT_FILE=/mine.pem", "--env=PIP_CERT=/mine.pem"],
      "start",
    );

    expect(output).toContain("CURL_CA_BUNDLE");
    expect(output).not.toMatch(/SSL_CERT_FILE|PIP_CERT/);
  });

  it("is not a folder that somebody else has made", async () => {
    const steps =
      "mkdir /tmp/ca-certificates-1000; chmod 777 /tmp/ca-certificates-1000; setpriv --reuid=1000 --clear-groups sh -c start";
    const output = await start(
      ["--user=0"],
      `export HOME=/nowhere\n${steps.replace("sh -c start", PROGRAM)}`,
    );

    expect(output).toContain("'/dev/shm/ca-certificates-1000/");
  });
});

const PROGRAM = `${LAYER}/exec.d/join-roots 3>&1`;

/** `start` runs the program as the launcher does; what it tells on descriptor 3 is printed. */
async function start(options: readonly string[], steps: string): Promise<string> {
  const script = `exec 2>&1\nstart() { told=$(${PROGRAM}); echo "$told"; (echo "$told" >/tmp/told) 2>/dev/null || true; }\n${steps}\n`;
  return await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--interactive", "--network=none", `--volume=${layer}:${LAYER}:ro`],
      ...[...options, "--entrypoint=sh", runImage],
    ],
    { env: engine.env, input: script },
  );
}

function withoutSum(text: string): string {
  return text.replaceAll(/\d+(?=\.pem')/g, "<sum>");
}
