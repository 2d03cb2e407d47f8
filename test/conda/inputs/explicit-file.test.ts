import { expect, test } from "vitest";
import { parseExplicitFile } from "../../../src/conda/inputs/explicit-file.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";

const PLACE = { file: "conda-linux-64.lock", subdir: "linux-64", env: {} };
const FORGE = "https://conda.anaconda.org/conda-forge";
const MD5 = "0".repeat(32);
const SHA256 = "1".repeat(64);

function parse(text: string, env: Record<string, string> = {}) {
  return parseExplicitFile(Buffer.from(text), { ...PLACE, env });
}

function told(text: string): string {
  return `\n${parse(text).problems.map(describeProblem).join("\n")}\n`;
}

test("a file that can be used", () => {
  const text = `\uFEFF# $ conda create --name <env> --file <this file>
# platform: linux-64
  @EXPLICIT
${FORGE}/linux-64/python-3.12.3-hab00c5b_0_cpython.conda#${MD5}
${FORGE}/noarch/setuptools-69.5.1-pyhd8ed1ab_0.conda#sha256:${SHA256}
${FORGE}/noarch/wheel-0.43.0-pyhd8ed1ab_1.tar.bz2#${SHA256.toUpperCase()}

${FORGE}/noarch/pip-24.0-pyhd8ed1ab_0.conda
${FORGE}/noarch/pip-24.0-pyhd8ed1ab_0.conda
https://me:$PASSWORD@host.example/c/noarch/a-1.0-0.conda#${MD5}
https://conda.anaconda.org/t/tk-123/private/label/dev/noarch/b-1.0-0.conda#${MD5}
# pip tool @ https://packages.example/tool-1.0-py3-none-any.whl --hash=sha256:${SHA256}
`.replaceAll("\n", "\r\n");

  const read = parse(text, { PASSWORD: "secret" });

  const { packages, ...others } = read;
  expect(
    packages.map(({ name, version, build, channel, subdir, digest }) =>
      [name, version, build, channel, subdir, ...Object.keys(digest)].join(" "),
    ),
  ).toEqual([
    `python 3.12.3 hab00c5b_0_cpython ${FORGE} linux-64 md5`,
    `setuptools 69.5.1 pyhd8ed1ab_0 ${FORGE} noarch sha256`,
    `wheel 0.43.0 pyhd8ed1ab_1 ${FORGE} noarch sha256`,
    "a 1.0 0 https://host.example/c noarch md5",
    "b 1.0 0 https://conda.anaconda.org/private/label/dev noarch md5",
  ]);
  expect(packages.map(({ digest }) => digest)).toContainEqual({ sha256: SHA256 });
  expect(others).toMatchInlineSnapshot(`
    {
      "credentials": [
        {
          "host": "host.example",
          "login": "me",
          "origin": {
            "file": "conda-linux-64.lock",
            "line": 10,
          },
          "password": "secret",
        },
        {
          "host": "conda.anaconda.org",
          "origin": {
            "file": "conda-linux-64.lock",
            "line": 11,
          },
          "token": "tk-123",
        },
      ],
      "file": "conda-linux-64.lock",
      "notes": [
        "Skipping 1 package of pip in conda-linux-64.lock because comments are not installed; conda-lock.yml holds both",
      ],
      "problems": [],
      "unchecked": [
        {
          "line": 8,
          "name": "pip",
          "url": "https://conda.anaconda.org/conda-forge/noarch/pip-24.0-pyhd8ed1ab_0.conda",
        },
      ],
    }
  `);
});

test("lines that can't be used", () => {
  expect(
    told(`# platform: osx-arm64
@EXPLICIT
-c conda-forge
numpy=1.26
/opt/pkgs/a-1.0-0.conda
file:///opt/pkgs/a-1.0-0.conda
${FORGE}/osx-arm64/numpy-1.26-0.conda#${MD5}
${FORGE}/linux-64/numpy-1.26-0.conda#abc
${FORGE}/linux-64/numpy-1.26-0.whl#${MD5}
${FORGE}/linux-64/numpy-1.26-0.conda#${MD5}
${FORGE}/linux-64/numpy-1.27-0.conda#${MD5}
https://conda.anaconda.org/t/\${TOKEN}/c/noarch/a-1.0-0.conda
https://me:secret@host.example/c/noarch/b.conda
<<<<<<< HEAD
`),
  ).toMatchInlineSnapshot(`
    "
    conda-linux-64.lock, line 1: # platform: osx-arm64
      The file is for osx-arm64, and the image is linux-64.
    conda-linux-64.lock, line 3: -c conda-forge
      Channels follow from the URLs; remove the line.
    conda-linux-64.lock, line 4: numpy=1.26
      With @EXPLICIT each line is a package's URL; such lines are written in the environment by:

        conda list --explicit --sha256
    conda-linux-64.lock, line 5: /opt/pkgs/a-1.0-0.conda
      Packages are downloaded; put it on a server, and write an address with https://.
    conda-linux-64.lock, line 6: file:///opt/pkgs/a-1.0-0.conda
      Packages are downloaded; put it on a server, and write an address with https://.
    conda-linux-64.lock, line 7: https://conda.anaconda.org/conda-forge/osx-arm64/numpy-1.26-0.conda#00000000000000000000000000000000
      The package is for osx-arm64, and the image is linux-64.
    conda-linux-64.lock, line 8: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26-0.conda#abc
      Behind '#' an MD5 of 32 or a SHA-256 of 64 hexadecimal digits is needed.
    conda-linux-64.lock, line 9: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26-0.whl#00000000000000000000000000000000
      A package's URL ends in channel/subdir/name-version-build.conda, or .tar.bz2.
    conda-linux-64.lock, line 11: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.27-0.conda#00000000000000000000000000000000
      numpy stands above already (line 10); keep one.
    conda-linux-64.lock, line 12: https://conda.anaconda.org/t/****/c/noarch/a-1.0-0.conda
      The build has no variable TOKEN.
    conda-linux-64.lock, line 13: https://****@host.example/c/noarch/b.conda
      A package's URL ends in channel/subdir/name-version-build.conda, or .tar.bz2.
    conda-linux-64.lock, line 14: <<<<<<< HEAD
      The file has an unsolved merge conflict; keep one side and remove the marks.
    "
  `);
});

test("a file without a package, and one that is no text", () => {
  expect(told("@EXPLICIT\n")).toMatchInlineSnapshot(`
    "
    conda-linux-64.lock, line 1: @EXPLICIT
      No package is listed; write the file in the environment:

        conda list --explicit --sha256 > conda-linux-64.lock
    "
  `);
  expect(parseExplicitFile(Uint8Array.of(0x41, 0xff), PLACE).problems.map(describeProblem).join(""))
    .toMatchInlineSnapshot(`
    "conda-linux-64.lock, line 1: A?
      The file is not text in UTF-8; save it as UTF-8."
  `);
});
