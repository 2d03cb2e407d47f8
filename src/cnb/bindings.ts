import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * A service binding: a directory of the platform with a type and keys.
 * https://github.com/servicebinding/spec; the lifecycle does not hand on
 * SERVICE_BINDING_ROOT, so bindings are looked for in `<platform>/bindings`.
 */
export interface Binding {
  readonly name: string;
  /** Lower case, so that two spellings mean one type. */
  readonly type: string;
  readonly provider: string | undefined;
  /** The names of its keys, sorted; `type` and `provider` are not among them. */
  readonly keys: readonly string[];
  /** Reads a key's file. Values may be secret: never log them, never put them in metadata. */
  read(key: string): Promise<string>;
  path(key: string): string;
}

export async function readBindings(platformDir: string): Promise<readonly Binding[]> {
  const root = join(platformDir, "bindings");
  const names = await namesIn(root);
  const bindings = await Promise.all(names.map((name) => readBinding(root, name)));
  return bindings.filter((binding) => binding !== undefined);
}

async function readBinding(root: string, name: string): Promise<Binding | undefined> {
  const directory = join(root, name);
  const keys = await namesIn(directory);
  if (!keys.includes("type")) return undefined;
  const readKey = async (key: string) => (await readFile(join(directory, key), "utf8")).trim();
  return {
    name,
    type: (await readKey("type")).toLowerCase(),
    provider: keys.includes("provider") ? await readKey("provider") : undefined,
    keys: keys.filter((key) => key !== "type" && key !== "provider"),
    read: (key) => readFile(join(directory, key), "utf8"),
    path: (key) => join(directory, key),
  };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    // A Kubernetes Secret volume holds its files behind links called "..data" and "..2026_…".
    return (await readdir(directory)).filter((name) => !name.startsWith("..")).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
