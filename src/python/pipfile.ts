import * as z from "zod/mini";

/** What a Pipfile says of Python. https://pipenv.pypa.io/en/latest/pipfile.html */
export const pipfileSchema = z.object({
  requires: z.optional(
    z.object({
      python_version: z.optional(z.string()),
      python_full_version: z.optional(z.string()),
    }),
  ),
});

/** The version that it asks for, and by which key: the full one wins, as with Pipenv. */
export function pythonOfPipfile({
  requires = {},
}: z.infer<typeof pipfileSchema>): { readonly key: string; readonly value: string } | undefined {
  for (const key of ["python_full_version", "python_version"] as const) {
    const value = requires[key];
    if (value !== undefined && value.trim() !== "") return { key, value };
  }
  return undefined;
}
