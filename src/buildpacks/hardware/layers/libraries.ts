import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod/mini";
import type { MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { makeDirectory } from "../../../cnb/files.ts";
import { compatibility } from "../../../accelerator/compatibility.ts";
import { libraryRequirements, wheelRequirements } from "../../../accelerator/cuda-libraries.ts";
import { librariesIn } from "../../../accelerator/shared-libraries.ts";
import { LIBRARIES_LAYER } from "../../../cuda/earlier-cuda.ts";
import { openWheelSource, type WheelSource } from "../../../cuda/nvidia-wheels.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { cycloneDxFor } from "../../../kit/cyclonedx.ts";
import { readElf } from "../../../kit/elf.ts";
import { epochOf } from "../../../kit/lock-epoch.ts";
import { listed } from "../../../kit/text.ts";
import { parseRecord } from "../../../python/environment/record-file.ts";
import { settleModes } from "../../../python/environment/modes.ts";
import { distributionSchema, type Lock, normalizeName } from "../../../python/lock.ts";
import { listLockMoves } from "../../../python/lock-moves.ts";
import { readComponents } from "../../../python/sbom/components.ts";
import { failure } from "../failures.ts";

export interface WantedLibraries {
  /** "12.8" */
  readonly cuda: string;
  /** As `hardware.txt` names them: "cublas". */
  readonly names: readonly string[];
}

/**
 * CUDA's libraries for programs that bring none, from the wheels that NVIDIA makes for Python. They
 * are found by LD_LIBRARY_PATH, which the launcher gets from the layer's `lib`. For launch only:
 * what is linked at build has them in the toolkit.
 */
export async function installLibraries(
  context: BuildContext,
  { cuda, names }: WantedLibraries,
): Promise<void> {
  const { layersDir, log, target } = context;
  const found = (await context.foundLayers()).get(LIBRARIES_LAYER)?.metadata ?? {};
  const epoch = epochOf(context, found);
  const layer = await context.layer({
    name: LIBRARIES_LAYER,
    types: { launch: true },
    wanted: {
      layout: LAYOUT,
      cuda,
      libraries: [...names].sort(),
      arch: target.arch,
      epoch,
    },
    labels: {
      layout: "The form of the layer",
      cuda: "The CUDA version",
      libraries: "The list of libraries",
      arch: "The CPU architecture",
      epoch: "BP_LOCK_EPOCH",
    },
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    log.step(`Reusing CUDA ${cuda}'s libraries (${describe(layer.recorded.packages)})`);
    return;
  }
  log.discarding("CUDA's libraries", layer.cause);
  log.step(`Installing ${listed(names)} of CUDA ${cuda}`);
  const workDir = join(layersDir, "libraries-work");
  try {
    const wheels = await openWheelSource({ context, workDir, what: "CUDA's libraries" });
    const previous = recordedSchema.safeParse(found).data?.packages ?? [];
    // Versions stay where another library is added; those of another time are forgotten.
    const isKept = found["cuda"] === cuda && found["epoch"] === epoch;
    const packages = await resolveLibraries({ cuda, names }, isKept ? previous : [], wheels);
    listLockMoves(log, previous, packages);
    const site = await wheels.unpack(packages);
    await checkLibraries({ cuda, names }, packages, site);
    await takeLibraries(site, join(layer.path, "lib"));
    await takeLicences(site, join(layer.path, "licenses"));
    settleModes(layer.path);
    await layer.writeSbom("cdx", cycloneDxFor(await readComponents([site], packages)));
    await layer.commit({ packages });
    log.step(`Installed ${describe(packages)}`);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Raised when the same wheels would give another layer. */
const LAYOUT = 2;

type Recorded = TomlTable & { readonly packages: Lock };

const recordedSchema = z.object({ packages: z.array(distributionSchema) });

const recordedParser: MetadataParser<Recorded> = {
  parse: (metadata) => recordedSchema.parse(metadata),
};

/**
 * Libraries that bring others leave their version open, so that cuDNN would come with the newest
 * cuBLAS, whose code older drivers may refuse: the versions of one toolkit are preferred.
 */
async function resolveLibraries(
  { cuda, names }: WantedLibraries,
  earlier: Lock,
  wheels: WheelSource,
): Promise<Lock> {
  const { release } = compatibility().cuda;
  const isOnPypi = release.some(({ version, pypi }) => version === cuda && pypi === true);
  const toolkit = isOnPypi ? await wheels.resolve([`cuda-toolkit[all]==${cuda}.*`]) : [];
  const known = new Set(earlier.map(({ name }) => name));
  const others = toolkit.filter(({ name }) => !known.has(name));
  return await wheels.resolve(libraryRequirements(names, cuda), [...earlier, ...others]);
}

function describe(packages: Lock): string {
  return packages
    .filter(({ name }) => name !== "cuda-toolkit")
    .map(({ name, version }) => `${name} ${version}`)
    .join(", ");
}

/** A word in hardware.txt that brings nothing is a mistake, or a wheel of a form that is not known. */
async function checkLibraries(
  { cuda, names }: WantedLibraries,
  packages: Lock,
  site: string,
): Promise<void> {
  const libraries = new Set((await librariesIn(site)).map(({ path }) => path));
  const records = recordsIn(site);
  const empty = [...names].sort().flatMap((name) => {
    const [wheel] = wheelRequirements([name], cuda);
    if (wheel === undefined) return [{ name, found: `${name}, which CUDA ${cuda} does not have` }];
    if (records.get(wheel)?.some((path) => libraries.has(path)) === true) return [];
    const version = packages.find((one) => one.name === wheel)?.version ?? "";
    return [{ name, found: `${wheel} ${version}, which holds no shared library` }];
  });
  if (empty.length === 0) return;
  throw failure("nothing-to-load", {
    cuda,
    names: empty.map(({ name }) => name),
    found: empty.map(({ found }) => found),
  });
}

/** The files of each wheel, relative to site-packages, by its name. */
function recordsIn(site: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    readdirSync(site)
      .filter((name) => name.endsWith(".dist-info"))
      .map((name) => {
        const record = parseRecord(readFileSync(join(site, name, "RECORD"), "utf8"));
        return [normalizeName(name.split("-")[0] ?? ""), record.map(({ path }) => path)];
      }),
  );
}

/** Only what the loader opens: no headers, static libraries and Python files. */
async function takeLibraries(site: string, lib: string): Promise<void> {
  await makeDirectory(lib);
  for (const { path, place } of await librariesIn(site)) {
    await makeDirectory(dirname(join(lib, place)));
    renameSync(join(site, path), join(lib, place));
  }
  const entries = readdirSync(lib, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isFile())) {
    const soname = (await readElf(join(lib, name)))?.soname;
    if (soname !== undefined && !existsSync(join(lib, soname))) {
      symlinkSync(name, join(lib, basename(soname)));
    }
  }
}

/** NVIDIA's licence allows to pass its libraries on, with its text. */
async function takeLicences(site: string, to: string): Promise<void> {
  for (const info of readdirSync(site).filter((name) => name.endsWith(".dist-info"))) {
    const [distribution = ""] = info.split("-");
    // Which of them depends on the age of the tool that made the wheel.
    for (const directory of [join(site, info), join(site, info, "licenses")]) {
      for (const name of readdirIfThere(directory).filter((one) => /^licen[cs]e\b/i.test(one))) {
        await makeDirectory(join(to, distribution));
        copyFileSync(join(directory, name), join(to, distribution, name));
      }
    }
  }
}

function readdirIfThere(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
