import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIntoEngine, runApp } from "../support/platform.ts";
import { makeMirror, type Mirror } from "../support/python-mirror.ts";

describe("an app that asks for another Python than the run image's", () => {
  let app: string;
  let mirror: Mirror;
  let server: Server;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), "app-"));
    await writeFile(join(app, ".python-version"), "3.11\n");
    await writeFile(join(app, "requirements.txt"), "six==1.17.0\n");
    await writeFile(join(app, "main.py"), "import sys, six\nprint(sys.version, six.__version__)\n");
    await writeFile(join(app, "Procfile"), "web: python main.py\n");
    mirror = await makeMirror();
    server = createServer((request, response) => {
      const file = join(mirror.path, decodeURIComponent(request.url ?? ""));
      createReadStream(file)
        .on("error", () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });

  afterAll(async () => {
    server.close();
    await rm(app, { recursive: true });
  });

  it("runs with it, and later builds take its layer from the previous image", async () => {
    const { port } = server.address() as AddressInfo;
    const env = {
      BP_PYTHON_INSTALL_MIRROR: `http://127.0.0.1:${port}`,
      BP_PYTHON_DOWNLOADS_JSON_URL: `http://127.0.0.1:${port}/releases.json`,
    };

    const first = await buildIntoEngine("python-version", { path: app, env, keep: true });
    expect(first.output).toContain(`Using Python ${mirror.version} (from .python-version)`);
    expect(await runApp(first.reference)).toMatch(new RegExp(`^${mirror.version} .* 1\\.17\\.0$`));

    await writeFile(join(app, "requirements.txt"), "six==1.17.0\nhumanize==4.12.3\n");
    const second = await buildIntoEngine("python-version", { path: app, env });
    expect(second.output).toContain(`Reusing Python ${mirror.version} of the previous image`);
    expect(second.output).toContain("Reusing layer 'ml-buildpacks/python:cpython'");
    expect(await runApp(second.reference)).toMatch(/1\.17\.0$/);
  });
});
