import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { originOfLogin, writeNetrc } from "../../../src/python/access/netrc-file.ts";
import { createLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const bound = {
  ...{ host: "a.example", login: "ada", password: "s3cret" },
  origin: { file: "the binding internal" },
};
const written = {
  ...{ host: "b.example", login: "t0ken", password: "" },
  origin: { file: "requirements.txt", line: 2 },
};

describe("the netrc file of a build", () => {
  it("has what was given, then what the build's user has for other hosts", async () => {
    const home = await homeWith(
      "machine A.example login me password other\nmachine C.example login me password mine\ndefault login x password y",
    );
    const { path = "", layersDir } = await write([bound, written], { HOME: home });

    expect(await readFile(path, "utf8")).toMatchInlineSnapshot(`
      "machine a.example login "ada" password "s3cret"
      machine b.example login "t0ken" password ""
      machine c.example login "me" password "mine"
      default login "x" password "y"
      "
    `);
    const modes = [path, dirname(path)].map(async (each) => (await stat(each)).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o600, 0o700]);
    expect(dirname(path)).toBe(join(layersDir, "credentials"));
  });

  it("is that of NETRC in place of the one at home", async () => {
    const home = await homeWith("machine a.example login me password mine");
    const NETRC = join(await temporaryDirectory(), "other");
    const { path, printed } = await write([], { HOME: home, NETRC });

    expect(path).toBeUndefined();
    expect(printed).toEqual([`\n[Warning: NETRC names ${NETRC}, which the build can't read]\n`]);
    const named = join(home, ".netrc");
    const { path: other } = await write([], { NETRC: named });
    expect(await originOfLogin(other, "https://a.example/x")).toBe(`NETRC (${named})`);
  });

  it("is not there where there is nothing", async () => {
    expect((await write([], {})).path).toBeUndefined();
  });

  it("hides its secrets", async () => {
    const home = await homeWith("machine c.example login me password mine");
    const { log, printed } = await write([bound], { HOME: home });

    log.step("s3cret and mine");
    expect(printed).toEqual(["**** and ****\n"]);
  });
});

describe("what gave the credentials of a URL", () => {
  it.each([
    ["https://a.example:8443/simple/", "the binding internal"],
    ["https://B.example/x", "requirements.txt, line 2"],
    ["https://c.example/x", "~/.netrc"],
    ["https://d.example/x", undefined],
    ["", undefined],
  ])("%s", async (url, expected) => {
    const home = await homeWith("machine c.example login me password mine");
    const { path } = await write([bound, written], { HOME: home });

    expect(await originOfLogin(path, url)).toBe(expected);
    expect(await originOfLogin(undefined, url)).toBeUndefined();
  });

  it("may be an entry for all hosts", async () => {
    const { path } = await write([], { HOME: await homeWith("default login x password y") });

    expect(await originOfLogin(path, "https://d.example/x")).toBe("~/.netrc");
  });
});

async function homeWith(netrc: string): Promise<string> {
  const home = await temporaryDirectory();
  await writeFiles(home, { ".netrc": netrc });
  return home;
}

async function write(
  credentials: Parameters<typeof writeNetrc>[1],
  env: Readonly<Record<string, string>>,
) {
  const layersDir = await temporaryDirectory();
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const log = createLog({ out: print, err: print, debug: false });
  return { path: await writeNetrc({ layersDir, env, log }, credentials), layersDir, log, printed };
}
