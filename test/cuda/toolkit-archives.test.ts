import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { unpackArchives } from "../../src/cuda/toolkit-archives.ts";
import { failure } from "../../src/cuda/toolkit-failures.ts";
import { Failure, renderMessage } from "../../src/kit/failure.ts";
import { capture } from "../../src/kit/command.ts";
import { sha256 } from "../../src/kit/hash.ts";
import { createLog } from "../../src/kit/log.ts";
import { Settings } from "../../src/kit/settings.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("CUDA's compiler from NVIDIA's archives", () => {
  it("is unpacked below one directory, for the platform, with the compiler's version", async () => {
    const mirror = await mirrorWith(await archivesOf("linux-x86_64", "linux-sbsa"));
    const directory = await temporaryDirectory();

    const { version, log } = await unpackFrom(mirror.url, { directory });

    expect(version).toBe("12.8.93");
    expect((await readdir(directory, { recursive: true })).sort()).toEqual([
      ...["LICENSE", "bin", "bin/nvcc", "include", "include/cuda_runtime.h", "lib"],
      ...["lib/libcudart.so.12"],
    ]);
    expect(await readFile(join(directory, "bin/nvcc"), "utf8")).toBe("nvcc of linux-x86_64");
    expect(log).toMatch(/^Downloading CUDA 12\.8\.1's compiler from NVIDIA \(\d+ B\)\n$/);
    expect(mirror.asked).toEqual([
      "/redist/redistrib_12.8.1.json",
      "/redist/cuda_nvcc/linux-x86_64/cuda_nvcc-linux-x86_64-archive.tar.xz",
      "/redist/cuda_cudart/linux-x86_64/cuda_cudart-linux-x86_64-archive.tar.xz",
    ]);
  });

  it("is that of servers on Arm, not of Jetsons", async () => {
    const mirror = await mirrorWith(await archivesOf("linux-sbsa", "linux-aarch64"));
    const directory = await temporaryDirectory();

    await unpackFrom(mirror.url, { directory, arch: "arm64" });

    expect(await readFile(join(directory, "bin/nvcc"), "utf8")).toBe("nvcc of linux-sbsa");
  });

  it("is downloaded with the mirror's credentials, which are not printed", async () => {
    const mirror = await mirrorWith(await archivesOf("linux-x86_64"));
    const url = mirror.url.replace("http://", "http://reader:secret-of-the-mirror@");

    const { log } = await unpackFrom(url, { directory: await temporaryDirectory() });

    const basic = Buffer.from("reader:secret-of-the-mirror").toString("base64");
    expect(mirror.authorized).toEqual([`Basic ${basic}`]);
    expect(log).not.toContain("secret");
  });
});

describe("what can be wrong with NVIDIA's archives", () => {
  it("a version of CUDA that never was", async () => {
    expect(await failureOf({ cuda: "12.7", mirror: "http://127.0.0.1:9" })).toMatchInlineSnapshot(`
      "[Error: There is no compiler for CUDA 12.7]

      Found: CUDA 12.7, for which a package is to be built from source.
      Needed: 11.7, 11.8, 12.0, 12.1, 12.2, 12.3, 12.4, 12.5, 12.6, 12.8, 12.9 or a version from 13.0 on. Write it into hardware.txt as 'cuda==12.9', for example."
    `);
  });

  it("hardware that has no CUDA", () => {
    expect(renderMessage(failure("cuda-unknown", {}).userMessage)).toMatchInlineSnapshot(`
      "[Error: It is not known for which CUDA to compile]

      Found: hardware without CUDA.
      Needed: a line 'cuda' in hardware.txt, or 'cuda==13.0' for a certain version."
    `);
  });

  it("an architecture that they don't have", async () => {
    expect(await failureOf({ arch: "s390x", mirror: "http://127.0.0.1:9" })).toMatchInlineSnapshot(`
      "[Error: There is no compiler of CUDA 12.8 for this architecture]

      Found: s390x
      Needed: amd64 or arm64"
    `);
  });

  it("a host that does not answer", async () => {
    const message = await failureOf({ mirror: "http://127.0.0.1:9/redist" });

    expect(message.replaceAll(/after \d+ ms/g, "after 0 ms")).toMatchInlineSnapshot(`
      "[Error: Unable to download the compiler of CUDA 12.8]

      http://127.0.0.1:9/redist/redistrib_12.8.1.json: Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server.

      Only for CUDA 13 and later it is on PyPI; for CUDA 12.8 NVIDIA's own host has it. Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. BP_CUDA_REDIST_MIRROR names a mirror of https://developer.download.nvidia.com/compute/cuda/redist in a closed network.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("a list that is not there", async () => {
    expect(await failureOf({ files: {} })).toMatchInlineSnapshot(`
      "[Error: Unable to download the compiler of CUDA 12.8]

      http://mirror/redist/redistrib_12.8.1.json: it answered with status 404.

      Only for CUDA 13 and later it is on PyPI; for CUDA 12.8 NVIDIA's own host has it. Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. BP_CUDA_REDIST_MIRROR names a mirror of https://developer.download.nvidia.com/compute/cuda/redist in a closed network.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("a list that is something else", async () => {
    const files = { "redistrib_12.8.1.json": "<html>Sign in</html>" };

    expect(await failureOf({ files })).toMatchInlineSnapshot(`
      "[Error: NVIDIA's list of archives can't be read]

      Found in http://mirror/redist/redistrib_12.8.1.json: something else than a list of CUDA's components.
      Needed: a file such as https://developer.download.nvidia.com/compute/cuda/redist/redistrib_12.8.1.json has. If BP_CUDA_REDIST_MIRROR is set, check what the mirror answers.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      SyntaxError: Unexpected token '<', "<html>Sign in</html>" is not valid JSON"
    `);
  });

  it("a list of another form", async () => {
    const files = { "redistrib_12.8.1.json": JSON.stringify({ cuda_nvcc: "12.8.93" }) };

    const message = await failureOf({ files });

    expect(message).toContain("NVIDIA's list of archives can't be read");
    expect(message).toMatch(/Details:[^]*cuda_nvcc/);
    expect(message).not.toContain("It has no cuda_nvcc");
  });

  it("a list without the compiler", async () => {
    const files = { "redistrib_12.8.1.json": JSON.stringify({ release_label: "12.8.1" }) };

    expect(await failureOf({ files })).toMatchInlineSnapshot(`
      "[Error: NVIDIA's list of archives can't be read]

      Found in http://mirror/redist/redistrib_12.8.1.json: something else than a list of CUDA's components.
      Needed: a file such as https://developer.download.nvidia.com/compute/cuda/redist/redistrib_12.8.1.json has. If BP_CUDA_REDIST_MIRROR is set, check what the mirror answers.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      It has no cuda_nvcc for linux-x86_64"
    `);
  });

  it("an archive that was changed", async () => {
    const files = await archivesOf("linux-x86_64");
    const changed = Object.keys(files).find((name) => name.includes("cuda_cudart")) ?? "";

    const message = await failureOf({ files: { ...files, [changed]: "changed" } });

    expect(message.replace(/Needed([^\n]*)\n {2}sha256:\w+/, "Needed$1\n  sha256:…"))
      .toMatchInlineSnapshot(`
      "[Error: An archive of CUDA's compiler is not the file that was expected]

      Found in http://mirror/redist/cuda_cudart/linux-x86_64/cuda_cudart-linux-x86_64-archive.tar.xz:
        sha256:d67e2e944994496c8d8ec76eed0cf9f09679448d584b532bebf941852a37f5ed
      Needed, by NVIDIA's own list:
        sha256:…

      A proxy or a mirror may have changed the file, or cut it off.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("an archive that is none", async () => {
    const text = "not an archive";
    const archive = { relative_path: "a.tar.xz", sha256: sha256(text), size: "14" };
    const list = { cuda_nvcc: { version: "12.8.93", "linux-x86_64": archive } };
    const files = { "a.tar.xz": text, "redistrib_12.8.1.json": JSON.stringify(list) };

    const message = await failureOf({ files });

    expect(message.replace(/Details:[^]*/, "Details: …")).toMatchInlineSnapshot(`
      "[Error: An archive of CUDA's compiler can't be unpacked]

      Found: http://mirror/redist/a.tar.xz
      Needed: a tar.xz archive, and tar and xz in the build image.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details: …"
    `);
  });
});

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Archives and their list, in the form of https://developer.download.nvidia.com/compute/cuda/redist/ */
async function archivesOf(...platforms: readonly string[]): Promise<Files> {
  const root = await temporaryDirectory();
  const files: Record<string, string | Uint8Array> = {};
  const list: Record<string, Record<string, unknown>> = {
    cuda_gdb: { version: "12.8.90" },
    cuda_nvcc: { name: "CUDA NVCC", license: "CUDA Toolkit", version: "12.8.93" },
    cuda_cudart: { name: "CUDA Runtime (cudart)", license: "CUDA Toolkit", version: "12.8.90" },
  };
  for (const platform of platforms) {
    const contents: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      cuda_nvcc: { LICENSE: "licence", "bin/nvcc": `nvcc of ${platform}` },
      cuda_cudart: { LICENSE: "licence", "include/cuda_runtime.h": "", "lib/libcudart.so.12": "" },
    };
    for (const [name, content] of Object.entries(contents)) {
      const top = `${name}-${platform}-archive`;
      const path = `${name}/${platform}/${top}.tar.xz`;
      await writeFiles(join(root, top), content);
      const archive = join(root, "archive.tar.xz");
      await capture("tar", ["--create", "--xz", "--file", archive, top], {
        env: { PATH: process.env["PATH"] },
        cwd: root,
      });
      const bytes = await readFile(archive);
      files[path] = bytes;
      const entry = { relative_path: path, sha256: sha256(bytes), size: String(bytes.length) };
      list[name] = { ...list[name], [platform]: { ...entry, md5: "" } };
    }
  }
  const head = { release_date: "2025-03-05", release_label: "12.8.1", release_product: "cuda" };
  return { ...files, "redistrib_12.8.1.json": JSON.stringify({ ...head, ...list }) };
}

async function mirrorWith(files: Files) {
  const asked: string[] = [];
  const authorized = new Set<string>();
  const server = createServer(({ url = "", headers }: IncomingMessage, response) => {
    asked.push(url);
    if (headers.authorization !== undefined) authorized.add(headers.authorization);
    const file = files[url.replace("/redist/", "")];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/redist`,
    asked,
    get authorized() {
      return [...authorized];
    },
  };
}

async function unpackFrom(
  mirror: string,
  { directory, cuda = "12.8", arch = "amd64" }: { directory: string; cuda?: string; arch?: string },
) {
  let log = "";
  const say = (text: string) => (log += text);
  const version = await unpackArchives(directory, {
    ...{ cuda, arch },
    settings: new Settings({ BP_CUDA_REDIST_MIRROR: mirror }),
    env: { PATH: process.env["PATH"], no_proxy: "127.0.0.1" },
    log: createLog({ out: say, err: say, debug: false }),
    workDir: join(await temporaryDirectory(), "work"),
  });
  return { version, log };
}

async function failureOf({
  files = {},
  mirror,
  ...others
}: {
  readonly files?: Files;
  readonly mirror?: string;
  readonly cuda?: string;
  readonly arch?: string;
}): Promise<string> {
  const from = mirror ?? (await mirrorWith(files)).url;
  const directory = await temporaryDirectory();
  try {
    await unpackFrom(from, { directory, ...others });
  } catch (error) {
    if (error instanceof Failure) {
      return renderMessage(error.userMessage).replaceAll(/127\.0\.0\.1:\d{2,}/g, "mirror");
    }
    throw error;
  }
  throw new Error("it did not fail");
}
