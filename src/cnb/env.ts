/** Environment variables as values: no step of a build changes `process.env`. */
export type Env = { readonly [name: string]: string | undefined };

/**
 * Platforms pass on variables that they do not have as empty ones
 * (`pack build --env HTTP_PROXY` without a value), so an empty variable is an unset one.
 */
export function readVariable(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}
