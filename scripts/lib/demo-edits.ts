import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Changes one line of the example's source; says which. */
export async function changeLine(app: string): Promise<string> {
  const file = join(app, "main.py");
  const source = await readFile(file, "utf8");
  const [before, after] = ['title="Vision"', 'title="Vision, second edition"'];
  if (!source.includes(before)) throw new Error(`${file} has no ${before}`);
  await writeFile(file, source.replace(before, after));
  return `${after} in main.py`;
}

/** Adds a small package to the requirements; says which. */
export async function addPackage(app: string): Promise<string> {
  await appendFile(join(app, "requirements.txt"), "humanize\n");
  return "humanize in requirements.txt";
}

/** Writes another app, which has the heavy packages in common with the example. */
export async function writeSecondApp(app: string): Promise<void> {
  await mkdir(app);
  await writeFile(
    join(app, "requirements.txt"),
    "flask\ngunicorn\nnumpy>=2,<3\nopencv-python-headless>=4.10,<5\npandas>=2.2,<3\n",
  );
  await writeFile(
    join(app, "app.py"),
    `import cv2
import pandas as pd
from flask import Flask

app = Flask(__name__)


@app.get("/")
def versions():
    return {"opencv": cv2.__version__, "pandas": pd.__version__}
`,
  );
}
