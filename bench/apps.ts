/** An app that is built in all scenarios, and what is changed in it. */
export interface BenchApp {
  readonly name: string;
  /** For the report. */
  readonly description: string;
  /** Its files, as a user has them; in this repository. */
  readonly folder: string;
  /** The file that names its packages. */
  readonly requirements: "requirements.txt" | "environment.yml";
  /** What its first import is measured with. */
  readonly modules: readonly string[];
  /** What starts it: as ours does, so that start-up times can be compared. */
  readonly start: readonly string[];
  /** Settings of our build. */
  readonly env: Readonly<Record<string, string>>;
  /** The Dockerfiles that it is built with, too. Where there is an apt.txt, each installs that first. */
  readonly rivals: readonly RivalName[];
  /** A Dockerfile's build takes minutes. */
  readonly heavy: boolean;
  /** Added one after the other. */
  readonly additions: readonly string[];
  /** Added after these, on a machine without local state. */
  readonly freshAddition: string;
  readonly smallUpgrade: Upgrade;
  /** Absent where no package is heavy. */
  readonly heavyUpgrade?: Upgrade;
  readonly secondApp: SecondApp;
  /** Of a conda app: what the channel must have. */
  readonly channel?: CondaChannel;
}

export type RivalName = "pip" | "pip-cache" | "uv" | "torch-run" | "conda";

/** Two lines of the requirements: what the app has, and what takes its place. */
export interface Upgrade {
  readonly before: string;
  readonly after: string;
}

/** Another app with the same heavy packages, as lines that the first has more and less. */
export interface SecondApp {
  readonly without: readonly string[];
  readonly with: readonly string[];
}

/**
 * A channel that is made for the benchmark, since https://conda.anaconda.org changes hourly: of a
 * real Python and of PyPI's packages. Our build is told where it is by `BP_CONDA_CHANNEL_ALIAS`.
 */
export interface CondaChannel {
  /** As the environment file has it. */
  readonly name: string;
  /** Requirements; each set is resolved by itself, and all of its packages are in the channel. */
  readonly sets: readonly (readonly string[])[];
  /** What a package needs of others beyond their names, by the package's name. */
  readonly bounds: Readonly<Record<string, readonly string[]>>;
}

/**
 * What people add to a service, alike for all apps: a package that needs no other, one that an
 * installed package is too new for, one with compiled code, one of several megabytes, and one with
 * dependencies. gtts needs click below 8.2, of which all apps have a later one: it is among the
 * first, since rounds with fewer additions shall have it, too.
 */
const ADDITIONS = [
  "humanize==4.17.0",
  "gtts==2.5.4",
  "orjson==3.13.0",
  "cryptography==50.0.2",
  "sentry-sdk==2.75.0",
];
const FRESH_ADDITION = "tinydb==4.9.0";

const UVICORN: Upgrade = { before: "uvicorn==0.53.0", after: "uvicorn==0.54.0" };
const GUNICORN_START = [
  ...["gunicorn", "main:app", "--bind", "0.0.0.0:8080", "--threads", "8", "--timeout", "0"],
  ...["--worker-tmp-dir", "/dev/shm", "--access-logfile", "-", "--no-control-socket"],
];

/**
 * What is heavy or upgraded is pinned in their files, so that figures of years can be compared;
 * the rest is as the index has it.
 */
export const APPS: readonly BenchApp[] = [
  {
    ...withUvicorn("tiny"),
    description: "Flask and gunicorn: nothing heavy",
    modules: ["flask"],
    start: GUNICORN_START,
    smallUpgrade: { before: "gunicorn==27.0.0", after: "gunicorn==27.0.1" },
    secondApp: { without: [], with: ["flask-cors", "requests", "structlog"] },
  },
  {
    ...withUvicorn("vision"),
    description: "OpenCV, pandas, and Debian's libraries for them",
    modules: ["cv2", "pandas"],
    heavyUpgrade: { before: "opencv-python==4.13.0.92", after: "opencv-python==4.14.0.94" },
  },
  {
    ...withUvicorn("torch"),
    description: "PyTorch for NVIDIA's GPUs",
    modules: ["torch"],
    // The Dockerfiles' torch is PyPI's, which is for CUDA; so ours takes that, too.
    env: { BP_HARDWARE: "cuda", BP_TORCH_INDEX: "default" },
    rivals: ["pip", "pip-cache", "uv", "torch-run"],
    heavy: true,
    // A patch release, as upgrades mostly are: NVIDIA's libraries stay.
    heavyUpgrade: { before: "torch==2.14.0", after: "torch==2.14.1" },
  },
  {
    ...withUvicorn("tensorflow"),
    // In place of PyTorch for CPUs, of which PyPI has none for Linux on x86-64. Its shape is the
    // same: one wheel, of 260 MB, with NumPy and some thirty small packages.
    description: "TensorFlow for CPUs",
    modules: ["tensorflow"],
    heavy: true,
    heavyUpgrade: { before: "tensorflow-cpu==2.20.0", after: "tensorflow-cpu==2.21.0" },
  },
  {
    ...withUvicorn("conda"),
    description: "SciPy, pandas and Flask of a conda channel, gunicorn of PyPI",
    requirements: "environment.yml",
    modules: ["pandas", "scipy.stats"],
    start: GUNICORN_START,
    rivals: ["conda"],
    smallUpgrade: { before: "flask==3.1.2", after: "flask==3.1.3" },
    heavyUpgrade: { before: "scipy==1.17.1", after: "scipy==1.18.1" },
    secondApp: { without: ["flask==3.1.2"], with: ["flask==3.1.3", "httpx", "structlog"] },
    channel: {
      name: "conda-forge",
      sets: [
        [
          ...["scipy==1.17.1", "numpy==2.5.5", "pandas==3.1.1", "flask==3.1.2", "click==8.5.1"],
          ...["pip", "httpx", "structlog", FRESH_ADDITION],
          ...ADDITIONS.filter((line) => !line.startsWith("gtts")),
        ],
        ["scipy==1.18.1", "numpy==2.5.5", "flask==3.1.3", "click==8.5.1"],
        ["gtts==2.5.4"],
      ],
      bounds: { gtts: ["click >=7.1,<8.2"] },
    },
  },
  {
    ...withUvicorn("many"),
    description: "120 small packages",
    modules: ["fastapi", "httpx", "sqlalchemy", "networkx", "nltk", "openpyxl"],
    secondApp: { without: [UVICORN.before], with: [UVICORN.after, "pika", "simplejson", "ujson"] },
  },
];

/** What most of them have in common. */
function withUvicorn(name: string) {
  return {
    name,
    folder: `bench/apps/${name}`,
    requirements: "requirements.txt",
    start: ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8080"],
    env: {},
    rivals: ["pip", "pip-cache", "uv"],
    heavy: false,
    additions: ADDITIONS,
    freshAddition: FRESH_ADDITION,
    smallUpgrade: UVICORN,
    secondApp: {
      without: [UVICORN.before],
      with: [UVICORN.after, "httpx", "pydantic-settings", "prometheus-client", "structlog"],
    },
  } as const;
}
