import { describe, expect, test } from "vitest";
import { recogniseApps } from "../../src/process/recognise.ts";
import { startOf } from "../../src/process/start.ts";
import { memoryFiles } from "./memory-files.ts";

interface Row {
  readonly files: { readonly [path: string]: string };
  /** "name" or "name==version". */
  readonly packages: readonly string[];
  /** The command of the first app; "-" where there is none, "needs x" where a server is missing. */
  readonly starts: string;
}

const FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n";
const FLASK = "from flask import Flask\napp = Flask(__name__)\n";
const UVICORN = 'uvicorn main:app --host 0.0.0.0 --port "${PORT:-8080}"';
const PORT = '"${PORT:-8080}"';
const BIND = '"0.0.0.0:${PORT:-8080}"';
const GUNICORN = "--timeout 0 --worker-tmp-dir /dev/shm --access-logfile -";
const MAIN_GUNICORN = `gunicorn main:app --bind ${BIND} --threads 8 ${GUNICORN}`;
const STREAMLIT =
  "--server.headless true --server.fileWatcherType none --browser.gatherUsageStats false";
const GRADIO = `GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=${PORT} GRADIO_ANALYTICS_ENABLED=False`;

function main(source: string, packages: readonly string[], starts: string): Row {
  return { files: { "main.py": source }, packages, starts };
}

const shapes: Record<string, Row> = {
  "the tutorial's FastAPI app": main(FASTAPI, ["fastapi", "uvicorn"], UVICORN),
  "a call over several lines": main(
    'from fastapi import FastAPI\n\napp = FastAPI(\n    title="My (first) API",\n    version="1",\n)\n',
    ["uvicorn"],
    UVICORN,
  ),
  "a line joined by a backslash": main(
    "from fastapi import FastAPI\napp = \\\n    FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "a type annotation": main(
    "from fastapi import FastAPI\napp: FastAPI = FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "a quoted type annotation": main(
    'import fastapi\napp: "fastapi.FastAPI" = fastapi.FastAPI()\n',
    ["uvicorn"],
    UVICORN,
  ),
  "an alias of the package": main(
    "import fastapi as fa\napp = fa.FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "an alias of the class": main(
    "from fastapi import FastAPI as Api, Request\napp = Api()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "imports in brackets": main(
    "from fastapi import (\n    FastAPI,  # the app\n    UploadFile,\n)\napp = FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "an import inside try": main(
    "try:\n    from fastapi import FastAPI\nexcept ImportError:\n    raise\napp = FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "another name": main(
    "from fastapi import FastAPI\nmodel_service = FastAPI()\n",
    ["uvicorn"],
    UVICORN.replace("main:app", "main:model_service"),
  ),
  "app before other names": main(
    "from fastapi import FastAPI\nadmin = FastAPI()\napp = FastAPI()\napp.mount('/admin', admin)\n",
    ["uvicorn"],
    UVICORN,
  ),
  "a wrapped app": main(
    "from fastapi import FastAPI\nfrom x import CORS\napp = FastAPI()\napp = CORS(app)\n",
    ["uvicorn"],
    UVICORN,
  ),
  "a subclass": main(
    "from fastapi import FastAPI\nclass Service(FastAPI):\n    pass\napp = Service()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "an app in an if block": main(
    "import os\nfrom fastapi import FastAPI\nif os.environ.get('DEBUG'):\n    app = FastAPI(debug=True)\nelse:\n    app = FastAPI()\n",
    ["uvicorn"],
    UVICORN,
  ),
  "two names at once": main(
    FLASK.replace("app =", "app = application ="),
    ["gunicorn"],
    MAIN_GUNICORN,
  ),
  "a byte order mark and CRLF": main(
    `\uFEFF${FASTAPI.replaceAll("\n", "\r\n")}`,
    ["uvicorn"],
    UVICORN,
  ),
  "tabs and semicolons": main(
    "from fastapi import FastAPI; app = FastAPI()\ndef f():\n\treturn 1\n",
    ["uvicorn"],
    UVICORN,
  ),
  "an app of a star import": main(
    "from fasthtml.common import *\napp, rt = fast_app()\n@rt('/')\ndef get(): return Titled('Hi')\nserve()\n",
    ["python-fasthtml", "uvicorn"],
    UVICORN,
  ),
  "commented-out code": main("from fastapi import FastAPI\n# app = FastAPI()\n", ["uvicorn"], "-"),
  "code in a docstring": main(
    '"""Example:\n\nfrom fastapi import FastAPI\napp = FastAPI()\n"""\nX = 1\n',
    ["uvicorn"],
    "-",
  ),
  "code in a string": main(
    "from fastapi import FastAPI\nTEMPLATE = '''\napp = FastAPI()\n'''\ntext = \"app = FastAPI()\"\n",
    ["uvicorn"],
    "-",
  ),
  "a class of the same name from elsewhere": main(
    "from mylib import FastAPI\napp = FastAPI()\n",
    ["uvicorn"],
    "python main.py",
  ),
  "an app inside a function that nobody calls": main(
    "from fastapi import FastAPI\ndef helper():\n    app = FastAPI()\n    return app\n",
    ["uvicorn"],
    "-",
  ),
  "an app that is made only when the file is run": main(
    "import uvicorn\nfrom fastapi import FastAPI\nif __name__ == '__main__':\n    app = FastAPI()\n    uvicorn.run(app)\n",
    ["uvicorn"],
    "python main.py",
  ),
  "a factory": main(
    "from fastapi import FastAPI\ndef create_app() -> FastAPI:\n    app = FastAPI()\n    return app\n",
    ["uvicorn"],
    `uvicorn main:create_app --factory --host 0.0.0.0 --port ${PORT}`,
  ),
  "a factory with defaults, for gunicorn": main(
    "from flask import Flask\ndef create_app(config=None, **options):\n    app = Flask(__name__)\n    return app\n",
    ["gunicorn"],
    `gunicorn 'main:create_app()' --bind ${BIND} --threads 8 ${GUNICORN}`,
  ),
  "a factory that needs arguments": main(
    "from flask import Flask\ndef create_app(config):\n    return Flask(__name__)\n",
    ["gunicorn"],
    "-",
  ),
  "a factory that is called in its file": main(
    "from flask import Flask\ndef create_app(name):\n    return Flask(name)\napp = create_app('prod')\n",
    ["gunicorn"],
    MAIN_GUNICORN,
  ),
  "a factory for waitress": main(
    "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n",
    ["waitress"],
    `waitress-serve --host 0.0.0.0 --port ${PORT} --call main:create_app`,
  ),
  Starlette: main(
    "from starlette.applications import Starlette\napp = Starlette(routes=[])\n",
    ["uvicorn"],
    UVICORN,
  ),
  "Litestar with granian": main(
    "from litestar import Litestar, get\napp = Litestar([])\n",
    ["litestar", "granian"],
    `granian main:app --interface asgi --workers "\${WEB_CONCURRENCY:-1}" --access-log --host 0.0.0.0 --port ${PORT}`,
  ),
  "Quart with the server that it brings": main(
    "from quart import Quart\napp = Quart(__name__)\n",
    ["quart", "hypercorn"],
    `hypercorn main:app --bind ${BIND} --workers "\${WEB_CONCURRENCY:-1}" --access-logfile -`,
  ),
  "Quart with another server": main(
    "from quart import Quart\napp = Quart(__name__)\n",
    ["quart", "hypercorn", "uvicorn"],
    UVICORN,
  ),
  "FastAPI with daphne": main(FASTAPI, ["daphne"], `daphne main:app --bind 0.0.0.0 --port ${PORT}`),
  "FastAPI with gunicorn and its uvicorn worker": main(
    FASTAPI,
    ["gunicorn", "uvicorn", "uvicorn-worker"],
    `gunicorn main:app --bind ${BIND} --worker-class uvicorn_worker.UvicornWorker ${GUNICORN}`,
  ),
  "FastAPI with gunicorn and uvicorn": main(FASTAPI, ["gunicorn==23.0.0", "uvicorn"], UVICORN),
  "FastAPI with a gunicorn that speaks ASGI": main(
    FASTAPI,
    ["gunicorn==24.0.0"],
    `gunicorn main:app --bind ${BIND} --worker-class asgi ${GUNICORN}`,
  ),
  "FastAPI with an older gunicorn": main(FASTAPI, ["gunicorn==23.0.0"], "needs uvicorn"),
  "FastAPI without a server": main(FASTAPI, ["fastapi"], "needs uvicorn"),
  "Flask with gunicorn": main(FLASK, ["flask", "gunicorn"], MAIN_GUNICORN),
  "Flask with a gunicorn that has a control socket": main(
    FLASK,
    ["flask", "gunicorn==25.1.0"],
    `${MAIN_GUNICORN} --no-control-socket`,
  ),
  "Flask with waitress": main(
    FLASK,
    ["flask", "waitress"],
    `waitress-serve --host 0.0.0.0 --port ${PORT} main:app`,
  ),
  "Flask without a server": main(
    FLASK,
    ["flask"],
    `FLASK_APP=main:app flask run --host 0.0.0.0 --port ${PORT}`,
  ),
  "Flask with a server for ASGI only": main(
    FLASK,
    ["flask", "uvicorn"],
    `FLASK_APP=main:app flask run --host 0.0.0.0 --port ${PORT}`,
  ),
  "Falcon of both kinds": main(
    "import falcon.asgi\napp = falcon.asgi.App()\n",
    ["falcon", "uvicorn"],
    UVICORN,
  ),
  "Bottle without a server": main(
    "import bottle\napp = bottle.Bottle()\n",
    ["bottle"],
    `python -m bottle --bind ${BIND} main:app`,
  ),
  "gunicorn with settings of the app": {
    files: { "main.py": FLASK, "gunicorn.conf.py": "workers = 4\n" },
    packages: ["flask", "gunicorn"],
    starts: `gunicorn main:app --bind ${BIND}`,
  },
  "a Flask package with a factory": {
    files: {
      "flaskr/__init__.py":
        "import os\nfrom flask import Flask\ndef create_app(test_config=None):\n    app = Flask(__name__)\n    return app\n",
      "flaskr/db.py": "",
    },
    packages: ["flask", "gunicorn"],
    starts: `gunicorn 'flaskr:create_app()' --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "wsgi.py that calls an imported factory": {
    files: {
      "wsgi.py":
        "from project import create_app\napp = create_app()\nif __name__ == '__main__':\n    app.run()\n",
      "project/__init__.py":
        "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n",
    },
    packages: ["gunicorn"],
    starts: `gunicorn wsgi:app --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "wsgi.py that imports the app under another name": {
    files: {
      "wsgi.py": "from hello import server as application\n",
      "hello.py": "import flask\nserver = flask.Flask(__name__)\n",
    },
    packages: ["gunicorn"],
    starts: `gunicorn wsgi:application --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "FLASK_APP in .flaskenv": {
    files: { ".flaskenv": "FLASK_APP=microblog.py\n", "microblog.py": FLASK },
    packages: ["gunicorn"],
    starts: `gunicorn microblog:app --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "an entry point for the fastapi command": {
    files: {
      "pyproject.toml": '[tool.fastapi]\nentrypoint = "classifier.web:api"\n',
      "classifier/__init__.py": "",
      "classifier/web.py": FASTAPI.replace("app", "api").replace("FastAPI()", "FastAPI()"),
      "main.py": "print('training')\n",
    },
    packages: ["uvicorn"],
    starts: UVICORN.replace("main:app", "classifier.web:api"),
  },
  "app/main.py, imported from above": {
    files: {
      "app/__init__.py": "",
      "app/main.py": `from app.models import Model\n${FASTAPI}`,
      "app/models.py": "",
    },
    packages: ["uvicorn"],
    starts: UVICORN.replace("main:app", "app.main:app"),
  },
  "app/main.py, imported from its own directory": {
    files: { "app/main.py": `from models import Model\n${FASTAPI}`, "app/models.py": "" },
    packages: ["uvicorn"],
    starts: `PYTHONPATH=app\${PYTHONPATH:+:$PYTHONPATH} ${UVICORN}`,
  },
  "app/main.py with relative imports": {
    files: { "app/main.py": `from .models import Model\n${FASTAPI}`, "app/models.py": "" },
    packages: ["uvicorn"],
    starts: UVICORN.replace("main:app", "app.main:app"),
  },
  "a src layout": {
    files: {
      "src/iris/__init__.py": "",
      "src/iris/api.py": `from iris.model import load\n${FASTAPI}`,
      "src/iris/model.py": "",
    },
    packages: ["uvicorn"],
    starts: `PYTHONPATH=src\${PYTHONPATH:+:$PYTHONPATH} ${UVICORN.replace("main:app", "iris.api:app")}`,
  },
  "src as a package": {
    files: { "src/main.py": `from src.model import load\n${FASTAPI}`, "src/model.py": "" },
    packages: ["uvicorn"],
    starts: UVICORN.replace("main:app", "src.main:app"),
  },
  "a backend folder, two deep": {
    files: { "backend/app/main.py": FASTAPI, "frontend/main.py": FLASK },
    packages: ["uvicorn", "gunicorn"],
    starts: UVICORN.replace("main:app", "backend.app.main:app"),
  },
  "a directory that is no package name": {
    files: { "my-service/main.py": FASTAPI },
    packages: ["uvicorn"],
    starts: `PYTHONPATH=my-service\${PYTHONPATH:+:$PYTHONPATH} ${UVICORN}`,
  },
  "files that import one another": {
    files: {
      "app.py": "from server import app\n",
      "server.py": "from app import app\n",
    },
    packages: ["uvicorn"],
    starts: "-",
  },
  "a program whose guard has no blanks": {
    files: {
      "app.py":
        "from flask import Flask\ndef make():\n    return Flask(__name__)\nif __name__=='__main__':\n    make().run()\n",
    },
    packages: [],
    starts: "python app.py",
  },
  "an app in tests and examples only": {
    files: { "tests/main.py": FASTAPI, "examples/app.py": FLASK },
    packages: ["uvicorn", "gunicorn"],
    starts: "-",
  },
  "Django with gunicorn": {
    files: {
      "manage.py":
        "import os, sys\ndef main():\n    pass\nif __name__ == '__main__':\n    main()\n",
      "mysite/__init__.py": "",
      "mysite/settings.py": "DEBUG = False\n",
      "mysite/wsgi.py":
        "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\napplication = get_wsgi_application()\n",
      "mysite/asgi.py":
        "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
    },
    packages: ["django", "gunicorn"],
    starts: `gunicorn mysite.wsgi:application --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "Django in a directory of its own": {
    files: {
      "backend/manage.py": "",
      "backend/mysite/settings.py": "",
      "backend/mysite/wsgi.py":
        "import os\nfrom django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    },
    packages: ["django", "gunicorn"],
    starts: `PYTHONPATH=backend\${PYTHONPATH:+:$PYTHONPATH} gunicorn mysite.wsgi:application --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "Django without a server": {
    files: {
      "manage.py": "",
      "mysite/wsgi.py":
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    },
    packages: ["django"],
    starts: `python manage.py runserver --noreload ${BIND}`,
  },
  "Django Channels": {
    files: {
      "mysite/asgi.py":
        "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n",
    },
    packages: ["django", "channels", "daphne"],
    starts: `daphne mysite.asgi:application --bind 0.0.0.0 --port ${PORT}`,
  },
  Streamlit: {
    files: { "streamlit_app.py": "import streamlit as st\nst.title('Hi')\n" },
    packages: ["streamlit"],
    starts: `streamlit run streamlit_app.py --server.address 0.0.0.0 --server.port ${PORT} ${STREAMLIT}`,
  },
  "Streamlit's page with a number and a picture in its name": {
    files: { "1_🏠_Home.py": "import streamlit as st\n" },
    packages: ["streamlit"],
    starts: `streamlit run '1_🏠_Home.py' --server.address 0.0.0.0 --server.port ${PORT} ${STREAMLIT}`,
  },
  "Streamlit in src, imported from above": {
    files: {
      "src/app.py": "import streamlit as st\nfrom src.model import load\n",
      "src/model.py": "",
    },
    packages: ["streamlit"],
    starts: `PYTHONPATH=.\${PYTHONPATH:+:$PYTHONPATH} streamlit run src/app.py --server.address 0.0.0.0 --server.port ${PORT} ${STREAMLIT}`,
  },
  "Streamlit that is not installed": {
    files: { "app.py": "import streamlit as st\n" },
    packages: [],
    starts: "needs streamlit",
  },
  "Gradio, run at once": {
    files: {
      "app.py":
        "import gradio as gr\ndef greet(name):\n    return name\ngr.Interface(fn=greet, inputs='text', outputs='text').launch()\n",
    },
    packages: ["gradio", "fastapi", "uvicorn"],
    starts: `${GRADIO} python app.py`,
  },
  "Gradio blocks behind a guard": {
    files: {
      "app.py":
        "import gradio as gr\nwith gr.Blocks() as demo:\n    gr.Textbox()\nif __name__ == '__main__':\n    demo.queue().launch()\n",
    },
    packages: ["gradio", "uvicorn"],
    starts: `${GRADIO} python app.py`,
  },
  "Gradio mounted in FastAPI": main(
    `import gradio as gr\n${FASTAPI}with gr.Blocks() as demo:\n    gr.Textbox()\napp = gr.mount_gradio_app(app, demo, path='/')\n`,
    ["gradio", "uvicorn"],
    UVICORN,
  ),
  Chainlit: {
    files: {
      "app.py": "import chainlit as cl\n@cl.on_message\nasync def on(message):\n    pass\n",
    },
    packages: ["chainlit", "uvicorn"],
    starts: `chainlit run app.py --headless --host 0.0.0.0 --port ${PORT}`,
  },
  "Dash with its server": {
    files: { "app.py": "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n" },
    packages: ["dash", "flask", "gunicorn"],
    starts: `gunicorn app:server --bind ${BIND} --threads 8 ${GUNICORN}`,
  },
  "Dash without one": {
    files: {
      "app.py":
        "import dash\napp = dash.Dash(__name__)\nif __name__ == '__main__':\n    app.run()\n",
    },
    packages: ["dash", "flask"],
    starts: `HOST=0.0.0.0 PORT=${PORT} python app.py`,
  },
  "a training script": {
    files: { "main.py": "import torch\nfor epoch in range(3):\n    print(epoch)\n" },
    packages: ["torch"],
    starts: "python main.py",
  },
  "a script in src that imports from above": {
    files: {
      "src/main.py": "from src.data import load\nif __name__ == '__main__':\n    load()\n",
      "src/data.py": "",
    },
    packages: [],
    starts: "python -m src.main",
  },
  "a module that only defines things": main(
    '"""Helpers."""\nimport os\nPATH = "x"\ndef helper():\n    return 1\n',
    [],
    "-",
  ),
  "a service before a script": {
    files: { "main.py": "print('train')\n", "serve.py": FASTAPI },
    packages: ["uvicorn"],
    starts: UVICORN.replace("main:app", "serve:app"),
  },
  "a command of the installed project": {
    files: {
      "pyproject.toml":
        '[project]\nname = "iris"\n[project.scripts]\niris-train = "iris.cli:main"\n',
      "src/iris/__init__.py": "",
      "src/iris/cli.py": "def main():\n    print('train')\n",
    },
    packages: ["."],
    starts: "iris-train",
  },
  "an installed src layout needs no search path": {
    files: { "src/iris/__init__.py": "", "src/iris/api.py": FASTAPI },
    packages: [".", "uvicorn"],
    starts: UVICORN.replace("main:app", "iris.api:app"),
  },
  "notebooks only": { files: { "notebooks/main.py": "print(1)\n" }, packages: [], starts: "-" },
  "text that is not Python": main(
    "{{ cookiecutter.name }} '''\n((( \"",
    ["uvicorn"],
    "python main.py",
  ),
  "an empty file": main("", ["uvicorn"], "-"),
};

describe("how a repository is started", () => {
  test.each(Object.entries(shapes))("%s", async (_name, { files, packages, starts }) => {
    const app = (await recogniseApps(memoryFiles(files)))[0];
    const start =
      app &&
      startOf(app, {
        installed: new Map(packages.map((spec) => spec.split("==") as [string, string])),
        hasGunicornConfig: "gunicorn.conf.py" in files,
        installsItself: packages.includes("."),
      });

    const shown =
      start === undefined
        ? "-"
        : start.kind === "no-server"
          ? `needs ${start.wanted}`
          : start.command;
    expect(shown).toBe(starts);
  });
});
