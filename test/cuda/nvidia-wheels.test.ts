import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failure, wheelsFailure } from "../../src/cuda/nvidia-wheels-failures.ts";
import { CommandError } from "../../src/kit/command.ts";
import { type Failure, renderMessage } from "../../src/kit/failure.ts";

const WHAT = "CUDA's libraries";

describe("what uv says of NVIDIA's wheels", () => {
  it("an index that is not reached", async () => {
    expect(await messageFor("refused.txt")).toMatchInlineSnapshot(`
      "[Error: Unable to download CUDA's libraries]

      http://packages.example.com/simple/six/: it refuses connections.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. PIP_INDEX_URL names another index, such as a mirror in a closed network.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("an index whose certificate is not trusted", async () => {
    expect(await messageFor("tls.txt")).toMatchInlineSnapshot(`
      "[Error: Unable to download CUDA's libraries]

      https://pypi.org/simple/six/: its certificate is not trusted.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. PIP_INDEX_URL names another index, such as a mirror in a closed network.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("an index that fails", async () => {
    expect(await messageFor("url-404.txt")).toMatchInlineSnapshot(`
      "[Error: Unable to download CUDA's libraries]

      https://packages.example.com/none/foo-1.0-py3-none-any.whl: it answered with status 404.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. PIP_INDEX_URL names another index, such as a mirror in a closed network.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("an index that asks for credentials", async () => {
    const output =
      "error: Failed to fetch: `https://packages.example.com/simple/nvidia-cublas/`\n  cause: HTTP status client error (401 Unauthorized) for url (https://packages.example.com/simple/nvidia-cublas/)\n";

    expect(messageOf(output)).toMatchInlineSnapshot(`
      "[Error: packages.example.com asks for credentials]

      The wheels of CUDA's libraries are looked for there. https://packages.example.com/simple/nvidia-cublas/ answered with status 401.

      Needed: a user name and a password or token that may read it, in a binding of type pypi (url, username, password), or in PIP_INDEX_URL. Credentials reach neither the image nor its metadata."
    `);
  });

  it("an index that does not have them", async () => {
    expect(await messageFor("no-such-version.txt")).toMatchInlineSnapshot(`
      "[Error: The index does not have the wheels of CUDA's libraries]

      Looked for:
      - cuda-toolkit[cublas]==12.8.*
      - nvidia-cudnn-cu12

      Found: Because there is no version of numpy==99.1 and you require numpy==99.1, we can conclude that your requirements are unsatisfiable.

      They are NVIDIA's own, from https://pypi.org. Where PIP_INDEX_URL names another index, it must have them, too; or name a version of CUDA in hardware.txt that it has."
    `);
  });

  it("a file that is another than before", () => {
    const output =
      "  × Failed to download `nvidia-cublas==13.1.0.3`\n  ╰─▶ Hash mismatch for `nvidia-cublas==13.1.0.3`\n\n      Expected:\n        sha256:aaaa\n\n      Computed:\n        sha256:bbbb\n";

    expect(messageOf(output)).toMatchInlineSnapshot(`
      "[Error: A wheel of CUDA's libraries is not the file that was expected]

      Found for nvidia-cublas 13.1.0.3:
        sha256:bbbb
      Needed, as it was when the versions were chosen:
        sha256:aaaa

      A proxy or a mirror may have changed the file, or cut it off. A new value of BP_LOCK_EPOCH chooses anew.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it("something that is not known", () => {
    expect(messageOf("error: the moon is full\n")).toMatchInlineSnapshot(`
      "[Error: Unable to install CUDA's libraries]

      uv, which downloads and unpacks NVIDIA's wheels, ended with exit code 2.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      error: the moon is full"
    `);
  });
});

describe("what else can be wrong with NVIDIA's wheels", () => {
  it("a library without a wheel for the architecture", () => {
    const facts = { what: WHAT, name: "nvidia-cudnn-cu12", version: "9.28.0.42", arch: "s390x" };

    expect(render(failure("no-wheel", facts))).toMatchInlineSnapshot(`
      "[Error: Unable to install CUDA's libraries for this architecture]

      Found: nvidia-cudnn-cu12 9.28.0.42, without a wheel for Linux on s390x.
      Needed: another version of CUDA in hardware.txt, or a build for another architecture."
    `);
  });

  it("an index that is no URL", () => {
    const needed = "An index is a URL, for example: https://packages.example.com/simple";
    const problem = { origin: { file: "PIP_INDEX_URL" }, line: "packages.example.com", needed };

    expect(render(failure("index-settings-invalid", { problems: [problem] })))
      .toMatchInlineSnapshot(`
      "[Error: Unable to read where packages are downloaded from]

      PIP_INDEX_URL: packages.example.com
        An index is a URL, for example: https://packages.example.com/simple."
    `);
  });
});

/** Of an output that uv has given, see test/fixtures/uv-output. */
async function messageFor(file: string): Promise<string> {
  const directory = join(import.meta.dirname, "..", "fixtures", "uv-output");
  return messageOf(await readFile(join(directory, file), "utf8"));
}

function messageOf(output: string): string {
  const error = new CommandError("uv pip compile", { kind: "exit", code: 2 }, output);
  return render(wheelsFailure(error, WHAT, ["cuda-toolkit[cublas]==12.8.*", "nvidia-cudnn-cu12"]));
}

function render({ userMessage }: Failure): string {
  return renderMessage(userMessage);
}
