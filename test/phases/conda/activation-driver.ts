import { activate } from "../../../src/conda/activation/activate.ts";

/** Activates the prefix that the first argument names, and prints what comes of it as JSON. */
async function main([prefix = ""]: readonly string[]): Promise<void> {
  const log = { debug: () => {} };
  const variables = { MODEL_DIR: "/models", lower_case: "told" };
  process.stdout.write(JSON.stringify(await activate({ prefix, variables, log })));
}

void main(process.argv.slice(2));
