import { build } from "esbuild";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCaBundle } from "../../../scripts/lib/ca-bundle.ts";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { makeMirror } from "../../support/python-mirror.ts";
import type { Compared, Environment, Question } from "./real-locks.ts";

const LOCKS = join(ROOT, "test", "fixtures", "locks");
const locks = (await readdir(LOCKS)).sort();

/** Besides the main dependencies of each. */
const CHOICES: readonly Question[] = [
  { lock: "poetry-django", groups: [], extras: ["monitoring"] },
  { lock: "poetry-django", groups: ["dev"], extras: [] },
  { lock: "poetry-langchain", groups: ["dev"], extras: [] },
  { lock: "poetry-markers", groups: ["serving", "test"], extras: ["all"] },
  { lock: "poetry-markers", groups: ["base"], extras: ["old"] },
  { lock: "poetry-spacy", groups: [], extras: ["pdf"] },
  { lock: "poetry-streamlit", groups: ["dev"], extras: [] },
  { lock: "poetry-tensorflow", groups: ["training"], extras: [] },
  { lock: "uv-groups-extras", groups: ["dev"], extras: ["all"] },
  { lock: "uv-groups-extras", groups: ["docs", "test"], extras: ["aws"] },
  { lock: "uv-jax", groups: [], extras: ["cuda"] },
  { lock: "uv-llm", groups: ["evaluation"], extras: [] },
  { lock: "uv-science", groups: ["notebooks"], extras: ["boosting", "geo"] },
  { lock: "uv-transformers", groups: [], extras: ["quantized"] },
  { lock: "uv-vision-conflicts", groups: ["old-pillow"], extras: ["cpu"] },
  { lock: "uv-vision-conflicts", groups: ["new-pillow"], extras: ["gpu"] },
  { lock: "uv-workspace", groups: ["dev"], extras: ["admin"] },
];

const questions = [...locks.map((lock) => ({ lock, groups: [], extras: [] })), ...CHOICES];

// Both read the same files in the same container. The tools are the newest ones.
let answers: Readonly<Record<string, readonly Compared[]>>;

beforeAll(async () => {
  const engine = await findEngine();
  const mirror = await makeMirror();
  const { build: image } = await prepareStack(engine, "cpu");
  const work = await makeTemporaryFolder();
  await chmod(work, 0o777);
  await build({
    entryPoints: [join(import.meta.dirname, "real-locks-driver.ts")],
    outfile: join(work, "driver.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  const { version } = mirror;
  const environments = [
    { python: "/tmp/python/bin/python3.11", version, environment: "/tmp/3.11", arch: engine.arch },
    { python: "/usr/bin/python3", version: "VERSION", environment: "/tmp/3.13", arch: engine.arch },
  ] satisfies readonly Environment[];
  await writeFile(join(work, "given.json"), JSON.stringify({ questions, environments }));
  const bundle = findCaBundle();
  const trust =
    bundle === undefined
      ? []
      : ["--volume", `${bundle}:/roots.pem:ro`, "--env", "SSL_CERT_FILE=/roots.pem"];
  await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=host", "--volume", `${work}:/work`, ...trust],
      ...["--volume", `${LOCKS}:/locks:ro`, "--volume", `${mirror.path}:/mirror:ro`, image],
      ...["sh", "-euc", COMPARE],
    ],
    { env: engine.env },
  );
  const text = await readFile(join(work, "answers.json"), "utf8");
  answers = JSON.parse(text) as typeof answers;
});

afterAll(cleanUp);

const COMPARE = `export UV_CACHE_DIR=/tmp/uv-cache
tar -xzf /mirror/release.tar.gz -C /tmp
uv venv --quiet --python /tmp/python/bin/python3.11 /tmp/3.11
uv venv --quiet --python /usr/bin/python3 /tmp/3.13
uv venv --quiet /tmp/poetry
uv pip install --quiet --python /tmp/poetry poetry
cp -r /locks /tmp/apps
version=$(python3 -c 'import platform; print(platform.python_version())')
sed "s/VERSION/$version/" /work/given.json > /tmp/given.json
node /work/driver.cjs /tmp/given.json /tmp/answers.json /tmp/apps
cp /tmp/answers.json /work/`;

describe("what a manager selects is what its tool installs", () => {
  it.each(questions)("$lock with groups $groups and extras $extras", (question) => {
    const compared = answers[JSON.stringify(question)] ?? [];

    expect(compared.map(({ python }) => python.replace(/\.\d+$/, ""))).toEqual(["3.11", "3.13"]);
    for (const { python, selected, installed } of compared) {
      expect({ python, packages: selected }).toEqual({ python, packages: installed });
      expect(installed.length).toBeGreaterThan(1);
    }
  });
});
