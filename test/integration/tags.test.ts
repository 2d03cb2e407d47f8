import { expect, it } from "vitest";
import { readAll } from "../../scripts/lib/command.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { CommandError } from "../../src/kit/command.ts";
import { makeApp } from "../support/apps.ts";
import { buildIntoEngine } from "../support/platform.ts";

const APP = { "apt.txt": "tree\n", Procfile: "web: tree --version\n" };

it("writes labels that docker inspect reads back", async () => {
  const path = await makeApp({
    ...APP,
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/refs/heads/main": "3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4\n",
    ".git/config": '[remote "origin"]\n\turl = git@git.example.com:team/cats.git\n',
    "project.toml": `[_]
schema-version = "0.2"
name = "Cats"
version = "1.0"

[[_.licenses]]
type = "Apache-2.0"

[[io.buildpacks.build.env]]
name = "BP_OCI_VERSION"
value = "1.10"
`,
    "business-tags.yaml": "cost-center: 0815\nowner:\n  team: vision\n  contact: Zoë & Söhne\n",
  });
  const env = { BP_IMAGE_LABELS: `note='a "b" = \\$c' io.ml-buildpacks.tags.owner.team=speech` };

  const { output, reference } = await buildIntoEngine("tags/labels", { path, env });

  expect(await labelsOf(reference)).toMatchObject({
    "io.ml-buildpacks.tags.cost-center": "0815",
    "io.ml-buildpacks.tags.owner.contact": "Zoë & Söhne",
    "io.ml-buildpacks.tags.owner.team": "speech",
    note: 'a "b" = \\$c',
    "org.opencontainers.image.licenses": "Apache-2.0",
    "org.opencontainers.image.revision": "3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4",
    "org.opencontainers.image.source": "https://git.example.com/team/cats",
    "org.opencontainers.image.title": "Cats",
    "org.opencontainers.image.version": "1.10",
  });
  expect(output).toContain(
    "Using org.opencontainers.image.version of BP_OCI_VERSION, which overrides project.toml\n",
  );
});

it("makes no image where a tag can't be a label", async () => {
  const path = await makeApp({ ...APP, "business-tags.yml": "team: vision\nCost Center: 4711\n" });

  const error = await buildIntoEngine("tags/refused", { path }).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(CommandError);
  expect((error as CommandError).output).toContain(
    "business-tags.yml, line 2: Cost Center: 4711\n",
  );
});

async function labelsOf(image: string): Promise<unknown> {
  const engine = await findEngine();
  const args = ["inspect", "--format", "{{json .Config.Labels}}", image];
  return JSON.parse(await readAll(engine.cli, args, { env: engine.env })) as unknown;
}
