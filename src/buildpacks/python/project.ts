import * as z from "zod/mini";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import { failure } from "./failures.ts";

const projectSchema = z.object({
  project: z.optional(z.object({ "requires-python": z.optional(z.string()) })),
  tool: z.optional(
    z.object({
      poetry: z.optional(
        z.object({ dependencies: z.optional(z.object({ python: z.optional(z.string()) })) }),
      ),
    }),
  ),
});

/** What pyproject.toml says of Python, and in which line. Throws a failure where it is no TOML. */
export function findRequiresPython(
  file: string,
  text: string,
): { readonly value: string; readonly line: number } | undefined {
  const { project, tool } = parseDocument(file, text, projectSchema);
  const standard = project?.["requires-python"];
  const value = standard ?? tool?.poetry?.dependencies?.python;
  if (value === undefined || value.trim() === "") return undefined;
  const key = standard === undefined ? /^\s*["']?python["']?\s*=/ : /^.*requires-python["']?\s*=/;
  const line = text.split("\n").findIndex((each) => key.test(each)) + 1;
  return { value, line: Math.max(line, 1) };
}

/** Throws a failure where it is no TOML, or not of the form. */
export function parseDocument<Data>(file: string, text: string, schema: z.ZodMiniType<Data>): Data {
  let document: Record<string, unknown>;
  try {
    document = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.replace(/ at row .*$/, "");
    throw failure("project-unreadable", { file, line: error.line, reason }, error);
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw failure("project-unreadable", {
    file,
    line: undefined,
    reason: `${issue?.path.join(".") ?? ""} is not of the expected form`,
  });
}
