import { type Env, readVariable } from "../cnb/env.ts";

/**
 * Puts in the values of `${NAME}` and `$NAME`, as Python's os.path.expandvars does. `missing` are the
 * names in braces that the build lacks; a `$` that begins no variable's name stays.
 */
export function expandVariables(
  text: string,
  env: Env,
): { readonly expanded: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const expanded = text.replaceAll(
    /\$\{(\w+)\}|\$([A-Za-z_]\w*)/g,
    (whole, braced: string | undefined, bare: string | undefined) => {
      const value = readVariable(env, braced ?? bare ?? "");
      if (value === undefined && braced !== undefined) missing.push(braced);
      return value ?? whole;
    },
  );
  return { expanded, missing };
}
