import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import definition from "../../../src/buildpacks/processes/index.ts";
import { readTomlIfPresent } from "../../../src/cnb/toml.ts";
import { run } from "../../../src/kit/buildpack.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { phaseDirectories, phaseEnv, writeFiles } from "../../support/phase.ts";

const FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n";

const DJANGO = {
  "manage.py": "",
  "mysite/wsgi.py":
    "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
  "mysite/asgi.py":
    "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
};

describe("the build", () => {
  test("serves a web app with the installed server", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, ["fastapi==0.120.0", "uvicorn==0.38.0"]);

    expect(built.processes).toEqual([
      {
        type: "web",
        command: [
          "sh",
          "-c",
          `exec uvicorn main:app --host 0.0.0.0 --port "\${PORT:-8080}" "$@"`,
          "web",
        ],
        args: [],
        default: true,
      },
    ]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a FastAPI app in main.py (app, line 3)
      Using uvicorn 0.38.0 to serve it
      Process types:
       - web (default): uvicorn main:app --host 0.0.0.0 --port "\${PORT:-8080}"
      "
    `);
  });

  test("says which of several apps it has taken", async () => {
    const built = await buildApp(
      {
        "api.py": FASTAPI,
        "dashboard.py": "import streamlit as st\n",
        "wsgi.py": "from api import app\n",
      },
      ["fastapi==0.120.0", "uvicorn==0.38.0", "streamlit==1.50.0"],
    );

    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a FastAPI app in api.py (app, line 3)
      Also found, and not started:
       - a Streamlit app in dashboard.py
      To start another, name its command in a Procfile.
      Using uvicorn 0.38.0 to serve it
      Process types:
       - web (default): uvicorn api:app --host 0.0.0.0 --port "\${PORT:-8080}"
      "
    `);
  });

  test.each([
    [["uvicorn==0.38.0"], "uvicorn mysite.asgi:application"],
    [["gunicorn==23.0.0"], "gunicorn mysite.wsgi:application"],
    [["gunicorn==23.0.0", "uvicorn==0.38.0"], "gunicorn mysite.wsgi:application"],
    [[], "python manage.py runserver"],
  ])("of Django's two files takes the one that %j can serve", async (servers, command) => {
    const built = await buildApp(DJANGO, ["django==5.2", ...servers]);

    expect(built.processes[0]?.command[2]).toContain(`exec ${command}`);
    expect(built.log).not.toContain("Also found");
  });

  test("serves Django's asgi.py where it has Channels, which WSGI does not serve", async () => {
    const channels =
      "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n";
    const packages = ["django==5.2", "channels==4.3.0", "daphne==4.2.0", "gunicorn==23.0.0"];

    const built = await buildApp({ ...DJANGO, "mysite/asgi.py": channels }, packages);

    expect(built.processes[0]?.command[2]).toContain("exec daphne mysite.asgi:application");
  });

  test("warns of a server that is made for development", async () => {
    const built = await buildApp({ "app.py": "from flask import Flask\napp = Flask(__name__)\n" }, [
      "flask==3.1.0",
    ]);

    expect(built.processes[0]?.command[2]).toBe(
      `exec env FLASK_APP=app:app flask run --host 0.0.0.0 --port "\${PORT:-8080}" "$@"`,
    );
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a Flask app in app.py (app, line 2)
      Using flask 3.1.0 to serve it
      Process types:
       - web (default): FLASK_APP=app:app flask run --host 0.0.0.0 --port "\${PORT:-8080}"

      [Warning: The app is started with a server that is made for development]
      No server for production is installed. Add a line to the app's requirements:

        gunicorn
      "
    `);
  });

  test("warns of a Gradio app that fixes its own port", async () => {
    const built = await buildApp(
      {
        "app.py":
          "import gradio as gr\n\ndemo = gr.Interface(str, 'text', 'text')\ndemo.launch(server_port=7860,\n    server_name='127.0.0.1')\n",
      },
      ["gradio==6.0.0"],
    );

    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a Gradio app in app.py
      Using gradio 6.0.0 to serve it
      Process types:
       - web (default): GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT="\${PORT:-8080}" GRADIO_ANALYTICS_ENABLED=False python app.py

      [Warning: app.py sets server_name itself, so the address 0.0.0.0 has no effect]
      Remove server_name from launch() in app.py, line 4, or the app may not be reachable.

      [Warning: app.py sets server_port itself, so PORT has no effect]
      Remove server_port from launch() in app.py, line 4, or the app may not be reachable.
      "
    `);
  });

  test("leaves a web app without a server alone, and says what is missing", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, ["fastapi==0.120.0"]);

    expect(built.processes).toEqual([]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a FastAPI app in main.py (app, line 3)

      [Warning: The image will have no process, since nothing that can serve the app is installed]
      Found a FastAPI app in main.py (app, line 3).
      Add a line to the app's requirements:

        uvicorn
      "
    `);
  });

  test("runs a script as a task, and as web for platforms that start nothing else", async () => {
    const built = await buildApp({ "main.py": "print('training')\n" }, []);

    expect(built.processes).toEqual([
      {
        type: "task",
        command: ["sh", "-c", 'exec python main.py "$@"', "task"],
        args: [],
        default: true,
      },
      {
        type: "web",
        command: ["sh", "-c", 'exec python main.py "$@"', "task"],
        args: [],
        default: false,
      },
    ]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Found a program in main.py
      Process types:
       - task (default), web: python main.py
      "
    `);
  });

  test("says how to name a process where it recognises none", async () => {
    const built = await buildApp({ "helpers.py": FASTAPI }, ["uvicorn==0.38.0"]);

    expect(built.code).toBe(0);
    expect(built.processes).toEqual([]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]

      [Warning: The image has no process to start]
      No file was recognised as an app's beginning:
      - a web app of FastAPI, Flask, Django or a similar framework
      - a Streamlit, Gradio, Chainlit or Dash app
      - a program in main.py, app.py, run.py, serve.py or server.py, or the only one of [project.scripts]
      To say how the app is started, add a file called Procfile. For example:

        web: python my_server.py
      "
    `);
  });

  test("takes a Procfile before what it recognises", async () => {
    const built = await buildApp(
      {
        "main.py": FASTAPI,
        Procfile: "web: python serve.py --port $PORT\nworker: python work.py\n",
      },
      ["uvicorn==0.38.0"],
    );

    expect(built.processes).toEqual([
      {
        type: "web",
        command: ["bash", "-c", "python serve.py --port $PORT"],
        args: [],
        default: true,
      },
      { type: "worker", command: ["bash", "-c", "python work.py"], args: [], default: false },
    ]);
    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Using the Procfile
       - web (default): python serve.py --port $PORT
       - worker: python work.py
      "
    `);
  });

  test("says that a Procfile leaves the default open", async () => {
    const built = await buildApp({ Procfile: "worker: a\nclock: b\n" }, []);

    expect(built.log).toMatchInlineSnapshot(`
      "
      [Choosing how the app is started]
      Using the Procfile
       - worker: a
       - clock: b
      None of them is the default. A process called web would be.
      "
    `);
  });

  test("ends with the fault of a Procfile in words", async () => {
    const built = await buildApp({ Procfile: "web: a\nworker\n" }, []);

    expect(built.code).toBe(1);
    expect(built.log).toContain("Procfile, line 2:\n\n  worker\n");
  });

  test("warns of a Procfile with another spelling", async () => {
    const built = await buildApp({ procfile: "web: a\n", "main.py": "print()\n" }, []);

    expect(built.log).toContain("[Warning: The file procfile is not used]");
  });
});

describe("what the app needs and the image lacks", () => {
  test("is its framework, which only its own import tells", async () => {
    const built = await buildApp(
      { "app.py": "from flask_openapi3 import OpenAPI\napp = OpenAPI(__name__)\n" },
      ["gunicorn==23.0.0", "flask==3.1.0"],
    );

    expect(built.processes).toHaveLength(1);
    expect(warningsOf(built.log)).toMatchInlineSnapshot(`
      "[Warning: The app can't start, since flask-openapi3 is not installed]
      Found a Flask-OpenAPI3 app in app.py (app, line 2).
      Add a line to the app's requirements:

        flask-openapi3
      "
    `);
  });

  test("is its framework and a server", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, []);

    expect(built.processes).toEqual([]);
    expect(warningsOf(built.log)).toMatchInlineSnapshot(`
      "[Warning: The image will have no process, since nothing that can serve the app is installed]
      Found a FastAPI app in main.py (app, line 3).
      Add 2 lines to the app's requirements:

        fastapi
        uvicorn
      "
    `);
  });

  test("is no framework that lies in the app, or comes by another name", async () => {
    const copied = await buildApp(
      { "app.py": "from bottle import Bottle\napp = Bottle()\n", "bottle.py": "" },
      ["waitress==3.0.2"],
    );
    expect(copied.processes).toHaveLength(1);
    expect(copied.log).not.toContain("[Warning");

    const slim = await buildApp({ "main.py": FASTAPI }, [
      "uvicorn==0.38.0",
      "fastapi-slim==0.129.0",
    ]);
    expect(slim.processes).toHaveLength(1);
    expect(slim.log).not.toContain("[Warning");
  });

  test("is written into conda's file where that says what is installed", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, ["fastapi==0.120.0"], {
      file: "deploy/environment.yml",
      hasPython: true,
    });
    expect(warningsOf(built.log)).toMatchInlineSnapshot(`
      "[Warning: The image will have no process, since nothing that can serve the app is installed]
      Found a FastAPI app in main.py (app, line 3).
      Write under 'dependencies:' of deploy/environment.yml:

        - uvicorn
      "
    `);

    const locked = await buildApp({ "main.py": FASTAPI }, ["fastapi==0.120.0"], {
      file: "conda-lock.yml",
      hasPython: true,
    });
    expect(warningsOf(locked.log)).toMatchInlineSnapshot(`
      "[Warning: The image will have no process, since nothing that can serve the app is installed]
      Found a FastAPI app in main.py (app, line 3).
      Write into the file that conda-lock.yml was made from, and lock again:

        uvicorn
      "
    `);
  });

  test("is Python itself, in an environment of conda's without it", async () => {
    const place = { file: "environment.yml", hasPython: false };

    const script = await buildApp({ "main.py": "print('training')\n" }, [], place);
    expect(warningsOf(script.log)).toMatchInlineSnapshot(`
      "[Warning: The app can't start, since python is not installed]
      Found a program in main.py.
      Write under 'dependencies:' of environment.yml:

        - python
      "
    `);

    const service = await buildApp({ "main.py": FASTAPI }, [], place);
    expect(warningsOf(service.log)).toMatchInlineSnapshot(`
      "[Warning: The image will have no process, since nothing that can serve the app is installed]
      Found a FastAPI app in main.py (app, line 3).
      Write under 'dependencies:' of environment.yml:

        - python
        - fastapi
        - uvicorn
      "
    `);

    const procfile = { Procfile: "web: ./serve\nworker: A=1 exec python work.py\n" };
    const named = await buildApp(procfile, [], place);
    expect(warningsOf(named.log)).toMatchInlineSnapshot(`
      "[Warning: The process worker can't start, since python is not installed]
      Found in the Procfile: A=1 exec python work.py
      Write under 'dependencies:' of environment.yml:

        - python
      "
    `);
  });

  test.each([
    ["web: python serve.py", true],
    ["web: python3 serve.py", false],
    ["web: ./python-like serve", false],
  ])("is not Python for a Procfile with %s, where Python is: %s", async (line, hasPython) => {
    const place = { file: "environment.yml", hasPython };

    const built = await buildApp({ Procfile: `${line}\n` }, [], place);

    expect(built.log).not.toContain("[Warning");
  });
});

describe("what the app's directory holds", () => {
  test("is told where it is hardly meant for an image", async () => {
    const built = await buildApp(
      {
        "main.py": FASTAPI,
        ".env": "KEY=1\n",
        ".env.example": "KEY=\n",
        ".venv/pyvenv.cfg": "home = /usr/bin\n",
        "env/settings.py": "",
        ".git/config": '[remote "origin"]\n\turl = https://ci:t0ken@git.example/a.git\n',
      },
      ["fastapi==0.120.0", "uvicorn==0.38.0"],
    );

    expect(built.log.slice(built.log.indexOf("[Warning"))).toMatchInlineSnapshot(`
      "[Warning: .env, .git and .venv of the app's directory are in the image]
      Whoever has the image can read them. To leave them out, write into project.toml:

        [io.buildpacks]
        exclude = [".env", ".git", ".venv"]
      "
    `);
    expect(built.log).not.toContain("t0ken");
  });
});

describe("the layers", () => {
  test("are for the launch only, and stand at the next build without contents", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, ["uvicorn==0.38.0"]);

    expect((await readdir(built.layers)).sort()).toEqual([
      "forwarded",
      "forwarded.toml",
      "launch.toml",
      "start-up",
      "start-up.toml",
    ]);
    for (const name of ["forwarded", "start-up"]) {
      const toml = await readTomlIfPresent(join(built.layers, `${name}.toml`));
      expect(toml?.["types"]).toEqual({ launch: true, build: false, cache: false });
    }
  });

  test.each([
    ["uvicorn==0.38.0", true],
    ["uvicorn==0.30.6", false],
    ["gunicorn==24.1.1", true],
    ["gunicorn==23.0.0", false],
    ["waitress==3.0.2", false],
  ])("with %s, proxies of private networks are believed: %s", async (server, expected) => {
    const built = await buildApp({ "main.py": FASTAPI }, [server]);

    expect((await readdir(built.layers)).includes("forwarded")).toBe(expected);
  });

  test("give a Procfile a port where the platform sets none", async () => {
    const built = await buildApp({ Procfile: "web: python serve.py --port $PORT\n" }, []);

    const file = join(built.layers, "start-up", "env.launch", "PORT.default");
    expect(await readFile(file, "utf8")).toBe("8080");
  });

  test("name the networks", async () => {
    const built = await buildApp({ "main.py": FASTAPI }, ["uvicorn==0.38.0"]);

    const file = join(built.layers, "forwarded", "env.launch", "FORWARDED_ALLOW_IPS.default");
    expect(await readFile(file, "utf8")).toBe(
      "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,::1/128,fc00::/7",
    );
  });
});

interface BuiltProcess {
  readonly type: string;
  readonly command: readonly string[];
}

function warningsOf(log: string): string {
  return log.slice(log.indexOf("[Warning"));
}

/** `conda` has the file that says what is installed. */
async function buildApp(
  files: { readonly [path: string]: string },
  packages: readonly string[],
  conda?: { readonly file: string; readonly hasPython: boolean },
): Promise<{
  readonly code: number;
  readonly log: string;
  readonly layers: string;
  readonly processes: readonly BuiltProcess[];
}> {
  const directories = await phaseDirectories({ id: "ml-buildpacks/processes" });
  await writeFiles(directories.app, files);
  const lock = join(directories.platform, "lock.json");
  const distributions = packages.map((spec) => {
    const [name = "", version = ""] = spec.split("==");
    return { from: "wheel", name, version, sha256: "0" };
  });
  const lockFile = { manager: "pip", distributions, uvArguments: [], buildArguments: [] };
  const handed = { file: conda?.file, lines: [], files: [] };
  await writeFiles(directories.platform, {
    "lock.json": JSON.stringify(lockFile),
    "handed.json": JSON.stringify(handed),
  });
  const handover = {
    [HANDOVER.lock]: lock,
    ...(conda === undefined
      ? {}
      : { [HANDOVER.requirements]: join(directories.platform, "handed.json") }),
    ...(conda?.hasPython === true ? { [HANDOVER.python]: "/prefix/bin/python3.13" } : {}),
  };
  const lines: string[] = [];
  const code = await run(
    definition,
    { argv: [], env: { ...phaseEnv(directories), ...handover }, cwd: directories.app },
    { out: (line) => lines.push(line), err: (line) => lines.push(line), debug: false },
  );
  const launch = await readTomlIfPresent(join(directories.layers, "launch.toml"));
  return {
    code,
    log: lines.join(""),
    layers: directories.layers,
    processes: (launch?.["processes"] ?? []) as readonly BuiltProcess[],
  };
}
