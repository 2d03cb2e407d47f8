import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeText } from "../../kit/decode.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { readHardware, THE_BUILDER } from "../handover.ts";
import type { Hardware } from "../hardware.ts";
import type { Item } from "./items.ts";
import { parseHardware } from "./parse.ts";
import { HARDWARE_FILE, HARDWARE_OF_BUILDER, HARDWARE_SETTING } from "./sources.ts";

export interface HardwarePlace {
  readonly appDir: string;
  /** BP_HARDWARE. */
  readonly setting: string | undefined;
  /** Where the build image says what it is for; another one in tests. */
  readonly ofBuilder?: string;
}

/** What the image is to run on, and who said it. */
export interface AskedHardware {
  readonly hardware: Hardware;
  /** Of the variable, the app or the builder, whichever decides. */
  readonly items: readonly Item[];
  /** Where they are from: "hardware.txt"; undefined where the builder decides. */
  readonly from: string | undefined;
  /** Which of the places decides, for the log. */
  readonly notes: readonly string[];
  /** What follows from the items without being written, for the log. */
  readonly conclusions: readonly string[];
  readonly problems: readonly Problem[];
}

/** The variable, else the file, else what the builder is for. Throws for no wrong content. */
export async function readAskedHardware(place: HardwarePlace): Promise<AskedHardware> {
  const { setting, appDir, ofBuilder = HARDWARE_OF_BUILDER } = place;
  const builder = await readBuilder(ofBuilder);
  const path = join(appDir, HARDWARE_FILE);
  if (setting !== undefined) {
    const hides = (await bytesOf(path)) !== undefined;
    const notes = hides ? [`Skipping ${HARDWARE_FILE} because ${HARDWARE_SETTING} is set`] : [];
    const asked = judge(setting, { file: HARDWARE_SETTING, hasLines: false }, builder);
    return { ...asked, notes: [...notes, ...asked.notes] };
  }
  const bytes = await bytesOf(path);
  if (bytes === undefined) return builder;
  const text = decodeText(bytes);
  if (typeof text === "string") {
    return judge(text, { file: HARDWARE_FILE, hasLines: true }, builder);
  }
  const problem = {
    origin: { file: HARDWARE_FILE, line: text.line },
    line: text.found,
    needed: "The file is not text in UTF-8; save it as UTF-8",
  };
  return {
    ...builder,
    items: [],
    from: HARDWARE_FILE,
    notes: [],
    conclusions: [],
    problems: [problem],
  };
}

function judge(
  text: string,
  place: { readonly file: string; readonly hasLines: boolean },
  builder: AskedHardware,
): AskedHardware {
  const {
    accelerator,
    items,
    notes: conclusions,
    problems,
    ...others
  } = parseHardware(text, place);
  if (items.length + problems.length === 0) {
    return { ...builder, notes: [`Found nothing in ${place.file}`, ...builder.notes] };
  }
  const asked = { items, from: place.file, notes: [], conclusions };
  if (accelerator !== undefined) {
    return { ...asked, hardware: { ...others, accelerator }, problems };
  }
  const hardware = { ...others, accelerator: builder.hardware.accelerator };
  return { ...asked, hardware, problems: [...problems, ...builder.problems] };
}

/** Of a build image made for one kind of hardware. */
async function readBuilder(path: string): Promise<AskedHardware> {
  const text = (await bytesOf(path))?.toString("utf8") ?? "";
  const place = { file: THE_BUILDER, hasLines: false };
  const {
    accelerator,
    items,
    notes: conclusions,
    problems,
    ...others
  } = parseHardware(text, place);
  const { accelerator: none } = readHardware({});
  const assumed = accelerator === undefined ? none : { ...accelerator, assumed: true };
  return {
    hardware: { ...others, accelerator: assumed },
    items,
    from: undefined,
    notes: [],
    conclusions,
    // Whoever makes builders has to know the file.
    problems: problems.map((problem) => ({ ...problem, origin: { file: path } })),
  };
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code)) return undefined;
    throw error;
  }
}
