import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packagesOf } from "../../../src/accelerator/hardware/packages.ts";
import { readAskedHardware } from "../../../src/accelerator/hardware/read.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("what nobody wrote is what the builder is made for", () => {
  test.each<[string, string | undefined, string | undefined, string]>([
    ["a CPU builder", undefined, undefined, "cpu, assumed by the builder"],
    ["a CUDA builder", undefined, "cuda\n", "cuda, assumed by the builder"],
    ["a CUDA builder and a file", "cpu", "cuda\n", "cpu, written in hardware.txt"],
    ["a CUDA builder and an empty file", "# none", "cuda\n", "cuda, assumed by the builder"],
    ["a CUDA builder and a file without one", "compiler", "cuda\n", "cuda, assumed by the builder"],
    ["a CPU builder and a file without one", "gpu l4", undefined, "cuda, written in hardware.txt"],
  ])("%s", async (_what, file, builder, expected) => {
    const appDir = await temporaryDirectory();
    const ofBuilder = join(appDir, "of-the-builder");
    if (file !== undefined) await writeFiles(appDir, { "hardware.txt": file });
    if (builder !== undefined) await writeFiles(appDir, { "of-the-builder": builder });

    const { hardware, problems } = await readAskedHardware({
      ...{ appDir, setting: undefined, ofBuilder },
    });

    const { name, assumed, origin } = hardware.accelerator;
    expect(problems).toEqual([]);
    expect(`${name}, ${assumed ? "assumed by" : "written in"} ${origin.file}`).toBe(expected);
  });
});

describe("the builder's file", () => {
  test("counts with all that it says", async () => {
    const appDir = await temporaryDirectory();
    await writeFiles(appDir, { "of-the-builder": "aws\ngpu l4\ndriver>=550\n" });

    const { hardware, items } = await readAskedHardware({
      ...{ appDir, setting: undefined, ofBuilder: join(appDir, "of-the-builder") },
    });

    expect(hardware).toMatchObject({ gpus: [{ name: "l4" }], driver: { version: "550" } });
    expect(items.map(({ keyword }) => keyword)).toEqual(["aws", "gpu", "driver"]);
  });

  test("stops the build where it is wrong, with its path, unless the app says everything", async () => {
    const appDir = await temporaryDirectory();
    const ofBuilder = join(appDir, "of-the-builder");
    await writeFiles(appDir, { "of-the-builder": "cudda\n" });
    const problemsOf = async (setting?: string) => {
      const { problems } = await readAskedHardware({ appDir, setting, ofBuilder });
      return problems.map(({ origin, line }) => ({ origin, line }));
    };

    const problem = { origin: { file: ofBuilder }, line: "cudda" };
    expect(await problemsOf()).toEqual([problem]);
    expect(await problemsOf("compiler")).toEqual([problem]);
    expect(await problemsOf("cuda")).toEqual([]);
  });
});

test("a file in UTF-16 is read as Windows PowerShell writes it", async () => {
  const appDir = await temporaryDirectory();
  const bytes = Buffer.from("\uFEFFcuda==12.8\r\ngpu l4\r\n", "utf16le");
  await writeFiles(appDir, { "hardware.txt": bytes });

  const { hardware } = await readAskedHardware({ appDir, setting: undefined });

  expect(hardware.accelerator.specifier).toBe("==12.8");
  expect(hardware.gpus.map(({ origin }) => origin.line)).toEqual([2]);
});

test.each([
  ["neuron", "00fa2c1079260870a76d2c285749cad8646d9185"],
  ["coral", "35baa0b33e9eb396f59ca838c0ba5ce6dc6315a3"],
] as const)("the key of %s has the fingerprint that its owner tells", (keyword, fingerprint) => {
  expect(fingerprintOf(packagesOf(keyword)?.archive?.key ?? "")).toBe(fingerprint);
});

/** Of the first packet: https://www.rfc-editor.org/rfc/rfc9580#section-5.5.4.1 */
function fingerprintOf(armoured: string): string {
  const [, body = ""] = /\n\n([^=]*=*)/.exec(armoured) ?? [];
  const bytes = Buffer.from(body, "base64");
  const isOld = (bytes[0] ?? 0) === 0x99;
  const length = isOld
    ? bytes.readUInt16BE(1)
    : (((bytes[1] ?? 0) - 192) << 8) + (bytes[2] ?? 0) + 192;
  const header = Buffer.from([0x99, length >> 8, length & 0xff]);
  const key = Buffer.concat([header, bytes.subarray(3, 3 + length)]);
  return createHash("sha1").update(key).digest("hex");
}
