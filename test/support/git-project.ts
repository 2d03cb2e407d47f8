import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import { writeFiles } from "./phase.ts";

/** A folder with the bare repository `tool.git`, whose build needs nothing but Python. */
export async function makeGitProject(): Promise<string> {
  const root = await makeTemporaryFolder();
  const tree = join(await makeTemporaryFolder(), "tool");
  await mkdir(tree);
  await writeFiles(tree, { "pyproject.toml": PROJECT, "backend.py": BACKEND });
  const git = async (...args: readonly string[]) => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    await promisify(execFile)("git", ["-C", tree, ...identity, ...args]);
  };
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "--message=first");
  await git("clone", "--quiet", "--bare", ".", join(root, "tool.git"));
  return root;
}

const PROJECT = `[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tool"
version = "1.0"
`;

const BACKEND = `import os
import zipfile

FILES = {
    "tool.py": "VERSION = '1.0'\\n",
    "tool-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: tool\\nVersion: 1.0\\n",
    "tool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "tool-1.0.dist-info/RECORD": "tool.py,,\\n",
}


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tool-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, content in FILES.items():
            wheel.writestr(path, content)
    return name
`;
