import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Env } from "../../../cnb/env.ts";
import { parseToml } from "../../../cnb/toml.ts";
import { type Credential, withoutCredential } from "../../../kit/credentials.ts";
import { credentialsOfNamedIndexes, type NamedIndex } from "../../access/named-indexes.ts";
import { findFiles } from "./deciding-files.ts";

/**
 * What UV_INDEX_<NAME>_USERNAME and _PASSWORD open of the indexes that the project, or a member of its
 * workspace, names.
 */
export async function credentialsOfIndexes(
  appDir: string,
  env: Env,
): Promise<readonly Credential[]> {
  if (!Object.keys(env).some((name) => name.startsWith("UV_INDEX_"))) return [];
  const files = (await findFiles(appDir)).filter((file) => /(?:pyproject|uv)\.toml$/.test(file));
  const indexes = await Promise.all(files.map((file) => indexesIn(join(appDir, file))));
  return credentialsOfNamedIndexes(indexes.flat(), env);
}

const tablesSchema = z.array(z.object({ name: z.optional(z.string()), url: z.string() }));

const configurationSchema = z.object({
  index: z.optional(tablesSchema),
  tool: z.optional(z.object({ uv: z.optional(z.object({ index: z.optional(tablesSchema) })) })),
});

/** None where it can't be read: uv itself will say what is wrong with it. */
async function indexesIn(path: string): Promise<readonly NamedIndex[]> {
  const text = await readFile(path, "utf8");
  const { data } = configurationSchema.safeParse(parsed(text));
  return [...(data?.index ?? []), ...(data?.tool?.uv?.index ?? [])].flatMap(({ name, url }) =>
    name === undefined ? [] : [{ name, url: withoutCredential(url) }],
  );
}

function parsed(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    return {};
  }
}
