import { describe, expect, test } from "vitest";
import { failure } from "../../../src/buildpacks/apt/failures.ts";
import { readRequests, type RequestsPlace } from "../../../src/debian/requests/read-requests.ts";
import type { Requests } from "../../../src/debian/requests/requests.ts";
import { renderMessage } from "../../../src/kit/failure.ts";
import { makeSigningKey } from "../../support/openpgp.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  more: Partial<RequestsPlace> = {},
): Promise<Requests> {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, files);
  return readRequests({ appDir, arch: "amd64", env: {}, ...more });
}

function told({ problems }: Requests): string {
  return renderMessage(
    failure("requests-invalid", { kind: "requests-invalid", problems }).userMessage,
  );
}

const KEY = makeSigningKey("Test <test@example.com>").publicKey;

describe("names", () => {
  test("are read with versions, suites, comments, and the line ends of any editor", async () => {
    const { packages, problems, from, files } = await read({
      "apt.txt":
        "\uFEFF# tools\r\nffmpeg\r\n\r\n  libgl1 # for OpenCV\r\ng++ libstdc++6:amd64\r\njq=1.7.1-6+deb13u4\r\ngit/trixie-backports\r\nffmpeg",
    });

    expect(problems).toEqual([]);
    expect(
      packages.map(({ name, version, suite, origin }) => [name, version, suite, origin.line]),
    ).toEqual([
      ["ffmpeg", undefined, undefined, 2],
      ["libgl1", undefined, undefined, 4],
      ["g++", undefined, undefined, 5],
      ["libstdc++6", undefined, undefined, 5],
      ["jq", "1.7.1-6+deb13u4", undefined, 6],
      ["git", undefined, "trixie-backports", 7],
    ]);
    expect(from).toEqual(["apt.txt"]);
    expect([...files.keys()]).toEqual(["apt.txt"]);
  });

  test("of apt.txt count before those of an Aptfile, and a variable adds to them", async () => {
    const { packages, notes, from } = await read(
      { "apt.txt": "jq\n", Aptfile: "curl\n" },
      { settings: ["git", "jq"] },
    );

    expect(packages.map(({ name }) => name)).toEqual(["jq", "git"]);
    expect(notes).toEqual(["Skipping Aptfile because apt.txt is there"]);
    expect(from).toEqual(["apt.txt", "BP_APT_PACKAGES"]);
  });

  test("may be none, which is told", async () => {
    const { packages, notes, problems } = await read({ "apt.txt": "\n# later\n" });

    expect([packages, problems]).toEqual([[], []]);
    expect(notes).toEqual(["Found no packages in apt.txt"]);
  });

  test("in UTF-16 are read as Windows PowerShell writes them", async () => {
    const { packages } = await read({ Aptfile: Buffer.from("\uFEFFjq\r\n", "utf16le") });

    expect(packages.map(({ name }) => name)).toEqual(["jq"]);
  });
});

describe("requests of another buildpack", () => {
  const neuron = {
    origin: { file: "hardware.txt", line: 2 },
    text: "neuron",
    packages: ["runtime", "tools"],
    whole: [],
    archive: {
      ...{ uri: "https://apt.example.com", suite: "noble", component: "main" },
      key: "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    },
  };

  test("are told by the word that stands for them, with their archive and its key", async () => {
    const { packages, sources, from, problems } = await read({}, { handed: [neuron] });

    expect(problems).toEqual([]);
    expect(from).toEqual(["neuron (hardware.txt, line 2)"]);
    expect(packages).toEqual(
      ["runtime", "tools"].map((name) => ({ name, origin: neuron.origin, text: "neuron" })),
    );
    expect(sources).toMatchObject([
      { uris: ["https://apt.example.com"], suites: ["noble"], components: ["main"] },
    ]);
    expect(sources[0]?.key?.content.toString()).toBe(neuron.archive.key);
  });

  test("count as read, wherever the word stands", async () => {
    const digests = async (...handed: readonly (typeof neuron)[]) =>
      Object.fromEntries((await read({}, { handed })).files);
    const first = await digests(neuron);

    expect(await digests()).toEqual({});
    expect(Object.keys(first)).toEqual(["(hardware)"]);
    expect(await digests({ ...neuron, origin: { file: "BP_HARDWARE", line: 1 } })).toEqual(first);
    expect(await digests({ ...neuron, packages: ["runtime"] })).not.toEqual(first);
  });

  test("leave their archive to an app that names a package of it itself", async () => {
    const { packages, sources, notes } = await read(
      { "apt.txt": "tools=2.0\n" },
      { handed: [neuron] },
    );

    expect(sources).toEqual([]);
    expect(packages.map(({ name, version }) => [name, version])).toEqual([
      ["tools", "2.0"],
      ["runtime", undefined],
    ]);
    expect(notes).toEqual(["Skipping the archive of 'neuron' because apt.txt names tools itself"]);
  });

  test("may want a package whole that is for compilers elsewhere", async () => {
    const { origin } = neuron;
    const compiler = { origin, text: "compiler", packages: ["g++", "x-dev"], whole: ["x-dev"] };
    const { packages } = await read({ "apt.txt": "x-dev\n" }, { handed: [compiler] });

    expect(packages).toEqual([
      { name: "x-dev", text: "x-dev", origin: { file: "apt.txt", line: 1 }, whole: true },
      { name: "g++", text: "compiler", origin },
    ]);
  });
});

describe("lines that are not understood", () => {
  test("commands, options and what a shell would read", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            "apt-get update && apt-get install -y --no-install-recommends ffmpeg libsm6",
            "RUN apt-get update",
            "-y",
            "--no-install-recommends",
            "pip install numpy",
            "jq; curl https://example.com | sh",
            "$(cat more.txt)",
            "lib*",
            "libfoo-",
          ].join("\n"),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: apt-get update && apt-get install -y --no-install-recommends ffmpeg libsm6
        Only what is installed goes here, without the command:

          ffmpeg
          libsm6

      apt.txt, line 2: RUN apt-get update
        The package lists are fetched anyway; remove the line.

      apt.txt, line 3: -y
        Nothing is asked during a build; remove the line.

      apt.txt, line 4: --no-install-recommends
        Packages that are only recommended are left out anyway; remove the line.

      apt.txt, line 5: pip install numpy
        Python packages go into requirements.txt: numpy.

      apt.txt, line 6: jq; curl https://example.com | sh
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      apt.txt, line 7: $(cat more.txt)
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      apt.txt, line 8: lib*
        Patterns are not taken: they would install whatever fits; name each package.

      apt.txt, line 9: libfoo-
        A '-' at the end would ask apt to remove libfoo, which the app can't; remove the line."
    `);
  });

  test("what a shell would read in a variable or a file's name", async () => {
    const requests = await read(
      {
        "apt.txt": "./a;id.deb\n./$(id).deb\njq;id.deb\n`id`\njq\\\n'jq'\njq>out\n",
        "a;id.deb": "!<arch>\n",
      },
      { settings: ["jq;", "$(id)", "&&", "jq|sh"] },
    );

    // It is a file like any other.
    expect(requests.debs.map(({ source }) => source)).toEqual([
      { kind: "path", path: "./a;id.deb" },
    ]);
    expect(told(requests)).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 2: ./$(id).deb
        The app has no file $(id).deb.

      apt.txt, line 3: jq;id.deb
        The app has no file jq;id.deb.

      apt.txt, line 4: \`id\`
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      apt.txt, line 5: jq\\
        Remove the backslash: jq.

      apt.txt, line 6: 'jq'
        Write it without quotation marks and comma: jq.

      apt.txt, line 7: jq>out
        apt takes one version or the newest; write jq, or jq=<version>.

      BP_APT_PACKAGES: jq;
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      BP_APT_PACKAGES: $(id)
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      BP_APT_PACKAGES: &&
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only.

      BP_APT_PACKAGES: jq|sh
        No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only."
    `);
  });

  test("lines of a Dockerfile", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            "RUN apt-get update && apt-get install -y --no-install-recommends \\",
            "    ffmpeg libsm6 libxext6 \\",
            "jq \\",
            "&& rm -rf /var/lib/apt/lists/*",
            "rm -rf /var/lib/apt/lists/*",
            "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y jq=1.7.1-6 \\",
            "&& apt-get install -y git",
          ].join("\n"),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: RUN apt-get update && apt-get install -y --no-install-recommends \\
        Remove the command; packages stand here by their names.

      apt.txt, line 2: ffmpeg libsm6 libxext6 \\
        Remove the backslash: ffmpeg libsm6 libxext6.

      apt.txt, line 3: jq \\
        Remove the backslash: jq.

      apt.txt, line 4: && rm -rf /var/lib/apt/lists/*
        Remove the line: no shell reads this.

      apt.txt, line 5: rm -rf /var/lib/apt/lists/*
        Remove the line: no shell reads this.

      apt.txt, line 6: RUN --mount=type=cache,target=/var/cache/apt apt-get install -y jq=1.7.1-6 \\
        Only what is installed goes here, without the command:

          jq=1.7.1-6

      apt.txt, line 7: && apt-get install -y git
        Only what is installed goes here, without the command:

          git"
    `);
  });

  test("a control file's versions, a shell's separators, and files of libraries", async () => {
    expect(
      told(
        await read({
          "apt.txt": "libgl1 (>= 2)\nlibgl1 (= 1.7)\ntree ; jq\nlibGL.so.1\nlibSM.so.6\n",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: libgl1 (>= 2)
        apt takes one version or the newest; write libgl1, or libgl1=<version>.

      apt.txt, line 2: libgl1 (= 1.7)
        Without blanks and brackets: libgl1=1.7.

      apt.txt, line 3: tree ; jq
        Each package needs a line of its own, without ';':

          tree
          jq

      apt.txt, line 4: libGL.so.1
        The package of this library is libgl1.

      apt.txt, line 5: libSM.so.6
        This is a file, not a package; the package that has it is found here:

          https://packages.debian.org/search?suite=trixie&searchon=contents&mode=filename&keywords=libSM.so.6"
    `);
  });

  test("names that are written as elsewhere", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            "FFmpeg",
            "jq==1.7",
            "jq>=1.6",
            "jq = 1.7",
            "jq 1.7.1",
            "jq@1.7",
            "jq=",
            "jq/",
            "jq:arm64",
            "- jq",
            '"jq"',
            "jq, git",
            "lib_foo",
            "apt: jq",
            "ﬀmpeg",
          ].join("\n"),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: FFmpeg
        Names of Debian packages are in lower case: ffmpeg.

      apt.txt, line 2: jq==1.7
        One equals sign is needed: jq=1.7.

      apt.txt, line 3: jq>=1.6
        apt takes one version or the newest; write jq, or jq=<version>.

      apt.txt, line 4: jq = 1.7
        Without blanks: jq=1.7.

      apt.txt, line 5: jq 1.7.1
        Between name and version '=' is needed: jq=1.7.1.

      apt.txt, line 6: jq@1.7
        '@' is npm's; here write jq=1.7.

      apt.txt, line 7: jq=
        After '=' a version is needed, for example: jq=1.2.3-1.

      apt.txt, line 8: jq/
        After '/' a suite is needed, for example: jq/trixie-backports.

      apt.txt, line 9: jq:arm64
        The image is for amd64, and packages of another architecture can't run there: jq.

      apt.txt, line 10: - jq
        Remove the list mark: jq.

      apt.txt, line 11: "jq"
        Write it without quotation marks and comma: jq.

      apt.txt, line 12: jq, git
        Each package needs a line of its own, without commas.

      apt.txt, line 13: lib_foo
        Names of Debian packages have '-' where others have '_'.

      apt.txt, line 14: apt: jq
        One package a line is needed, without keys of YAML or TOML.

      apt.txt, line 15: ﬀmpeg
        The line begins with a character that is not plain ASCII; type the name anew, with '-' as dash."
    `);
  });

  test("two versions of one package", async () => {
    expect(told(await read({ "apt.txt": "jq=1.7\njq=1.8\n" }, { settings: ["jq=1.9", "./x.deb"] })))
      .toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 2: jq=1.8
        apt.txt asks for 'jq=1.7' on line 1, too; keep one of the two.

      BP_APT_PACKAGES: jq=1.9
        apt.txt asks for 'jq=1.7' on line 1, too; keep one of the two.

      BP_APT_PACKAGES: ./x.deb
        A variable names packages of an archive only; put files and addresses into apt.txt."
    `);
  });

  test("bytes that are no text", async () => {
    expect(told(await read({ "apt.txt": Buffer.from("jq\ncaf\xe9\n", "latin1") })))
      .toMatchInlineSnapshot(`
      "[Error: A line that asks for packages is not understood]

      apt.txt, line 2: caf?
        The file is not text in UTF-8; save it as UTF-8."
    `);
  });
});

describe("files", () => {
  const sha256 = "a".repeat(64);

  test("of the app and of an address are read with their digests", async () => {
    const { debs, credentials, problems, files } = await read(
      {
        "apt.txt": `./debs/tool.deb\nhttps://\${DEB_USER}:\${DEB_PASSWORD}@example.com/a.deb --hash=sha256:${sha256.toUpperCase()}\n`,
        "debs/tool.deb": "!<arch>\ntool",
      },
      { env: { DEB_USER: "me", DEB_PASSWORD: "s3cret" } },
    );

    expect(problems).toEqual([]);
    expect(debs).toEqual([
      {
        source: { kind: "path", path: "./debs/tool.deb" },
        sha256: files.get("debs/tool.deb"),
        origin: { file: "apt.txt", line: 1 },
        text: "./debs/tool.deb",
      },
      {
        source: { kind: "url", url: "https://example.com/a.deb" },
        sha256,
        origin: { file: "apt.txt", line: 2 },
        text: `https://example.com/a.deb --hash=sha256:${sha256.toUpperCase()}`,
      },
    ]);
    expect(credentials.map(({ login, password }) => [login, password])).toEqual([["me", "s3cret"]]);
  });

  test("that can't be used are told", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            "https://me:s3cret@example.com/a.deb",
            "https://example.com/a.deb md5:123",
            "https://example.com/list",
            "https://example.com/${WHICH}.deb sha256:" + sha256,
            "https://${WHO}:x@example.com/a.deb sha256:" + sha256,
            "./none.deb",
            "./text.deb",
            "./pointer.deb",
            "../outside.deb",
            "/abs/olute.deb",
            `./real.deb sha256:${sha256}`,
          ].join("\n"),
          "text.deb": "text",
          "pointer.deb": "version https://git-lfs.github.com/spec/v1\n",
          "real.deb": "!<arch>\n",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: https://example.com/a.deb
        A file of another place needs its checksum: 'curl -L https://example.com/a.deb | sha256sum' prints it:

          https://example.com/a.deb sha256:<the 64 digits>

      apt.txt, line 2: https://example.com/a.deb md5:123
        After a .deb nothing but its checksum is needed: sha256: and 64 digits from 0 to f.

      apt.txt, line 3: https://example.com/list
        An address has to end with .deb; an archive of packages is named with :repo:.

      apt.txt, line 4: https://example.com/\${WHICH}.deb sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        Variables are for the user name and the password only (https://\${USER}:\${TOKEN}@host/…): the rest of an address is in the image's metadata.

      apt.txt, line 5: https://****@example.com/a.deb sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        The build has no variable WHO.

      apt.txt, line 6: ./none.deb
        The app has no file none.deb.

      apt.txt, line 7: ./text.deb
        The file is not a Debian package.

      apt.txt, line 8: ./pointer.deb
        This is Git LFS's pointer, not the file; run 'git lfs pull' before the build.

      apt.txt, line 9: ../outside.deb
        A file of the app is needed: its path relative to the app's directory.

      apt.txt, line 10: /abs/olute.deb
        A file of the app is needed: its path relative to the app's directory.

      apt.txt, line 11: ./real.deb sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        The file has another checksum: sha256:f0a17a43c74d2fe5474fa2fd29c8f14799e777d7d75a2cc4d11c20a6e7b161c5."
    `);
  });
});

describe("a snapshot", () => {
  test("is a day or a time", async () => {
    const of = async (snapshot: string) => read({}, { snapshot });

    expect((await of("2026-11-01")).snapshot).toBe("20261101T000000Z");
    expect((await of("20261101T123000Z")).snapshot).toBe("20261101T123000Z");
    expect(told(await of("last month"))).toMatchInlineSnapshot(`
      "[Error: A line that asks for packages is not understood]

      BP_APT_SNAPSHOT: last month
        A day or a time (UTC) is needed, for example 2026-11-01 or 20261101T120000Z."
    `);
  });
});

describe("archives", () => {
  test("are read from lines, files of stanzas and files of lines, with their keys", async () => {
    const stanza = `# Ours\nTypes: deb deb-src\nURIs: https://me:s3cret@apt.example.com/debian\nSuites: trixie trixie-more\nComponents: main extra\nCheck-Valid-Until: no\nSigned-By:\n${KEY.trim().replaceAll(/^$/gm, ".").replaceAll(/^/gm, " ")}\n\nTypes: deb\nEnabled: no\nURIs: https://off.example.com\nSuites: x\nComponents: y\n`;
    const { sources, credentials, problems, notes, files } = await read({
      "apt.txt":
        ":repo:deb [arch=amd64 signed-by=./keys/a.asc] https://one.example.com/ flat/ # a note\n:repo:deb http://deb.debian.org/debian trixie-backports main\n",
      "keys/a.asc": KEY,
      "apt.sources.d/two.sources": stanza,
      "apt.sources.d/three.list":
        "# lines\ndeb [arch=arm64 signed-by=keys/a.asc] https://three.example.com trixie main\n",
      "apt.sources.d/README.md": "about",
    });

    expect(problems).toEqual([]);
    expect(
      sources.map(({ key, origin, uris, suites, components, checksValidity }) => ({
        key: key?.file,
        from: `${origin.file}, line ${origin.line}`,
        source: [...uris, ...suites, ...components].join(" "),
        checksValidity,
      })),
    ).toMatchInlineSnapshot(`
      [
        {
          "checksValidity": true,
          "from": "apt.txt, line 1",
          "key": "keys/a.asc",
          "source": "https://one.example.com/ flat/",
        },
        {
          "checksValidity": true,
          "from": "apt.txt, line 2",
          "key": undefined,
          "source": "http://deb.debian.org/debian trixie-backports main",
        },
        {
          "checksValidity": false,
          "from": "apt.sources.d/two.sources, line 2",
          "key": "apt.sources.d/two.sources",
          "source": "https://apt.example.com/debian trixie trixie-more main extra",
        },
      ]
    `);
    expect(credentials.map(({ url }) => url)).toEqual(["https://apt.example.com/debian"]);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Found no packages in apt.txt",
        "Skipping the source of apt.sources.d/three.list, line 2 because it is for arm64, and the image for amd64",
        "Skipping the source of apt.sources.d/two.sources, line 17 because it says Enabled: no",
      ]
    `);
    expect([...files.keys()]).toEqual([
      "apt.txt",
      "keys/a.asc",
      "apt.sources.d/three.list",
      "apt.sources.d/two.sources",
    ]);
    expect(Buffer.from(sources[2]?.key?.content ?? []).toString()).toBe(KEY);
  });

  test("without a signature, or written wrongly, are refused with what to write", async () => {
    expect(
      told(
        await read({
          Aptfile: [
            ":repo:deb https://me:s3cret@apt.example.com/debian trixie main",
            ":repo:deb [trusted=yes] https://apt.example.com/debian trixie main",
            ":repo:deb [signed-by=/etc/apt/keyrings/vendor.gpg] https://apt.example.com trixie main",
            ":repo:deb [signed-by=./keys/none.asc] https://apt.example.com trixie main",
            ":repo:deb [signed-by=./keys/page.asc] https://apt.example.com trixie main",
            ":repo:ppa:deadsnakes/ppa",
            ":repo:https://apt.example.com",
            ":repo:deb https://apt.example.com",
            ":repo:deb https://apt.example.com trixie",
            ":repo:deb https://apt.example.com $(lsb_release -cs) main",
            ":repo:deb file:///srv/debs ./",
          ].join("\n"),
          "keys/page.asc": "<html>",
          "apt.sources.d/a.sources":
            "Types: deb\nURIs: https://apt.example.com\nSuites: trixie\nComponents: main\n\nURIs: https://apt.example.com\n\nTypes: deb\nhttps://apt.example.com\n",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      Aptfile, line 1: :repo:deb https://****@apt.example.com/debian trixie main
        A source needs the public key that its packages are signed with; put it into the app, as the archive's own instructions give it, and write:

          :repo:deb [signed-by=./keys/apt.example.com.asc] https://apt.example.com/debian trixie main

      Aptfile, line 2: :repo:deb [trusted=yes] https://apt.example.com/debian trixie main
        An archive without a signature is not taken, since whoever is between it and the build could put anything into the image; remove 'trusted', put the archive's public key into the app, and write:

          :repo:deb [signed-by=./keys/apt.example.com.asc] https://apt.example.com/debian trixie main

      Aptfile, line 3: :repo:deb [signed-by=/etc/apt/keyrings/vendor.gpg] https://apt.example.com trixie main
        The key is named by a path that only another machine has; put it into the app, for example as keys/archive.asc, and write:

          signed-by=./keys/archive.asc

      Aptfile, line 4: :repo:deb [signed-by=./keys/none.asc] https://apt.example.com trixie main
        The app has no file keys/none.asc, which is to hold the archive's public key.

      Aptfile, line 5: :repo:deb [signed-by=./keys/page.asc] https://apt.example.com trixie main
        keys/page.asc is not a public key of OpenPGP.

      Aptfile, line 6: :repo:ppa:deadsnakes/ppa
        Ubuntu's PPAs hold packages for Ubuntu; the image is Debian's.

      Aptfile, line 7: :repo:https://apt.example.com
        'deb', an address, a suite and components are needed:

          :repo:deb [signed-by=./keys/archive.asc] https://apt.example.com/debian trixie main

      Aptfile, line 8: :repo:deb https://apt.example.com
        After the address a suite is needed, for example: trixie main.

      Aptfile, line 9: :repo:deb https://apt.example.com trixie
        After the suite a component is needed, for example: trixie main.

      Aptfile, line 10: :repo:deb https://apt.example.com $(lsb_release -cs) main
        No shell reads this file; in place of $(lsb_release -cs) write the name, for example trixie.

      Aptfile, line 11: :repo:deb file:///srv/debs ./
        An address that begins with https:// or http:// is needed, not file:///srv/debs.

      apt.sources.d/a.sources, line 1: Types: deb
        A source needs the public key that its packages are signed with; put it into the app, as the archive's own instructions give it, and write:

          Signed-By: ./keys/apt.example.com.asc

      apt.sources.d/a.sources, line 6: URIs: https://apt.example.com
        A source needs at least these lines:

          Types: deb
          URIs: https://apt.example.com/debian
          Suites: trixie
          Components: main
          Signed-By: ./keys/archive.asc

      apt.sources.d/a.sources, line 8: Types: deb
        A source needs at least these lines:

          Types: deb
          URIs: https://apt.example.com/debian
          Suites: trixie
          Components: main
          Signed-By: ./keys/archive.asc"
    `);
  });
});

describe("archives that do not fit, or stand as in sources.list", () => {
  test("are told with the line that is needed", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            "deb http://apt.example.com/debian bookworm main",
            "deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://me:s3cret@apt.example.com/debian trixie main",
            "deb http://deb.debian.org/debian bookworm main",
            "deb-src http://deb.debian.org/debian trixie main",
            "deb http://archive.ubuntu.com/ubuntu noble universe",
          ].join("\n"),
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: deb http://apt.example.com/debian bookworm main
        A source needs the public key that its packages are signed with; put it into the app, as the archive's own instructions give it, and write:

          :repo:deb [signed-by=./keys/apt.example.com.asc] http://apt.example.com/debian bookworm main

      apt.txt, line 2: deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://****@apt.example.com/debian trixie main
        An archive of packages is written with ':repo:' before it, and with a key that is in the app:

          :repo:deb [arch=amd64 signed-by=./keys/vendor.gpg] https://****@apt.example.com/debian trixie main

      apt.txt, line 3: deb http://deb.debian.org/debian bookworm main
        An archive of packages is written with ':repo:' before it:

          :repo:deb http://deb.debian.org/debian bookworm main

      apt.txt, line 4: deb-src http://deb.debian.org/debian trixie main
        The image needs nothing of this archive; remove the line.

      apt.txt, line 5: deb http://archive.ubuntu.com/ubuntu noble universe
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it."
    `);
  });

  test("of Ubuntu are refused before their key is looked for", async () => {
    expect(
      told(
        await read({
          "apt.txt": [
            ":repo:deb http://archive.ubuntu.com/ubuntu jammy main",
            ":repo:deb http://apt.postgresql.org/pub/repos/apt jammy-pgdg main",
            ":repo:deb https://apt.example.com focal-updates main",
            ":repo:deb https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2204/x86_64/ /",
          ].join("\n"),
          "apt.sources.d/a.list": "deb https://apt.example.com artful main\n",
          "apt.sources.d/b.sources":
            "# In place of jammy\nTypes: deb\nURIs: https://apt.example.com/noble-tools\nSuites: trixie\nComponents: main\n\nTypes: deb\nURIs: https://apt.example.com\nSuites: noble\nComponents: main\nSigned-By: ./none.asc\n",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.txt, line 1: :repo:deb http://archive.ubuntu.com/ubuntu jammy main
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it.

      apt.txt, line 2: :repo:deb http://apt.postgresql.org/pub/repos/apt jammy-pgdg main
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it; PostgreSQL's archive has the suite trixie-pgdg in place of jammy-pgdg.

      apt.txt, line 3: :repo:deb https://apt.example.com focal-updates main
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it.

      apt.txt, line 4: :repo:deb https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2204/x86_64/ /
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it.

      apt.sources.d/a.list, line 1: deb https://apt.example.com artful main
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it.

      apt.sources.d/b.sources, line 2: Types: deb
        A source needs the public key that its packages are signed with; put it into the app, as the archive's own instructions give it, and write:

          Signed-By: ./keys/apt.example.com.asc

      apt.sources.d/b.sources, line 7: Types: deb
        The image is Debian 13 (trixie): packages of Ubuntu do not fit it."
    `);
  });

  test("for Debian's PostgreSQL are no Ubuntu's", async () => {
    const { sources, problems } = await read({
      "apt.txt":
        ":repo:deb [signed-by=k.asc] https://apt.postgresql.org/pub/repos/apt trixie-pgdg main",
      "k.asc": KEY,
    });

    expect(problems).toEqual([]);
    expect(sources.map(({ suites }) => suites)).toEqual([["trixie-pgdg"]]);
  });

  test("of Debian's own non-free need no key", async () => {
    const { sources, problems } = await read({
      "apt.txt": ":repo:deb http://deb.debian.org/debian trixie non-free",
    });

    expect(problems).toEqual([]);
    expect(sources.map(({ components }) => components)).toEqual([["non-free"]]);
  });
});

describe("pins", () => {
  test("are the text of apt.preferences", async () => {
    const text = "Explanation: why\nPackage: jq\nPin: release n=trixie\nPin-Priority: -10\n";

    const { preferences, problems } = await read({ "apt.preferences": text });

    expect(problems).toEqual([]);
    expect(preferences).toBe(text);
  });

  test("that apt would not understand are told", async () => {
    expect(
      told(
        await read({
          "apt.preferences":
            "Package: jq\nPin: release n=trixie\n\nPackage: jq\nPin: trixie\nPin-Priority: 990\n\nPackage: jq\nPin: version 1.*\nPin-Priority: high\n\njq 990\n",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Some lines that ask for packages are not understood]

      apt.preferences, line 1: Package: jq
        The lines up to the next empty one also need Pin-Priority:

          Package: ffmpeg
          Pin: release n=trixie-backports
          Pin-Priority: 990

      apt.preferences, line 4: Pin: trixie
        Pin: release …, Pin: version … or Pin: origin … is needed.

      apt.preferences, line 8: Pin-Priority: high
        A whole number that is not 0 is needed, for example 990.

      apt.preferences, line 12: jq 990
        A line 'Name: value' is needed; a comment begins with '#'."
    `);
  });
});

test("a file is known by its text without credentials", async () => {
  const digestWith = async (password: string) => {
    const line = `https://me:${password}@apt.example/tool_1.0_all.deb sha256:${"0".repeat(64)}`;
    return (await read({ "apt.txt": line })).files.get("apt.txt");
  };

  expect(await digestWith("0ther")).toBe(await digestWith("s3cret"));
});
