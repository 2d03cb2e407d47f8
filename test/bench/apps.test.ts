import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  addRequirement,
  copyApp,
  editSource,
  replaceRequirement,
  useSecondApp,
  withLine,
  withoutLine,
  withUpgrade,
} from "../../bench/apps/changes.ts";
import { APPS, type BenchApp } from "../../bench/apps.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";

afterAll(cleanUp);

const ENVIRONMENT = `channels:
  - conda-forge
dependencies:
  - python=3.13
  - flask==3.1.2
  - pip:
      - humanize
`;

describe("lines of requirements", () => {
  it("are added at the end of requirements.txt", () => {
    expect(withLine("requirements.txt", "torch\nflask\n", "httpx")).toBe("torch\nflask\nhttpx\n");
  });

  it("are added to an environment.yml before what pip installs", () => {
    expect(withLine("environment.yml", ENVIRONMENT, "httpx")).toBe(
      ENVIRONMENT.replace("  - pip:", "  - httpx\n  - pip:"),
    );
  });

  it("are added at the end of an environment.yml that needs nothing of pip", () => {
    expect(withLine("environment.yml", "dependencies:\n  - flask\n", "httpx")).toBe(
      "dependencies:\n  - flask\n  - httpx\n",
    );
  });

  it("are replaced in their place, and nowhere else", () => {
    const upgrade = { before: "flask==3.1.2", after: "flask==3.1.3" };

    expect(withUpgrade("requirements.txt", "a\nflask==3.1.2\nb\n", upgrade)).toBe(
      "a\nflask==3.1.3\nb\n",
    );
    expect(withUpgrade("environment.yml", ENVIRONMENT, upgrade)).toBe(
      ENVIRONMENT.replace("3.1.2", "3.1.3"),
    );
  });

  it("are removed", () => {
    expect(withoutLine("environment.yml", ENVIRONMENT, "flask==3.1.2")).toBe(
      ENVIRONMENT.replace("  - flask==3.1.2\n", ""),
    );
  });

  it("must be there to be replaced or removed", () => {
    const upgrade = { before: "flask", after: "flask<4" };

    expect(() => withUpgrade("requirements.txt", "flask-cors\n", upgrade)).toThrow(
      "requirements.txt has no line 'flask'",
    );
    expect(() => withoutLine("environment.yml", ENVIRONMENT, "humanize")).toThrow(
      "environment.yml has no line 'humanize'",
    );
  });
});

describe.each(APPS)("$name", (app) => {
  it("is changed by each of its changes, one after the other", async () => {
    const folder = await copyApp(app);
    const changes = [
      ...[...app.additions, app.freshAddition].map(
        (line) => () => addRequirement(folder, app, line),
      ),
      ...upgradesOf(app).map((upgrade) => () => replaceRequirement(folder, app, upgrade)),
    ];

    const states = [await read(folder, app.requirements)];
    for (const change of changes) {
      await change();
      states.push(await read(folder, app.requirements));
    }

    expect(new Set(states).size).toBe(changes.length + 1);
  });

  it("keeps its heavy packages in the second app", async () => {
    const folder = await copyApp(app);
    await useSecondApp(folder, app);

    const text = await read(folder, app.requirements);

    const kept = linesOf(await read(app.folder, app.requirements));
    for (const line of app.secondApp.without) expect(kept.delete(line)).toBe(true);
    expect(new Set([...kept, ...app.secondApp.with])).toEqual(linesOf(text));
    expect(heavyIn(app).filter((line) => !kept.has(line))).toEqual([]);
    expect(await read(folder, "main.py")).not.toBe(await read(app.folder, "main.py"));
  });

  it("has another source after each edit", async () => {
    const folder = await copyApp(app);

    const sources = [await read(folder, "main.py")];
    for (let edit = 0; edit < 2; edit += 1) {
      await editSource(folder);
      sources.push(await read(folder, "main.py"));
    }

    expect(new Set(sources).size).toBe(3);
  });

  it("names each package once, those that are added included", async () => {
    const lines = (await read(app.folder, app.requirements)).split("\n");
    const names = [...lines, ...app.additions, app.freshAddition].flatMap(
      (line) => /^[ -]*([a-z][\w.-]*)(?:=.*)?$/.exec(line)?.[1] ?? [],
    );

    expect([...new Set(names)]).toEqual(names);
  });
});

function heavyIn({ heavyUpgrade }: BenchApp): readonly string[] {
  return heavyUpgrade === undefined ? [] : [heavyUpgrade.before];
}

/** Without the mark that an environment.yml has before each. */
function linesOf(text: string): Set<string> {
  return new Set(text.split("\n").map((line) => line.replace(/^ {2}- /, "")));
}

async function read(folder: string, file: string): Promise<string> {
  return await readFile(join(folder, file), "utf8");
}

function upgradesOf({ smallUpgrade, heavyUpgrade }: BenchApp) {
  return heavyUpgrade === undefined ? [smallUpgrade] : [smallUpgrade, heavyUpgrade];
}
