import { findEngine } from "../../scripts/lib/engine.ts";
import { prepareStack } from "../../scripts/lib/stack.ts";
import { inImage, runContainer } from "./conda-builds.ts";
import reference from "./conda-reference.py";
import listTree from "./conda-tree.py";

/** What lies at one path of a prefix. */
export interface Entry {
  readonly runs?: boolean;
  readonly digest?: string;
  /** Of a link. */
  readonly target?: string;
  /** Of what is in conda-meta. */
  readonly text?: string;
}

export type Tree = Readonly<Record<string, Entry>>;

/** The prefix in the image. */
export const PREFIX = "/layers/ml-buildpacks_conda/environment/prefix";

export async function treeOf(image: string): Promise<Tree> {
  const program = `${listTree}\njson.dump(list_tree("${PREFIX}"), sys.stdout)`;
  const args = ["--entrypoint=/usr/bin/python3"];
  return JSON.parse(await inImage(image, ["-c", program], args)) as Tree;
}

export interface Installed {
  readonly tree: Tree;
  /** Name, version and build of each record that was handed over to be read. */
  readonly read: readonly string[];
}

/** What py-rattler makes by itself of an explicit list, in an ordinary prefix of the same path. */
export async function installDirectly(
  explicit: string,
  records: Readonly<Record<string, string>>,
): Promise<Installed> {
  const { build } = await prepareStack(await findEngine(), "cpu");
  const program = `${listTree}\n${reference}`;
  const output = await runContainer(
    [
      ...["--user=0", "--env=PYTHONPATH=/usr/share/ml-buildpacks/conda-engine"],
      ...[build, "/usr/bin/python3", "-c", program],
    ],
    JSON.stringify({ explicit, records, prefix: PREFIX }),
  );
  return JSON.parse(output) as Installed;
}

/** Why two trees differ at a path. */
export interface Rule {
  readonly why: string;
  /** Either is undefined where nothing is there. */
  readonly applies: (path: string, ours: Entry | undefined, theirs: Entry | undefined) => boolean;
}

/** The paths at which the trees differ, by the rule that explains it; others by "unexplained". */
export function compareTrees(
  ours: Tree,
  theirs: Tree,
  rules: readonly Rule[],
): Readonly<Record<string, readonly string[]>> {
  const differences: Record<string, string[]> = {};
  for (const path of [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort()) {
    const [a, b] = [ours[path], theirs[path]];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    const rule = rules.find(({ applies }) => applies(path, a, b));
    (differences[rule?.why ?? "unexplained"] ??= []).push(path);
  }
  return differences;
}
