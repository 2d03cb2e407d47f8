import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import caCertificates from "../../../src/buildpacks/ca-certificates/index.ts";
import { formatToml, parseToml, type TomlTable } from "../../../src/cnb/toml.ts";
import { run } from "../../../src/kit/buildpack.ts";
import {
  type PhaseDirectories,
  phaseDirectories,
  phaseEnv,
  writeFiles,
} from "../../support/phase.ts";
import { ROOT_ONE, ROOT_TWO } from "./certificates.ts";

describe("the build's trust", () => {
  it("is one file for every tool, in a layer that is not in the image", async () => {
    const directories = await directoriesWith(ROOT_ONE);

    await build(directories);

    const layer = join(directories.layers, "build-trust");
    const bundle = await readFile(join(layer, "env.build", "SSL_CERT_FILE.override"), "utf8");
    expect(await readFile(bundle, "utf8")).toMatch(new RegExp(`${escape(ROOT_ONE)}$`));
    for (const name of [
      "REQUESTS_CA_BUNDLE",
      "CURL_CA_BUNDLE",
      "NODE_EXTRA_CA_CERTS",
      "GIT_SSL_CAINFO",
      "PIP_CERT",
    ]) {
      expect(await readFile(join(layer, "env.build", `${name}.override`), "utf8")).toBe(bundle);
    }
    expect(parseToml(await readFile(`${layer}.toml`, "utf8"))["types"]).toEqual({
      launch: false,
      build: true,
      cache: false,
    });
    await expect(readFile(join(directories.layers, "app-trust.toml"))).rejects.toThrow("ENOENT");
  });
});

describe("the app's trust, with BP_EMBED_CERTS=true", () => {
  it("holds the bound certificates only, and stands while they are the same", async () => {
    const directories = await directoriesWith(ROOT_ONE);

    const first = await build(directories, { BP_EMBED_CERTS: "true" });
    const layer = join(directories.layers, "app-trust");
    expect(await readFile(join(layer, "certificates.pem"), "utf8")).toBe(ROOT_ONE);
    const second = await build(directories, { BP_EMBED_CERTS: "true" });
    await writeFiles(directories.platform, { "bindings/company/two.pem": ROOT_TWO });
    const third = await build(directories, { BP_EMBED_CERTS: "true" });

    expect([first, second, third].join("\n--- again ---\n")).toMatchInlineSnapshot(`
      "
      [Trusting certificates]
      Found Example Root one (from the binding company, root.pem)
      The build and the app trust 1 certificate (BP_EMBED_CERTS=true)

      --- again ---

      [Trusting certificates]
      Found Example Root one (from the binding company, root.pem)
      Reusing the app's trust in 1 certificate

      --- again ---

      [Trusting certificates]
      Found Example Root one (from the binding company, root.pem)
      Found Example Root two (from the binding company, two.pem)
      Discarding the app's certificates since:
       - The list of certificates has changed
      The build and the app trust 2 certificates (BP_EMBED_CERTS=true)
      "
    `);
  });
});

describe("the app's trust, byte for byte", () => {
  it("is the same whatever the umask", async () => {
    const directories = await directoriesWith(ROOT_ONE);
    const before = process.umask(0o077);
    try {
      await build(directories, { BP_EMBED_CERTS: "true" });
    } finally {
      process.umask(before);
    }

    const layer = join(directories.layers, "app-trust");
    const modes = ["", "certificates.pem", "exec.d", "exec.d/join-roots"].map(
      async (path) => (await stat(join(layer, path))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o755, 0o644, 0o755, 0o755]);
  });

  it("is made anew where the script is another", async () => {
    const directories = await directoriesWith(ROOT_ONE);
    await build(directories, { BP_EMBED_CERTS: "true" });
    const file = join(directories.layers, "app-trust.toml");
    const { metadata } = parseToml(await readFile(file, "utf8")) as { metadata: TomlTable };
    expect(Object.keys(metadata)).toContain("script");
    await writeFile(file, formatToml({ metadata: { ...metadata, script: "another" } }));

    const output = await build(directories, { BP_EMBED_CERTS: "true" });

    expect(output).toContain(`
Discarding the app's certificates since:
 - The script that joins them with the base image's has changed
`);
  });
});

async function directoriesWith(certificate: string): Promise<PhaseDirectories> {
  const directories = await phaseDirectories();
  await writeFiles(directories.platform, {
    "bindings/company/type": "ca-certificates",
    "bindings/company/root.pem": certificate,
  });
  return directories;
}

async function build(directories: PhaseDirectories, env = {}): Promise<string> {
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const invocation = {
    argv: [],
    env: { ...phaseEnv(directories), ...env },
    cwd: directories.app,
  };
  await run(caCertificates, invocation, { out: write, err: write, debug: false });
  return output;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
