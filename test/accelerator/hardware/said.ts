import { failure } from "../../../src/buildpacks/hardware/failures.ts";
import { parseHardware, type Said } from "../../../src/accelerator/hardware/parse.ts";
import { renderMessage } from "../../../src/kit/failure.ts";

/** As a file has it. */
export function parseFile(text: string): Said {
  return parseHardware(text, { file: "hardware.txt", hasLines: true });
}

/** As a variable has it. */
export function parseVariable(text: string): Said {
  return parseHardware(text, { file: "BP_HARDWARE", hasLines: false });
}

/** All that is wrong, as it is told. */
export function told({ problems }: Pick<Said, "problems">): string {
  if (problems.length === 0) return "nothing is wrong";
  return renderMessage(failure("hardware-invalid", { problems }).userMessage);
}

/** "cuda==12.8 | gpu l4 8.9 | driver 550 | libraries cublas | toolkit" */
export function summary(said: Said): string {
  const { accelerator, gpus, driver, libraries, toolkit, items, problems } = said;
  const has = (keyword: string) => items.some((item) => item.keyword === keyword);
  if (problems.length > 0) return `wrong: ${problems.map(({ needed }) => needed).join("; ")}`;
  const words = [
    ...(accelerator === undefined ? [] : [`${accelerator.name}${accelerator.specifier}`]),
    ...(has("aws") ? ["aws"] : []),
    ...gpus.map(({ name, capability }) => `gpu ${name} ${capability}`),
    ...(driver === undefined ? [] : [`driver ${driver.version}`]),
    ...libraries.map(({ name }) => `library ${name}`),
    ...(toolkit === undefined ? [] : ["toolkit"]),
    ...(has("compiler") ? ["compiler"] : []),
  ];
  return words.join(" | ");
}
