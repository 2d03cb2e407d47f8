import { type Env, readVariable } from "../cnb/env.ts";
import { defineFailures } from "./failure.ts";
import { listed, nearest, text } from "./text.ts";

interface SettingShape {
  /** The buildpacks that read it; the first tells of near misses. */
  readonly readers: readonly string[];
  readonly type: "text" | "flag" | "list" | "count" | "choice" | "address" | "age";
  /** Of an address: words that may stand in its place. */
  readonly choices?: readonly string[];
  /** The largest count. */
  readonly most?: number;
  readonly example: string;
  /** One sentence for the documents' table. */
  readonly meaning: string;
}

/** One of them takes part in a build, with a conda environment or without one. */
const LOCK_PROVIDERS = ["pip", "uv", "poetry", "pdm", "pipenv"] as const;

/** The labels of the Open Container Initiative, by the names that Paketo's image-labels has for them. */
// https://specs.opencontainers.org/image-spec/annotations/
function ociSettings<Name extends string>(
  labels: Readonly<Record<Name, readonly [example: string, meaning: string]>>,
) {
  const entries = (Object.keys(labels) as Name[]).map((name) => {
    const [example, meaning] = labels[name];
    const label = name.toLowerCase().replace("ref_name", "ref.name");
    return [
      `BP_OCI_${name}`,
      {
        readers: ["tags"],
        type: "text",
        example,
        meaning: `${meaning}: the label \`org.opencontainers.image.${label}\`.`,
      },
    ];
  });
  return Object.fromEntries(entries) as {
    readonly [Key in `BP_OCI_${Name}`]: {
      readonly readers: readonly ["tags"];
      readonly type: "text";
      readonly example: string;
      readonly meaning: string;
    };
  };
}

/** Every `BP_*` variable of the suite. docs/settings.md is made from this table. */
export const SETTINGS = {
  BP_LOG_LEVEL: {
    readers: [
      "python",
      "ca-certificates",
      "hardware",
      "apt",
      "conda",
      "pip",
      "site-packages",
      "processes",
      "help",
      "uv",
      "poetry",
      "pdm",
      "pipenv",
      "tags",
    ],
    type: "choice",
    choices: ["info", "debug"],
    example: "debug",
    meaning: "`debug` prints more about each decision.",
  },
  BP_EMBED_CERTS: {
    readers: ["ca-certificates"],
    type: "flag",
    example: "true",
    meaning: "The app trusts the bound certificates too, not only the build.",
  },
  BP_HARDWARE: {
    readers: ["hardware"],
    type: "text",
    example: "cuda==12.8 gpu l4",
    meaning: "What the image is to run on, as lines of `hardware.txt`; overrides that file.",
  },
  BP_CPYTHON_VERSION: {
    readers: ["python", "conda"],
    type: "text",
    example: "3.12.*",
    meaning:
      "The Python version; overrides `.python-version`, `runtime.txt`, `requires-python` and `Pipfile`. An environment file's own lines for Python hold as well, and a lock file has one already.",
  },
  BP_PYTHON_INSTALL_MIRROR: {
    readers: ["python"],
    type: "text",
    example: "https://mirror.example/python-build-standalone",
    meaning:
      "Where Python releases are downloaded from, in place of python-build-standalone's own hosts.",
  },
  BP_PYTHON_DOWNLOADS_JSON_URL: {
    readers: ["python"],
    type: "text",
    example: "https://mirror.example/python-downloads.json",
    meaning: "A list of Python releases, in uv's format, in place of the one that uv brings.",
  },
  BP_PACKAGE_MANAGER: {
    readers: [...LOCK_PROVIDERS, "conda", "help"],
    type: "choice",
    choices: ["conda", "uv", "poetry", "pdm", "pipenv", "pip"],
    example: "uv",
    meaning:
      "Whose files are installed where there are those of several package managers; without it, the first of this list that has any.",
  },
  BP_GROUPS: {
    readers: LOCK_PROVIDERS,
    type: "list",
    example: "inference,monitoring",
    meaning:
      "Dependency groups to install besides the main dependencies. No other group is installed, those for development among them.",
  },
  BP_EXTRAS: {
    readers: LOCK_PROVIDERS,
    type: "list",
    example: "gpu",
    meaning: "Extras of the app's own project to install (`[project.optional-dependencies]`).",
  },
  BP_UV_PACKAGE: {
    readers: ["uv"],
    type: "text",
    example: "serving",
    meaning: "Which member of a uv workspace is installed, in place of the one at its root.",
  },
  BP_PIP_REQUIREMENT: {
    readers: ["pip", "conda"],
    type: "list",
    example: "requirements/production.txt",
    meaning: "Requirements files to install, in place of `requirements.txt`.",
  },
  BP_INDEX_STRATEGY: {
    readers: ["pip"],
    type: "choice",
    choices: ["best-match", "first-index"],
    example: "first-index",
    meaning:
      "With several indexes: `best-match` takes the newest fitting version of all of them, as pip does; `first-index` takes a package only from the first index that has its name.",
  },
  BP_TORCH_INDEX: {
    readers: LOCK_PROVIDERS,
    type: "address",
    choices: ["default"],
    example: "https://mirror.example/pytorch/whl",
    meaning:
      "Where torch and its companions come from: a mirror of `https://download.pytorch.org/whl`, below which the directories `cpu`, `cu128`, … lie; or `default` for the index of all other packages.",
  },
  BP_LOCK_EPOCH: {
    readers: ["pip", "python", "conda", "hardware", "apt"],
    type: "text",
    example: "2026-11",
    meaning: "Any text; a new value resolves Python's release and all packages anew, once.",
  },
  BP_UPGRADE_PACKAGES: {
    readers: ["pip", "conda", "apt"],
    type: "list",
    example: "numpy,ffmpeg",
    meaning:
      "Packages that may move to newer versions while all others stay, once for each new value; of pip, conda and apt.",
  },
  BP_LOCK_MAX_AGE: {
    readers: [...LOCK_PROVIDERS, "conda", "apt"],
    type: "age",
    example: "90 fail",
    meaning:
      "How many days old a lock may be: the build warns of an older one, or fails where `fail` follows the number.",
  },
  BP_HEAVY_LAYERS: {
    readers: ["site-packages", "conda"],
    type: "count",
    // An image may have 127 layers, and there are those of the run image and of other buildpacks.
    most: 80,
    example: "40",
    meaning:
      "How many layers heavy packages may have (0 to 80, default 40); the lightest of them join the light ones. 0 puts everything into one layer.",
  },
  BP_BUILD_SYSTEM_JOBS: {
    readers: ["site-packages"],
    type: "count",
    example: "2",
    meaning: "How many compilers may run at once when a package is built from source.",
  },
  BP_CONDA_ENVIRONMENT: {
    readers: ["conda"],
    type: "text",
    example: "deploy/environment.yml",
    meaning:
      "The environment file or lock file to install, in place of those that are looked for by name.",
  },
  BP_CONDA_REQUIREMENTS: {
    readers: ["conda"],
    type: "flag",
    example: "true",
    meaning:
      "Installs `requirements.txt` with pip on top of the conda environment; without it, the environment file alone is installed.",
  },
  BP_CONDA_CHANNEL_ALIAS: {
    readers: ["conda"],
    type: "address",
    example: "https://mirror.example/conda",
    meaning:
      "Where channels that are given by name lie, in place of `https://conda.anaconda.org`; overrides `channel_alias` of `.condarc`.",
  },
  BP_CONDA_MIRRORS: {
    readers: ["conda"],
    type: "list",
    example: "conda-forge=https://mirror.example/conda-forge",
    meaning:
      "Other places of channels, as `channel=address`; the lock keeps the channel's own address, so that layers stay the same with and without a mirror.",
  },
  BP_CONDA_ARCHSPEC: {
    readers: ["conda"],
    type: "text",
    example: "x86_64_v3",
    meaning:
      "The oldest microarchitecture that the image is to run on, for packages that are built for several (`__archspec`).",
  },
  BP_CONDA_KEEP: {
    readers: ["conda"],
    type: "list",
    example: "static-libraries docs",
    meaning:
      "What stays in the environment although it is left out by rule: see the buildpack's README.",
  },
  BP_CONDA_LINK_SCRIPTS: {
    readers: ["conda"],
    type: "flag",
    example: "true",
    meaning: "Runs the packages' post-link scripts, which may do anything in the build.",
  },
  BP_PIXI_ENVIRONMENT: {
    readers: ["conda"],
    type: "text",
    example: "production",
    meaning: "Which of the environments of `pixi.lock` is installed, in place of `default`.",
  },
  BP_APT_PACKAGES: {
    readers: ["apt"],
    type: "list",
    example: "ffmpeg libgl1",
    meaning: "Debian packages to install, besides those of `apt.txt`.",
  },
  BP_APT_SNAPSHOT: {
    readers: ["apt"],
    type: "text",
    example: "20261101T000000Z",
    meaning:
      "Takes Debian's packages as they were at this time (UTC), from snapshot.debian.org, for builds that can be repeated years later.",
  },
  BP_DRIVER_CHECK: {
    readers: ["hardware", "site-packages", "conda"],
    type: "choice",
    choices: ["warn", "fail", "off"],
    example: "fail",
    meaning:
      "What an image for NVIDIA GPUs does at a start where the host's driver is too old or absent: `warn` (the default) tells it, `fail` does not start the app, `off` says nothing. `DRIVER_CHECK` at launch overrides it.",
  },
  BP_TAGS_PREFIX: {
    readers: ["tags"],
    type: "text",
    example: "com.example.",
    meaning:
      "What the labels of `business-tags.yaml` begin with, in place of `io.ml-buildpacks.tags.`.",
  },
  BP_IMAGE_LABELS: {
    readers: ["tags"],
    type: "text",
    example: 'team=vision contact="Ada Lovelace"',
    meaning: "Image labels, as `key=value` with blanks between them; values with blanks in quotes.",
  },
  ...ociSettings({
    AUTHORS: ["Ada Lovelace <ada@example.com>", "Who is responsible for the image"],
    CREATED: ["2026-11-22T09:30:00Z", "When the image was made (RFC 3339)"],
    DESCRIPTION: ["Finds cats in pictures", "What the image is for"],
    DOCUMENTATION: ["https://example.com/docs", "Where its documentation is"],
    LICENSES: ["Apache-2.0", "Its licences, as an SPDX expression"],
    REF_NAME: ["main", "The name of what it was made from"],
    REVISION: ["3f1c2ab", "The commit it was made from; that of `.git` where there is one"],
    SOURCE: [
      "https://git.example.com/cats",
      "Where its source is; `.git`'s remote where there is one",
    ],
    TITLE: ["cats", "Its title for people"],
    URL: ["https://example.com/cats", "Where more about it is"],
    VENDOR: ["Example Ltd", "Who distributes it"],
    VERSION: ["1.4.0", "The version of what is in it"],
  }),
  BP_CUDA_REDIST_MIRROR: {
    readers: ["hardware"],
    type: "address",
    example: "https://mirror.example/cuda/redist",
    meaning:
      "Where CUDA's compiler is downloaded from, for versions before 13, in place of NVIDIA's own host.",
  },
} as const satisfies Record<string, SettingShape>;

export type SettingName = keyof typeof SETTINGS;

type SettingValue<Name extends SettingName> = (typeof SETTINGS)[Name] extends {
  readonly type: "choice";
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : (typeof SETTINGS)[Name] extends { readonly type: "flag" }
    ? boolean
    : (typeof SETTINGS)[Name] extends { readonly type: "list" }
      ? readonly string[]
      : (typeof SETTINGS)[Name] extends { readonly type: "count" }
        ? number
        : (typeof SETTINGS)[Name] extends { readonly type: "age" }
          ? Age
          : string;

/** A number of days, and what is done about what is older. */
export interface Age {
  readonly days: number;
  readonly outcome: "warn" | "fail";
}

/** Reads settings from the environment; throws a failure that names the variable and its values. */
export class Settings {
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  /** The value, or undefined where the variable is not set or empty. */
  get<Name extends SettingName>(name: Name): SettingValue<Name> | undefined {
    const raw = readVariable(this.#env, name)?.trim();
    if (raw === undefined || raw === "") return undefined;
    return parseValue(name, SETTINGS[name], raw) as SettingValue<Name>;
  }
}

/** A variable that looks like a misspelt setting of this buildpack. */
export interface NearMiss {
  readonly found: string;
  readonly meant: SettingName;
}

/**
 * Each near miss is told by one buildpack only, the one that reads the setting that is meant:
 * others may well have a `BP_*` variable of a similar name.
 */
export function findNearMisses(env: Env, reader: string): readonly NearMiss[] {
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.keys(env)
    .filter((found) => found.startsWith("BP_") && !(found in SETTINGS))
    .flatMap((found) => {
      const [meant] = nearest(found, names, 1) as SettingName[];
      return meant !== undefined && isTeller(SETTINGS[meant].readers, reader)
        ? [{ found, meant }]
        : [];
    });
}

/** The first of the readers, or whichever of those takes part of which only one does. */
function isTeller(readers: readonly string[], reader: string): boolean {
  const [first] = readers;
  if (first === reader) return true;
  const providers: readonly string[] = LOCK_PROVIDERS;
  return first === LOCK_PROVIDERS[0] && readers.includes(reader) && providers.includes(reader);
}

const failure = defineFailures<{
  "setting-invalid": { name: string; value: string; needed: string; example: string };
}>({
  "setting-invalid": ({ name, value, needed, example }) => ({
    blame: "app",
    title: `The setting ${name} has a value that is not understood`,
    body: text`
      Found: ${name}=${
        // Without its beginning, an address does not look like one that holds a password.
        value.includes("@") ? "(not shown: there may be a password before the @)" : value
      }
      Needed: ${needed}

      For example, in project.toml:

        [[io.buildpacks.build.env]]
        name = "${name}"
        value = "${example}"
    `,
  }),
});

function parseValue(name: string, shape: SettingShape, raw: string): unknown {
  const invalid = (needed: string) =>
    failure("setting-invalid", { name, value: raw, needed, example: shape.example });
  switch (shape.type) {
    case "text":
      return raw;
    case "list":
      return raw.split(/[\s,]+/).filter((item) => item !== "");
    case "count": {
      const most = shape.most ?? 999_999;
      if (/^\d{1,6}$/.test(raw) && Number(raw) <= most) return Number(raw);
      throw invalid(
        shape.most === undefined ? "a whole number, 0 or more" : `a whole number from 0 to ${most}`,
      );
    }
    case "age": {
      const [, days = "", outcome = "warn"] = /^(\d{1,5})(?:\s+(warn|fail))?$/i.exec(raw) ?? [];
      if (days !== "") return { days: Number(days), outcome: outcome.toLowerCase() };
      throw invalid("a number of days, and 'fail' after it where the build is not to go on");
    }
    case "flag":
      if (/^(true|1|yes|on)$/i.test(raw)) return true;
      if (/^(false|0|no|off)$/i.test(raw)) return false;
      throw invalid("true or false");
    case "address": {
      const choices = shape.choices ?? [];
      if (choices.includes(raw) || /^https?:\/\/[^\s/]/i.test(raw)) return raw;
      throw invalid(listed(["an address (https://…)", ...choices], "or"));
    }
    case "choice": {
      const choice = shape.choices?.find((candidate) => candidate === raw.toLowerCase());
      if (choice === undefined) throw invalid(listed(shape.choices ?? [], "or"));
      return choice;
    }
  }
}
