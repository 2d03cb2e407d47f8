import { mkdir, readFile, writeFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import type { Request } from "../../../src/conda/engine/protocol.ts";
import { capture } from "../../../src/kit/command.ts";
import { toolEnv } from "../../../src/kit/tool-env.ts";
import {
  makeChannel,
  PLACEHOLDER,
  publishCondaPackage,
  type PublishedCondaPackage,
} from "../../../scripts/lib/conda/channel.ts";
import { type ServedChannels, serveChannels } from "../../support/conda-channel-server.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { type Asked, askEngine } from "./ask-engine.ts";

let channel: string;
let served: ServedChannels;
const published = new Map<string, PublishedCondaPackage>();

beforeAll(async () => {
  channel = await makeChannel([{ name: "only-mac", subdir: "osx-64" }]);
  served = await serveChannels(channel);
  for (const made of [
    { name: "liba", version: "1.0", files: { "share/both": "a", "lib/liba": PLACEHOLDER } },
    { name: "liba", version: "1.1", archive: ".tar.bz2" as const },
    { name: "zz", depends: ["liba"] },
    { name: "libb", depends: ["zz"], files: { "share/both": "b" } },
    { name: "needs-gpu", depends: ["__cuda >=12"] },
    { name: "needs-mac", depends: ["only-mac >=1"] },
    {
      ...{ name: "python", version: "3.13.1", files: { "bin/python3.13": "#!/bin/sh\n" } },
      extra: { python_site_packages_path: "lib/python3.13t/site-packages" },
    },
    { name: "python", version: "3.12.8", files: { "bin/python3.12": "#!/bin/sh\n" } },
    {
      ...{ name: "pure", noarch: "python" as const, depends: ["python"] },
      ...{ entryPoints: ["pure = pure:main"], files: { "site-packages/pure.py": "" } },
    },
    {
      name: "scripted",
      files: {
        "bin/.scripted-post-link.sh": 'echo "$PKG_NAME in $PREFIX" > "$PREFIX/written"\n',
      },
    },
    {
      name: "directories",
      files: { "var/empty": { directory: true as const }, "var/file": "a" },
    },
    { name: "failing", files: { "bin/.failing-post-link.sh": "echo no; exit 3\n" } },
  ]) {
    const one = await publishCondaPackage(channel, made);
    published.set(`${made.name} ${"version" in made ? made.version : "1.0"}`, one);
  }
});

afterAll(cleanUp);

describe("solve", () => {
  it("gives the packages, keeps what fits, and leaves out what the host lends", async () => {
    const kept = `${served.url}/linux-64/liba-1.0-0.conda`;
    const gone = `${served.url}/linux-64/gone-1.0-0.conda`;
    const cuda = { name: "__cuda", version: "12.8", build: "0" };

    expect(
      await answers([
        solve({ specs: ["libb"] }),
        solve({ specs: ["libb"], preferences: [kept, gone] }),
        solve({ specs: ["libb"], preferences: [kept], constraints: ["liba >=1.1"] }),
        solve({ specs: ["needs-gpu"], virtualPackages: [cuda] }),
      ]),
    ).toEqual([
      ["libb-1.0-0.conda", "liba-1.1-0.tar.bz2", "zz-1.0-0.conda"].sort(),
      ["libb-1.0-0.conda", "liba-1.0-0.conda", "zz-1.0-0.conda"].sort(),
      ["libb-1.0-0.conda", "liba-1.1-0.tar.bz2", "zz-1.0-0.conda"].sort(),
      ["needs-gpu-1.0-0.conda"],
    ]);
  });

  it("takes specs as conda does", async () => {
    const specs = ["liba 1.0", "liba=1.0", "liba==1.0", "liba >= 1.0, <1.1"];

    expect(await answers(specs.map((spec) => solve({ specs: [spec] })))).toEqual(
      specs.map(() => ["liba-1.0-0.conda"]),
    );
  });

  it("tells in its own words what can't be solved", async () => {
    expect(
      await errors([
        solve({ specs: ["liba >=>= 2"] }),
        solve({ specs: ["libc"] }),
        solve({ specs: ["only-mac"] }),
        solve({ specs: ["liba >=2"] }),
        solve({ specs: ["liba ==1.0", "libb", "zz ==1.0", "liba ==1.1"] }),
        solve({ specs: ["needs-gpu"] }),
        solve({ specs: ["needs-mac"] }),
        solve({ specs: ["libc", "liba=1.0=x_9", "python=3.9", "libb", "only-mac"] }),
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "kind": "match-spec",
          "message": "unable to parse version spec: >=>= 2",
          "subject": "liba >=>= 2",
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: No candidates were found for libc *.
      ",
          "platforms": {},
          "similar": {
            "libc": [
              "libb",
              "liba",
            ],
          },
          "versions": {},
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: No candidates were found for only-mac *.
      ",
          "platforms": {
            "only-mac": [
              "osx-64",
            ],
          },
          "similar": {
            "only-mac": [],
          },
          "versions": {},
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: No candidates were found for liba >=2.
      ",
          "platforms": {},
          "similar": {},
          "versions": {
            "liba": [
              "1.1",
              "1.0",
            ],
          },
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: The following packages are incompatible
      ├─ liba ==1.1 can be installed with any of the following options:
      │  └─ liba 1.1
      └─ liba ==1.0 cannot be installed because there are no viable options:
         └─ liba 1.0, which conflicts with the versions reported above.
      ",
          "platforms": {},
          "similar": {},
          "versions": {},
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: needs-gpu * cannot be installed because there are no viable options:
      └─ needs-gpu 1.0 would require
         └─ __cuda >=12, for which no candidates were found.
      ",
          "platforms": {},
          "similar": {},
          "versions": {},
        },
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: needs-mac * cannot be installed because there are no viable options:
      └─ needs-mac 1.0 would require
         └─ only-mac >=1, for which no candidates were found.
      ",
          "platforms": {
            "only-mac": [
              "osx-64",
            ],
          },
          "similar": {
            "only-mac": [],
          },
          "versions": {},
        },
        {
          "builds": {
            "liba": [
              {
                "build": "0",
                "version": "1.0",
              },
            ],
          },
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: No candidates were found for libc *.
      ",
          "platforms": {
            "only-mac": [
              "osx-64",
            ],
          },
          "similar": {
            "libc": [
              "libb",
              "liba",
            ],
            "only-mac": [],
          },
          "versions": {
            "liba": [
              "1.1",
              "1.0",
            ],
            "python": [
              "3.13.1",
              "3.12.8",
            ],
          },
        },
      ]
    `);
  });

  it("tells which channel can't be read, and why", async () => {
    const broken = await makeChannel([{ name: "liba" }]);
    const server = await serveChannels(broken, {
      failures: { "linux-64/repodata.json": { changed: true }, ".zst": { status: 404 } },
    });
    const cut = await serveChannels(broken, { failures: { "repodata.json": { cutAfter: 20 } } });
    cut.failures.set(".zst", { status: 404 });
    const down = await serveChannels(broken, { failures: { json: { status: 503 } } });
    down.failures.set("zst", { status: 503 });

    const channels = [`${served.url}/none`, server.url, cut.url, down.url];
    channels.push("http://127.0.0.1:9", "http://host.invalid/channel");
    const requests = channels.map((one) => solve({ channels: [served.url, one], specs: ["liba"] }));

    const found = JSON.stringify(await errors(requests), null, 1);

    expect(
      found
        .replaceAll(server.url, "BROKEN")
        .replaceAll(cut.url, "CUT")
        .replaceAll(down.url, "DOWN")
        .replaceAll(served.url, "CHANNEL")
        // Whichever was asked for first.
        .replaceAll(/(linux-64|noarch)\/repodata/g, "SUBDIR/repodata"),
    ).toMatchInlineSnapshot(`
      "[
       {
        "kind": "channel",
        "message": "could not find subdir 'noarch' in channel 'CHANNEL/none/'\\nCaused by: HTTP status client error (404 Not Found) for url (CHANNEL/none/SUBDIR/repodata.json)",
        "subject": "CHANNEL/none",
        "status": 404
       },
       {
        "kind": "channel",
        "message": "failed to parse repodata.json\\nCaused by: expected ident at line 1 column 2",
        "subject": "BROKEN"
       },
       {
        "kind": "channel",
        "message": "failed to download CUT/SUBDIR/repodata.json\\nCaused by: error decoding response body\\nCaused by: request or response body error\\nCaused by: error reading a body from connection\\nCaused by: end of file before message length reached",
        "subject": "CUT"
       },
       {
        "kind": "channel",
        "message": "HTTP status server error (503 Service Unavailable) for url (DOWN/SUBDIR/repodata_shards.msgpack.zst)",
        "subject": "DOWN",
        "status": 503
       },
       {
        "kind": "channel",
        "message": "Request failed after 3 retries\\nCaused by: error sending request for url (http://127.0.0.1:9/SUBDIR/repodata_shards.msgpack.zst)\\nCaused by: client error (Connect)\\nCaused by: tcp connect error\\nCaused by: Connection refused (os error 111)",
        "subject": "http://127.0.0.1:9"
       },
       {
        "kind": "channel",
        "message": "Request failed after 3 retries\\nCaused by: error sending request for url (http://host.invalid/channel/SUBDIR/repodata_shards.msgpack.zst)\\nCaused by: client error (Connect)\\nCaused by: dns error\\nCaused by: error resolving DNS\\nCaused by: failed to lookup address information: Name or service not known",
        "subject": "http://host.invalid/channel"
       }
      ]"
    `);
  });

  it("reads a channel without a directory for the platform", async () => {
    const request = solve({ platform: "linux-aarch64", specs: ["pure"] });

    expect(await errors([request])).toMatchInlineSnapshot(`
      [
        {
          "builds": {},
          "kind": "unsolvable",
          "message": "Cannot solve the request because of: pure * cannot be installed because there are no viable options:
      └─ pure 1.0 would require
         └─ python *, for which no candidates were found.
      ",
          "platforms": {
            "python": [
              "linux-64",
            ],
          },
          "similar": {
            "python": [],
          },
          "versions": {},
        },
      ]
    `);
  });

  it("shows credentials to nobody", async () => {
    const address = served.url.replace("://", "://someone:secret@");
    const [asked] = await ask([
      solve({ channels: [address], specs: ["liba"] }),
      solve({ channels: [address.replace(/:\d+$/, ":9")], specs: ["liba"] }),
    ]);

    expect(JSON.stringify(asked)).not.toContain("secret");
    expect(JSON.stringify(asked)).toContain(`${served.url}/linux-64/liba-1.1-0.tar.bz2`);
  });
});

describe("credentials", () => {
  it.each([
    [
      "a user and a password",
      { user: "me", password: "secret" },
      { BasicHTTP: { username: "me", password: "secret" } },
    ],
    ["a bearer token", { bearer: "s3cret" }, { BearerToken: "s3cret" }],
    ["Anaconda's token", { token: "s3cret" }, { CondaToken: "s3cret" }],
  ])("%s", async (_title, requires, credential) => {
    const folder = await temporaryDirectory();
    const closed = await serveChannels(channel, { requires });
    const file = join(folder, "auth.json");
    await writeJson(file, { "127.0.0.1": credential });
    const packages = [locked("liba 1.1", closed.url)];
    const url = `${closed.url}/linux-64/liba-1.1-0.tar.bz2`;

    const asked = await ask(
      [
        solve({ channels: [closed.url], specs: ["liba"], credentials: file }),
        install({ packages, prefix: join(folder, "prefix"), credentials: file }),
        { command: "digest", urls: [url], cache: folder, mirrors: {}, credentials: file },
        // As a mirror of another channel, too.
        solve({
          ...{ channels: ["https://conda.example/main"], specs: ["liba"], credentials: file },
          mirrors: { "https://conda.example/main": [closed.url] },
        }),
        solve({ channels: [closed.url], specs: ["liba"] }),
      ],
      folder,
    );

    const { sha256 } = published.get("liba 1.1")!.record;
    expect(asked.map(({ answer }) => answer)).toMatchObject([
      { packages: [{ url, sha256 }] },
      { packages: { liba: expect.stringMatching(/liba-1\.1-0$/) } },
      { packages: [{ url, sha256 }] },
      { packages: [{ url: "https://conda.example/main/linux-64/liba-1.1-0.tar.bz2" }] },
      { error: { kind: "channel", status: 401, subject: closed.url } },
    ]);
  });
});

describe("the way to a channel", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("goes through %s", async (name) => {
    const seen: string[] = [];
    const proxy = createServer(({ url = "" }, response) => {
      seen.push(url);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const request = solve({ channels: ["http://conda.invalid/main"], specs: ["liba"] });

    await ask([request, solve({ specs: ["liba"] })], undefined, {
      ...{ [name]: address, NO_PROXY: "127.0.0.1" },
    });
    proxy.close();

    expect(seen).toContain("http://conda.invalid/main/noarch/repodata.json");
    expect(seen.filter((url) => !url.startsWith("http://conda.invalid/main/"))).toEqual([]);
  });
});

describe("a channel whose certificate is of an own authority", () => {
  it("is read where SSL_CERT_FILE names that authority", async () => {
    const folder = await temporaryDirectory();
    await capture("sh", ["-c", MAKE_CERTIFICATES], { env: toolEnv(process.env), cwd: folder });
    const [cert, key] = await Promise.all(
      ["server.pem", "server.key"].map((name) => readFile(join(folder, name))),
    );
    const credentials = { cert, key };
    const server = createTlsServer(credentials, (request, response) => {
      const isIndex = request.url?.endsWith("/repodata.json") === true;
      response.writeHead(isIndex ? 200 : 404).end(isIndex ? EMPTY_INDEX : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const requests = [solve({ channels: [url], specs: ["liba"] })];

    const [trusted] = await ask(requests, folder, { SSL_CERT_FILE: join(folder, "ca.pem") });
    const [untrusted] = await ask(requests, folder);
    server.close();

    expect(trusted?.answer).toMatchObject({ error: { kind: "unsolvable" } });
    expect(untrusted?.answer).toMatchObject({
      error: { kind: "channel", message: expect.stringContaining("UnknownIssuer"), subject: url },
    });
  });
});

const MAKE_CERTIFICATES = `
  new="openssl req -newkey rsa:2048 -nodes"
  $new -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
  $new -subj /CN=server -keyout server.key -out server.csr
  echo subjectAltName=IP:127.0.0.1 > names
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem
`;

const EMPTY_INDEX = JSON.stringify({ info: {}, packages: {}, "packages.conda": {} });

describe("install", () => {
  it("gives the same whatever the order: of two packages' file, that of the one that needs the other", async () => {
    const folder = await temporaryDirectory();
    const prefix = (n: number): string => join(folder, `p${n}`);
    const packages = ["liba 1.0", "libb 1.0", "zz 1.0"].map((name) => locked(name));
    await ask(
      [
        install({ packages, prefix: prefix(1) }),
        install({ packages: packages.toReversed(), prefix: prefix(2) }),
      ],
      folder,
    );

    for (const n of [1, 2]) {
      expect(await readFile(join(prefix(n), "share/both"), "utf8")).toBe("b");
      expect(await readFile(join(prefix(n), "lib/liba"), "utf8")).toBe(prefix(n));
    }
  });

  it("makes the directories that a package lists for themselves", async () => {
    const folder = await temporaryDirectory();
    const prefix = join(folder, "prefix");
    const packages = [locked("directories 1.0"), locked("liba 1.0")];
    expect(await errors([install({ packages, prefix })], folder)).toMatchObject([{ packages: {} }]);

    expect(await readdir(join(prefix, "var"))).toEqual(["empty", "file"]);
    expect(await readdir(join(prefix, "var/empty"))).toEqual([]);
    const record = await readFile(join(prefix, "conda-meta/directories-1.0-0.json"), "utf8");
    expect(JSON.parse(record)).toMatchObject({
      paths_data: { paths: [{ _path: "var/file" }, { _path: "var/empty" }] },
    });
    expect(await readFile(join(prefix, "lib/liba"), "utf8")).toBe(prefix);
  });

  it("puts noarch Python packages where the prefix's Python looks for them", async () => {
    const folder = await temporaryDirectory();
    const prefix = (n: number): string => join(folder, `p${n}`);
    await ask(
      ["python 3.12.8", "python 3.13.1"].map((python, n) =>
        install({ packages: [locked(python), locked("pure 1.0")], prefix: prefix(n) }),
      ),
      folder,
    );

    expect(await readFile(join(prefix(0), "lib/python3.12/site-packages/pure.py"), "utf8")).toBe(
      "",
    );
    expect(await readFile(join(prefix(1), "lib/python3.13t/site-packages/pure.py"), "utf8")).toBe(
      "",
    );
    expect(await readFile(join(prefix(0), "bin/pure"), "utf8")).toContain(
      `#!${prefix(0)}/bin/python3.12`,
    );
  });

  it("runs post-link scripts only when it is asked to", async () => {
    const folder = await temporaryDirectory();
    const prefix = join(folder, "prefix");
    const packages = [locked("scripted 1.0")];

    await ask([install({ packages, prefix })], folder);
    await expect(readFile(join(prefix, "written"))).rejects.toThrow("ENOENT");

    await ask([install({ packages, prefix: `${prefix}2`, linkScripts: true })], folder);
    expect(await readFile(join(`${prefix}2`, "written"), "utf8")).toBe(`scripted in ${prefix}2\n`);

    const failing = install({
      packages: [locked("failing 1.0")],
      prefix: `${prefix}3`,
      linkScripts: true,
    });
    expect(await errors([failing], folder)).toMatchInlineSnapshot(`
      [
        {
          "kind": "link",
          "message": "its post-link script failed",
          "subject": "failing",
        },
      ]
    `);
  });

  it("tells what is wrong with a package", async () => {
    const folder = await temporaryDirectory();
    const server = await serveChannels(channel, {
      failures: {
        "liba-1.0-0.conda": { changed: true },
        "liba-1.1-0.tar.bz2": { cutAfter: 100 },
        "zz-1.0-0.conda": { status: 404 },
      },
    });
    const of = (name: string, more: object = {}): Request =>
      install({
        packages: [{ ...locked(name, server.url), ...more }],
        prefix: join(folder, "prefix"),
      });
    const requests = [of("liba 1.0"), of("liba 1.1"), of("zz 1.0")];
    requests.push(of("libb 1.0", { sha256: "0".repeat(64) }));
    requests.push(of("libb 1.0", { sha256: undefined, md5: "0".repeat(32) }));
    requests.push(of("libb 1.0", { channel: "http://127.0.0.1:9" }));

    const found = JSON.stringify(await errors(requests, folder), null, 1);

    expect(
      found
        .replaceAll(server.url, "CHANNEL")
        .replaceAll(folder, "FOLDER")
        .replaceAll(/(packages\/\.\w+-1\.0-0)\w+/g, "$1XXX"),
    ).toMatchInlineSnapshot(`
      "[
       {
        "kind": "package",
        "message": "failed to fetch liba-1.0-0.conda\\nCaused by: failed to interact with the package cache layer.\\nCaused by: invalid zip archive: invalid Zip archive: Invalid local file header\\nCaused by: invalid Zip archive: Invalid local file header",
        "subject": "liba-1.0-0.conda"
       },
       {
        "kind": "package",
        "message": "failed to fetch liba-1.1-0.tar.bz2\\nCaused by: failed to interact with the package cache layer.\\nCaused by: an io error occurred: error decoding response body\\nCaused by: error decoding response body\\nCaused by: request or response body error\\nCaused by: error reading a body from connection\\nCaused by: end of file before message length reached",
        "subject": "liba-1.1-0.tar.bz2"
       },
       {
        "kind": "package",
        "message": "failed to fetch zz-1.0-0.conda\\nCaused by: failed to interact with the package cache layer.\\nCaused by: HTTP status client error (404 Not Found) for url (CHANNEL/linux-64/zz-1.0-0.conda)",
        "subject": "zz-1.0-0.conda",
        "status": 404
       },
       {
        "kind": "digest",
        "message": "failed to fetch libb-1.0-0.conda\\nCaused by: failed to interact with the package cache layer.\\nCaused by: hash mismatch when extracting CHANNEL/linux-64/libb-1.0-0.conda to FOLDER/cache/packages/.libb-1.0-0XXX: expected 0000000000000000000000000000000000000000000000000000000000000000, got 28a6d10362d92545d656eb232d30dbaf75f2854d4f4c2a7ab5257daf53c51046, total size 8621 bytes",
        "subject": "libb-1.0-0.conda"
       },
       {
        "kind": "digest",
        "message": "failed to fetch libb-1.0-0.conda\\nCaused by: failed to interact with the package cache layer.\\nCaused by: hash mismatch when extracting CHANNEL/linux-64/libb-1.0-0.conda to FOLDER/cache/packages/.libb-1.0-0XXX: expected 00000000000000000000000000000000, got 0bea4458869b865d41c6a77b7a6a0411, total size 8621 bytes",
        "subject": "libb-1.0-0.conda"
       },
       {
        "kind": "package",
        "message": "failed to fetch libb-1.0-0.conda\\nCaused by: failed to interact with the package cache layer.\\nCaused by: Request failed after 3 retries\\nCaused by: error sending request for url (http://127.0.0.1:9/linux-64/libb-1.0-0.conda)\\nCaused by: client error (Connect)\\nCaused by: tcp connect error\\nCaused by: Connection refused (os error 111)",
        "subject": "libb-1.0-0.conda"
       }
      ]"
    `);
    const asked = server.requests.filter(({ path }) => path.endsWith("liba-1.1-0.tar.bz2"));
    expect(asked.length).toBeGreaterThan(1);
  });
});

describe("a pixi.lock", () => {
  it("is read by environment, for conda and for pip", async () => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, "pixi.lock"), PIXI_LOCK);

    const [asked] = await ask([readLock(join(folder, "pixi.lock"))], folder);

    expect(asked?.answer).toEqual({
      environments: [
        { name: "default", platforms: ["linux-64", "osx-64"], packages: [ZLIB], pypi: [] },
        {
          ...{ name: "gpu", platforms: ["linux-64"], packages: [ZLIB] },
          pypi: [
            { name: "mine", location: "./", editable: true },
            {
              ...{ name: "six", version: "1.17.0", editable: false, sha256: "c".repeat(64) },
              location: "https://files.pythonhosted.org/packages/six-1.17.0-py2.py3-none-any.whl",
            },
          ],
        },
      ],
    });
  });

  it("that can't be read, or names what no channel has, is told", async () => {
    const folder = await temporaryDirectory();
    const locks = ["version: 6\nfoo: [\n", "version: 99\nenvironments: {}\npackages: []\n"];
    locks.push(SOURCE_LOCK);
    const files = locks.map((_, index) => join(folder, `${index}.lock`));
    for (const [index, file] of files.entries()) await writeFile(file, locks[index] ?? "");

    expect(await errors(files.map(readLock), folder)).toMatchInlineSnapshot(`
      [
        {
          "kind": "lock-file",
          "message": "did not find expected node content at line 3 column 1, while parsing a flow node",
        },
        {
          "kind": "lock-file",
          "message": "found newer lockfile format version 99, but only up to including version 7 is supported",
        },
        {
          "kind": "lock-file",
          "message": "child-package is built from source (child-package)",
          "subject": "child-package",
        },
      ]
    `);
  });
});

const ZLIB = {
  url: "https://conda.example/main/linux-64/zlib-1.3-0.conda",
  sha256: "a".repeat(64),
  md5: "b".repeat(32),
};

const PIXI_LOCK = `version: 6
environments:
  default:
    channels:
    - url: https://conda.example/main/
    packages:
      linux-64:
      - conda: https://conda.example/main/linux-64/zlib-1.3-0.conda
      osx-64:
      - conda: https://conda.example/main/osx-64/zlib-1.3-0.conda
  gpu:
    channels:
    - url: https://conda.example/main/
    indexes:
    - https://pypi.org/simple
    packages:
      linux-64:
      - conda: https://conda.example/main/linux-64/zlib-1.3-0.conda
      - pypi: ./
      - pypi: https://files.pythonhosted.org/packages/six-1.17.0-py2.py3-none-any.whl
packages:
- conda: https://conda.example/main/linux-64/zlib-1.3-0.conda
  sha256: ${"a".repeat(64)}
  md5: ${"b".repeat(32)}
- conda: https://conda.example/main/osx-64/zlib-1.3-0.conda
  sha256: ${"a".repeat(64)}
- pypi: ./
  name: mine
  version: 0.1.0
  editable: true
- pypi: https://files.pythonhosted.org/packages/six-1.17.0-py2.py3-none-any.whl
  name: six
  version: 1.17.0
  sha256: ${"c".repeat(64)}
`;

const SOURCE_LOCK = `version: 6
environments:
  default:
    channels: []
    packages:
      linux-64:
      - conda: child-package
packages:
- conda: child-package
  name: child-package
  version: 0.1.0
  build: pyhbf21a9e_0
  subdir: noarch
`;

function readLock(file: string): Request {
  return { command: "read-lock", file, platform: "linux-64" };
}

/** The files of solutions, sorted. */
async function answers(requests: readonly Request[]): Promise<readonly (readonly string[])[]> {
  return (await ask(requests)).map(({ answer }) => {
    const { packages } = answer as { readonly packages: readonly { readonly url: string }[] };
    return packages.map(({ url }) => url.replace(/.*\//, "")).sort();
  });
}

async function errors(requests: readonly Request[], folder?: string): Promise<readonly unknown[]> {
  return (await ask(requests, folder)).map(
    ({ answer }) => (answer as { readonly error?: unknown }).error ?? answer,
  );
}

async function ask(
  requests: readonly Request[],
  folder?: string,
  env?: Readonly<Record<string, string>>,
): Promise<readonly Asked[]> {
  const place = folder ?? (await temporaryDirectory());
  const cache = join(place, "cache");
  await mkdir(cache, { recursive: true });
  return await askEngine(
    place,
    requests.map((one) => (one.command === "read-lock" ? one : { ...one, cache })),
    env,
  );
}

type Fields<Command extends Request["command"]> = Partial<
  Extract<Request, { readonly command: Command }>
>;

function solve(fields: Fields<"solve">): Request {
  return {
    ...{ command: "solve", channels: [served.url], platform: "linux-64", specs: [] },
    ...{ constraints: [], preferences: [], virtualPackages: [], priority: "strict" },
    ...{ cache: "", mirrors: {}, ...fields },
  };
}

function install(fields: Fields<"install">): Request {
  return {
    ...{ command: "install", packages: [], platform: "linux-64", prefix: "" },
    ...{ linkScripts: false, cache: "", mirrors: {}, ...fields },
  };
}

function locked(name: string, from = served.url) {
  const { subdir, file, record } = published.get(name)!;
  const [project = "", version = ""] = name.split(" ");
  const { sha256 } = record;
  return { ...{ name: project, version, build: "0", channel: from, subdir, file, sha256 } };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(value));
}
