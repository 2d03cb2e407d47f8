import { describe, expect, test } from "vitest";
import {
  parseEnvironmentFile,
  readEnvironmentFile,
} from "../../../src/conda/inputs/environment-file.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { writeFiles } from "../../support/phase.ts";

const PLACE = { file: "environment.yml", subdir: "linux-64", env: {} };

function parse(text: string | Uint8Array, place: Partial<typeof PLACE> & { env?: object } = {}) {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return parseEnvironmentFile(bytes, { ...PLACE, ...place, env: { ...place.env } });
}

function told(text: string | Uint8Array, place: Partial<typeof PLACE> = {}): string {
  return `\n${parse(text, place).problems.map(describeProblem).join("\n")}\n`;
}

function toldOfAll(cases: readonly (readonly [string, string | Uint8Array])[]): string {
  return `\n${cases.map(([what, text]) => `(${what})${told(text)}`).join("\n")}`;
}

describe("a file that can be used", () => {
  test("with all keys of the specification", () => {
    const text = `
name: demo
prefix: /opt/conda/envs/demo
category: main
platforms: [linux-64, osx-arm64]
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11.*
  - numpy >= 1.2
  - conda-forge::scipy
  - pytorch::pytorch=2.1=*cuda*
  - "blas[build=openblas]"
  - pip
  - pip:
      # the app's own
      - -e .
      - -r requirements.txt
      - git+https://github.com/example/tool@v1
      - --extra-index-url https://packages.example/simple
      - torch==2.1.0+cu121  # for CUDA
variables:
  VERSION: 1.10
  FLAG: true
  EMPTY:
  TEXT: "a b"
`;

    expect(parse(text)).toMatchInlineSnapshot(`
      {
        "channels": [
          {
            "line": 7,
            "text": "conda-forge",
          },
          {
            "line": 8,
            "text": "nodefaults",
          },
        ],
        "credentials": [],
        "file": "environment.yml",
        "notes": [
          "Skipping prefix (environment.yml, line 3) because the environment has its own place in the image",
          "Skipping category (environment.yml, line 4) because one environment is installed, whatever its category",
        ],
        "pip": [
          {
            "line": 18,
            "text": "-e .",
          },
          {
            "line": 19,
            "text": "-r requirements.txt",
          },
          {
            "line": 20,
            "text": "git+https://github.com/example/tool@v1",
          },
          {
            "line": 21,
            "text": "--extra-index-url https://packages.example/simple",
          },
          {
            "line": 22,
            "text": "torch==2.1.0+cu121",
          },
        ],
        "problems": [],
        "specs": [
          {
            "line": 10,
            "text": "python=3.11.*",
          },
          {
            "line": 11,
            "text": "numpy >= 1.2",
          },
          {
            "line": 12,
            "text": "conda-forge::scipy",
          },
          {
            "line": 13,
            "text": "pytorch::pytorch=2.1=*cuda*",
          },
          {
            "line": 14,
            "text": "blas[build=openblas]",
          },
          {
            "line": 15,
            "text": "pip",
          },
        ],
        "variables": {
          "EMPTY": "",
          "FLAG": "true",
          "TEXT": "a b",
          "VERSION": "1.10",
        },
      }
    `);
  });

  test.each<[string, Uint8Array]>([
    ["with a byte order mark", Buffer.from("\uFEFFdependencies:\n  - numpy\n  - scipy\n")],
    ["with Windows's ends of lines", Buffer.from("dependencies:\r\n  - numpy\r\n  - scipy\r\n")],
    [
      "in UTF-16, as PowerShell redirects",
      Buffer.from("\uFEFFdependencies:\r\n  - numpy\r\n  - scipy\r\n", "utf16le"),
    ],
    ["in one line", Buffer.from("{dependencies: [numpy, scipy]}")],
    ["with an anchor", Buffer.from("dependencies:\n  - &n numpy\n  - scipy\n  - *n\n")],
  ])("%s", (_what, bytes) => {
    const { specs, problems } = parse(bytes);

    expect(problems).toEqual([]);
    expect(specs.map(({ text }) => text).slice(0, 2)).toEqual(["numpy", "scipy"]);
  });

  test("is read from the app", async () => {
    const appDir = await temporaryDirectory();
    await writeFiles(appDir, { "envs/prod.yml": "dependencies:\n  - numpy\n" });

    const { specs, file } = await readEnvironmentFile(appDir, { ...PLACE, file: "envs/prod.yml" });

    expect({ file, specs }).toEqual({
      file: "envs/prod.yml",
      specs: [{ text: "numpy", line: 2 }],
    });
  });

  test("keys that mean nothing are told, with what may be meant", () => {
    const { notes, problems } = parse(
      "chanels: [a]\nauthor: me\nprefix: /x\ncategory: dev\npip: [requests]\ndependencies:\n  - numpy\n",
    );

    expect(problems).toEqual([]);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Skipping chanels (environment.yml, line 1) because no such key is known; did you mean channels?",
        "Skipping author (environment.yml, line 2) because no such key is known",
        "Skipping prefix (environment.yml, line 3) because the environment has its own place in the image",
        "Skipping category (environment.yml, line 4) because one environment is installed, whatever its category",
        "Skipping pip (environment.yml, line 5) because requirements of pip are an item of dependencies, '- pip:' with a list of its own",
      ]
    `);
  });

  test("an empty list of pip's is one", () => {
    expect(parse("dependencies:\n  - numpy\n  - pip:\n").pip).toEqual([]);
    expect(parse("dependencies:\n  - numpy\n").pip).toBeUndefined();
  });
});

describe("selectors", () => {
  const text = `dependencies:
  - always
  - a  # [linux]
  - b  # [win or osx]
  - c  #[linux and not aarch64]
  - d  # [aarch64 or (osx and x86_64)]
  - e  # [x64]
  - f  # [unix] and a remark
  - g  # [arm64]
  - h  # [see the handbook]
  - sel(linux): i
  - sel(win): j
  - pip:
      - p
      - q  # [win]
`;

  test.each([
    ["linux-64", "always a c e f h i p"],
    ["linux-aarch64", "always a d f h i p"],
  ])("for %s", (subdir, expected) => {
    const { specs, pip, problems } = parse(text, { subdir });

    expect(problems).toEqual([]);
    expect([...specs, ...(pip ?? [])].map((one) => one.text).join(" ")).toBe(expected);
  });

  test("leave the numbers of lines", () => {
    expect(parse(text).specs.at(-1)).toEqual({ text: "i", line: 11 });
  });

  test("that can't be told", () => {
    expect(
      told(
        "dependencies:\n  - a  # [linus]\n  - b  # [py<38]\n  - c  # [linux and]\n  - sel(windows): d\n  - e # [(linux]\n",
      ),
    ).toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - a  # [linus]
        No platform is named linus; did you mean linux?
      environment.yml, line 3: - b  # [py<38]
        Only names of platforms decide here, such as linux, aarch64 and win, not py<38.
      environment.yml, line 4: - c  # [linux and]
        Names of platforms with 'and', 'or', 'not' and brackets are needed, not [linux and].
      environment.yml, line 5: - sel(windows): d
        No platform is named windows; did you mean win?
      environment.yml, line 6: - e # [(linux]
        Names of platforms with 'and', 'or', 'not' and brackets are needed, not [(linux].
      "
    `);
  });
});

describe("credentials and variables of channels", () => {
  const env = { TOKEN: "tk-1234567890", PASSWORD: "p/w#1", HOST: "conda.example" };

  test("values are put in, credentials taken out", () => {
    const { channels, credentials, problems, specs } = parse(
      `channels:
  - https://me:\${PASSWORD}@$HOST/channel
  - https://conda.anaconda.org/t/\${TOKEN}/private
  - https://host.example/a$b
dependencies:
  - https://you:secret@other.example/c::numpy
`,
      { env },
    );

    expect(problems).toEqual([]);
    expect(channels).toEqual([
      { text: "https://conda.example/channel", line: 2 },
      { text: "https://conda.anaconda.org/private", line: 3 },
      { text: "https://host.example/a$b", line: 4 },
    ]);
    expect(specs).toEqual([{ text: "https://other.example/c::numpy", line: 6 }]);
    const at = (line: number) => ({ origin: { file: "environment.yml", line } });
    expect(credentials).toEqual([
      { host: "conda.example", login: "me", password: "p/w#1", ...at(2) },
      { host: "conda.anaconda.org", token: "tk-1234567890", ...at(3) },
      { host: "other.example", login: "you", password: "secret", ...at(6) },
    ]);
  });

  test("what is missing is told, and nothing secret", () => {
    expect(
      told(
        "channels:\n  - https://conda.anaconda.org/t/${TOKEN}/private\n  - https://host.example/api/t/abcdef123456/x\n  - a: https://me:secret@host.example/t/abcdef123456/x\ndependencies:\n  - numpy\n",
      ),
    ).toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - https://conda.anaconda.org/t/****/private
        The build has no variable TOKEN.
      environment.yml, line 3: - https://host.example/api/t/****/x
        A token stands right behind the host, as in https://host.example/t/****/channel.
      environment.yml, line 4: - a: https://****@host.example/t/****/x
        A single text is needed, for example:

          - conda-forge
      "
    `);
  });
});

test("YAML that can't be read", () => {
  const cases: readonly (readonly [string, string | Uint8Array])[] = [
    ["a tab", "name: x\ndependencies:\n\t- numpy\n"],
    ["a key twice", "name: x\ndependencies:\n  - a\nname: y\ndependencies:\n  - b\n"],
    ["an item that is indented too far", "dependencies:\n  - a\n   - b\n  - c\n"],
    ["no blank after the list's mark", "name: x\ndependencies:\n-numpy\n-pandas\n"],
    ["no blank after the marks of an indented list", "dependencies:\n  -numpy\n  -pandas\n"],
    ["no blank after a key", "name:x\ndependencies:\n  - numpy\n"],
    ["an open quotation mark", 'name: "abc\ndependencies:\n  - a\n'],
    ["a version alone", "dependencies:\n  - >=1.2\n"],
    ["a character of YAML's", "dependencies:\n  - @scope\n"],
    ["a star", "dependencies:\n  - *\n"],
    ["an anchor that is not there", "dependencies:\n  - *numpy\n"],
    ["two documents", "dependencies:\n  - a\n---\ndependencies:\n  - b\n"],
    ["a merge conflict", "name: x\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> main\n"],
    ["a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n"],
    ["a web page", "<!DOCTYPE html>\n<html>\n"],
    ["a template", "{% set version = 1 %}\ndependencies:\n  - a\n"],
    ["a template's name", "name: {{ name }}\ndependencies:\n  - a\n"],
    ["Markdown", "```yaml\ndependencies:\n  - a\n```\n"],
    ["bytes", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 10, 0)],
    ["a bracket that is not closed", "dependencies: [numpy, scipy\n"],
    ["an indentation that fits nothing", "dependencies:\n    - a\n  - b\n"],
  ];

  expect(toldOfAll(cases)).toMatchInlineSnapshot(`
    "
    (a tab)
    environment.yml, line 3: - numpy
      This is no YAML at column 1. YAML is indented by blanks, not by tabs; put blanks in place of the tab.

    (a key twice)
    environment.yml, line 4: name: y
      The key name stands above already (line 1); put both under one.
    environment.yml, line 5: dependencies:
      The key dependencies stands above already (line 2); put both under one.

    (an item that is indented too far)
    environment.yml, line 3: - b
      The line is indented otherwise than the items above, and continues one.

    (no blank after the list's mark)
    environment.yml, line 3: -numpy
      This is no YAML at column 1. A blank is needed after the '-':

        - numpy

    (no blank after the marks of an indented list)
    environment.yml, line 2: -numpy
      A blank is needed after the '-':

        - numpy

    (no blank after a key)
    environment.yml, line 1: name:x
      This is no YAML at column 1. A blank is needed after the ':':

        name: x

    (an open quotation mark)
    environment.yml, line 1: name: "abc
      A quotation mark or a bracket is not closed.

    (a version alone)
    environment.yml, line 2: - >=1.2
      This is no YAML at column 6. A package's name is needed before the version, for example:

        - numpy>=1.26

    (a character of YAML's)
    environment.yml, line 2: - @scope
      This is no YAML at column 5. Quotation marks are needed, since the first character means something else to YAML:

        - "@scope"

    (a star)
    environment.yml, line 2: - *
      This is no YAML at column 5. Quotation marks are needed, since the first character means something else to YAML:

        - "*"

    (an anchor that is not there)
    environment.yml, line 2: - *numpy
      Quotation marks are needed, since the first character means something else to YAML:

        - "*numpy"

    (two documents)
    environment.yml, line 3: ---
      This is no YAML at column 1. A second document begins here; keep one, without '---' between.

    (a merge conflict)
    environment.yml, line 2: <<<<<<< HEAD
      The file has an unsolved merge conflict; keep one side and remove the marks.

    (a pointer of Git LFS)
    environment.yml, line 1: version https://git-lfs.github.com/spec/v1
      This is Git LFS's pointer, not the file; run 'git lfs pull' before the build.

    (a web page)
    environment.yml, line 1: <!DOCTYPE html>
      This is a web page; download the raw file in its place.

    (a template)
    environment.yml, line 1: {% set version = 1 %}
      This is no YAML at column 2. This is a template of Jinja, which nothing fills in here; write the value.

    (a template's name)
    environment.yml, line 1: name: {{ name }}
      This is no YAML at column 8. This is a template of Jinja, which nothing fills in here; write the value.

    (Markdown)
    environment.yml, line 1: \`\`\`yaml
      This is no YAML at column 1. Remove the Markdown marks around the file.

    (bytes)
    environment.yml, line 1: PK??????
      The file is not text in UTF-8; save it as UTF-8.

    (a bracket that is not closed)
    environment.yml, line 1: dependencies: [numpy, scipy
      A quotation mark or a bracket is not closed.

    (an indentation that fits nothing)
    environment.yml, line 3: - b
      This is no YAML at column 1. The line is indented otherwise than those it belongs to.
    "
  `);
});

test("a file that says nothing", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["empty", ""],
    ["comments alone", "# nothing\n"],
    ["requirements", "# pip's\nnumpy==1.2\npandas>=3\n"],
    ["conda list --export", "# platform: linux-64\nnumpy=1.26.4=py311h64a7726_0\n"],
    ["a list at the top", "- numpy\n- pandas\n"],
    ["no dependencies", "name: x\nchannels:\n  - conda-forge\n"],
    ["misspelt dependencies", "name: x\ndependancies:\n  - numpy\n"],
    ["empty dependencies", "name: x\ndependencies:\n"],
    ["an empty list", "dependencies: []\n"],
    ["a map of dependencies", 'dependencies:\n  python: 3.11\n  numpy: "*"\n  scipy: ">=1"\n'],
    ["a text of dependencies", "dependencies: numpy pandas\n"],
    ["a text of channels", "channels: conda-forge\ndependencies:\n  - numpy\n"],
  ];

  expect(toldOfAll(cases)).toMatchInlineSnapshot(`
    "
    (empty)
    environment.yml, line 1: (empty)
      Nothing is written in environment.yml; write what is installed, for example:

        channels:
          - conda-forge
        dependencies:
          - python=3.12
          - numpy

    (comments alone)
    environment.yml, line 1: # nothing
      Nothing is written in environment.yml; write what is installed, for example:

        channels:
          - conda-forge
        dependencies:
          - python=3.12
          - numpy

    (requirements)
    environment.yml, line 2: numpy==1.2
      This is a list of requirements; pip's are read from requirements.txt, and conda's stand under dependencies:

        dependencies:
          - python=3.12

    (conda list --export)
    environment.yml, line 2: numpy=1.26.4=py311h64a7726_0
      This is a list of 'conda list --export', which lacks the channels; write the file in that environment:

        conda env export --from-history > environment.yml

    (a list at the top)
    environment.yml, line 1: - numpy
      Keys such as channels and dependencies are needed:

        channels:
          - conda-forge
        dependencies:
          - python=3.12
          - numpy

    (no dependencies)
    environment.yml, line 1: name: x
      There is no key dependencies, which lists what is installed:

        dependencies:
          - python=3.12

    (misspelt dependencies)
    environment.yml, line 2: dependancies:
      There is no key dependencies, which lists what is installed; did you mean that?

    (empty dependencies)
    environment.yml, line 2: dependencies:
      Nothing is listed; write what is installed, for example:

        - python=3.12

    (an empty list)
    environment.yml, line 1: dependencies: []
      Nothing is listed; write what is installed, for example:

        - python=3.12

    (a map of dependencies)
    environment.yml, line 2: python: 3.11
      A list is needed, each package in a line of its own:

        dependencies:
          - python=3.11
          - numpy
          - scipy>=1

    (a text of dependencies)
    environment.yml, line 1: dependencies: numpy pandas
      A list is needed, each package in a line of its own:

        dependencies:
          - numpy
          - pandas

    (a text of channels)
    environment.yml, line 1: channels: conda-forge
      A list is needed, each item in a line of its own:

        channels:
          - conda-forge
    "
  `);
});

describe("items that are no match specs", () => {
  test("what is pip's", () => {
    expect(
      told(`dependencies:
  - torch==2.1.0+cu121
  - git+https://github.com/example/tool
  - uvicorn[standard]>=0.30
  - -e .
  - -r requirements.txt
  - ./package
  - tool @ https://packages.example/tool-1.0-py3-none-any.whl
  - https://packages.example/tool-1.0-py3-none-any.whl
  - --extra-index-url https://packages.example/simple
  - pip install requests
`),
    ).toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - torch==2.1.0+cu121
        This is pip's, and stands under pip:

          - pip:
              - torch==2.1.0+cu121
      environment.yml, line 3: - git+https://github.com/example/tool
        This is pip's, and stands under pip:

          - pip:
              - git+https://github.com/example/tool
      environment.yml, line 4: - uvicorn[standard]>=0.30
        This is pip's, and stands under pip:

          - pip:
              - uvicorn[standard]>=0.30
      environment.yml, line 5: - -e .
        This is pip's, and stands under pip:

          - pip:
              - -e .
      environment.yml, line 6: - -r requirements.txt
        This is pip's, and stands under pip:

          - pip:
              - -r requirements.txt
      environment.yml, line 7: - ./package
        This is pip's, and stands under pip:

          - pip:
              - ./package
      environment.yml, line 8: - tool @ https://packages.example/tool-1.0-py3-none-any.whl
        This is pip's, and stands under pip:

          - pip:
              - tool @ https://packages.example/tool-1.0-py3-none-any.whl
      environment.yml, line 9: - https://packages.example/tool-1.0-py3-none-any.whl
        This is pip's, and stands under pip:

          - pip:
              - https://packages.example/tool-1.0-py3-none-any.whl
      environment.yml, line 10: - --extra-index-url https://packages.example/simple
        This is pip's, and stands under pip:

          - pip:
              - --extra-index-url https://packages.example/simple
      environment.yml, line 11: - pip install requests
        This is pip's, and stands under pip:

          - pip:
              - requests
      "
    `);
  });

  test("slips of the pen", () => {
    expect(
      told(`dependencies:
  - python=>3.8
  - numpy=<2
  - numpy===1.2
  - numpy@1.2
  - numpy:1.2
  - numpy: 1.2
  - conda-forge:numpy
  - numpy, pandas
  - numpy pandas
  - conda install -c conda-forge scipy sympy
  - "'scipy'"
  - 3.11
  - numpy>=1.2; python_version < "3.9"
  - numpy={{ version }}
  -
  - [a, b]
`),
    ).toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - python=>3.8
        The comparison is written '>=':

          - python>=3.8
      environment.yml, line 3: - numpy=<2
        The comparison is written '<=':

          - numpy<=2
      environment.yml, line 4: - numpy===1.2
        Between name and version '=' is needed:

          - numpy=1.2
      environment.yml, line 5: - numpy@1.2
        Between name and version '=' is needed:

          - numpy=1.2
      environment.yml, line 6: - numpy:1.2
        Between name and version '=' is needed:

          - numpy=1.2
      environment.yml, line 7: - numpy: 1.2
        Between name and version '=' is needed:

          - numpy=1.2
      environment.yml, line 8: - conda-forge:numpy
        Behind the channel two colons are needed:

          - conda-forge::numpy
      environment.yml, line 9: - numpy, pandas
        Each package needs a line of its own:

          - numpy
          - pandas
      environment.yml, line 10: - numpy pandas
        Each package needs a line of its own:

          - numpy
          - pandas
      environment.yml, line 11: - conda install -c conda-forge scipy sympy
        Only what is installed stands here, without the command:

          - scipy
          - sympy
      environment.yml, line 12: - "'scipy'"
        Write it without further quotation marks:

          - scipy
      environment.yml, line 13: - 3.11
        A package's name is needed before the version, for example:

          - python=3.11
      environment.yml, line 14: - numpy>=1.2; python_version < "3.9"
        conda knows no environment markers; write the line under pip, or with '# [linux]' behind it.
      environment.yml, line 15: - numpy={{ version }}
        This is a template of Jinja, which nothing fills in here; write the value.
      environment.yml, line 16: -
        An item is empty, or a list; the name of a package is needed.
      environment.yml, line 17: - [a, b]
        An item is empty, or a list; the name of a package is needed.
      "
    `);
  });

  test("pip's section", () => {
    expect(
      told(`dependencies:
  - pip:
      - requests=2.31
      - pip install flask
      - conda-forge::numpy
      - numpy: 1.2
      - tool={{ version }}
  - pip:
      - again
  - pips:
      - x
  - npm:
      - left-pad
`),
    ).toMatchInlineSnapshot(`
      "
      environment.yml, line 3: - requests=2.31
        pip's requirements have two equals signs:

          - requests==2.31
      environment.yml, line 4: - pip install flask
        Only what is installed stands here, without the command:

          - flask
      environment.yml, line 5: - conda-forge::numpy
        A channel is conda's; write the line under dependencies, outside of pip.
      environment.yml, line 6: - numpy: 1.2
        A single text is needed, for example:

          - requests>=2
      environment.yml, line 7: - tool={{ version }}
        This is a template of Jinja, which nothing fills in here; write the value.
      environment.yml, line 8: - pip:
        pip stands above already (line 2); put both under one.
      environment.yml, line 10: - pips:
        No other installer than pip is known here; did you mean pip:?
      environment.yml, line 12: - npm:
        No installer npm is known here, only pip.
      "
    `);
    expect(told("dependencies:\n  - pip: requests\n")).toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - pip: requests
        A list is needed, each item in a line of its own:

          pip:
            - requests
      "
    `);
  });

  test("what match specs may be", () => {
    const specs = [
      ...["numpy", "numpy=1.26.4=py311h64a7726_0", "numpy 1.26.*", "numpy >=1.2,<2|>3"],
      ...[
        "python 3.11.* *_cpython",
        "conda-forge/linux-64::numpy",
        "*::numpy",
        "_libgcc_mutex=0.1",
      ],
      ...["pytorch=2.*=*cuda*", "foo[version='>=1',build=*cuda*]", "numpy!=1.25.1", "ruamel.yaml"],
      ...[
        "https://host.example/c/linux-64/a-1.0-0.conda",
        "r-base ~=4.3",
        "https://host.example/c::a",
      ],
    ];
    const text = `dependencies:\n${specs.map((one) => `  - ${JSON.stringify(one)}\n`).join("")}`;

    const { specs: read, problems } = parse(text);

    expect(problems).toEqual([]);
    expect(read.map((one) => one.text)).toEqual(specs);
  });
});

describe("what was made on another platform", () => {
  const pinned = (names: readonly string[]) =>
    `dependencies:\n${names.map((name) => `  - ${name}=1.0=h0_0\n`).join("")}`;

  test("is told, with the way to write it anew", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["one package of Windows", "dependencies:\n  - numpy\n  - pywin32\n"],
      [
        "an export of Windows",
        "dependencies:\n  - python=3.11.5=he1021f5_0\n  - ucrt=10.0=h0_0\n  - vc=14.2=h2_1\n  - vs2015_runtime=14=h5_0\n",
      ],
      [
        "an export of Windows, by its prefix",
        `${pinned(["python", "numpy"])}prefix: C:\\Users\\me\\anaconda3\\envs\\x\n`,
      ],
      ["an export of macOS, by its prefix", `${pinned(["python"])}prefix: /Users/me/miniconda3\n`],
      [
        "an export of macOS, by a package, with lines for pip",
        `${pinned(["appnope", "python"])}  - pip:\n    - six\n`,
      ],
      ["an export of another architecture", pinned(["ld_impl_linux-aarch64", "python"])],
    ];

    expect(toldOfAll(cases)).toMatchInlineSnapshot(`
      "
      (one package of Windows)
      environment.yml, line 3: - pywin32
        pywin32 is for Windows alone; remove the line, or let it count there only:

          - pywin32  # [win]

      (an export of Windows)
      environment.yml, line 3: - ucrt=10.0=h0_0
        ucrt, vc and vs2015_runtime are for Windows alone, where the file was made; write the file anew, in the environment that it is of:

          conda env export --from-history > environment.yml

      (an export of Windows, by its prefix)
      environment.yml, line 2: - python=1.0=h0_0
        The builds are those of win-64, and the image is linux-64; write the file anew, in the environment that it is of:

          conda env export --from-history > environment.yml

      (an export of macOS, by its prefix)
      environment.yml, line 2: - python=1.0=h0_0
        The builds are those of macOS, and the image is linux-64; write the file anew, in the environment that it is of:

          conda env export --from-history > environment.yml

      (an export of macOS, by a package, with lines for pip)
      environment.yml, line 3: - python=1.0=h0_0
        The builds are those of macOS, and the image is linux-64; write the file anew, in the environment that it is of, and copy the lines under pip: over, which it leaves out:

          conda env export --from-history > environment.yml

      (an export of another architecture)
      environment.yml, line 3: - python=1.0=h0_0
        The builds are those of linux-aarch64, and the image is linux-64; write the file anew, in the environment that it is of:

          conda env export --from-history > environment.yml
      "
    `);
  });

  test("is not said of one that was made here, or pins little", () => {
    const own = pinned(["python", "ld_impl_linux-64", "a", "b", "c", "d", "e", "f", "g"]);
    expect(parse(own).problems).toEqual([]);
    const little = ["python", "bzip2", "ca-certificates", "xz", "tk", "zlib", "openssl", "libffi"];
    expect(parse(pinned(little)).problems).toEqual([]);
    expect(parse(`${pinned(little)}prefix: /root/miniconda3/envs/x\n`).problems).toEqual([]);
    expect(parse(`${pinned(["python"])}prefix: /home/me/conda\n`).problems).toEqual([]);
    expect(parse("dependencies:\n  - python=3.11\nprefix: /Users/me/x\n").problems).toEqual([]);
    expect(parse("dependencies:\n  - a\n  - pywin32  # [win]\n").problems).toEqual([]);
  });
});

test("variables and platforms that can't be used", () => {
  expect(
    told("dependencies:\n  - a\nvariables:\n  - A=1\nplatforms:\n  - noarch\n  - osx-arm64\n", {}),
  ).toMatchInlineSnapshot(`
    "
    environment.yml, line 4: - A=1
      Names and values are needed, without '-':

        variables:
          NAME: value
    environment.yml, line 5: platforms:
      The image is linux-64, which is not among the platforms; add it:

        - linux-64
    environment.yml, line 6: - noarch
      noarch is no platform; remove it.
    "
  `);
  expect(told("name: [a]\ndependencies:\n  - a\nvariables:\n  A-B: 1\n  C: [1]\n"))
    .toMatchInlineSnapshot(`
    "
    environment.yml, line 1: name: [a]
      A name is a single word.
    environment.yml, line 5: A-B: 1
      A variable's name has letters, digits and '_' only.
    environment.yml, line 6: C: [1]
      A variable has one value; write it as text, in quotation marks.
    "
  `);
});

test("all problems are told at once, in the order of the file", () => {
  expect(told("channels:\n  - [a]\ndependencies:\n  - numpy=>1\n  - b  # [linus]\n  - x: 1\n"))
    .toMatchInlineSnapshot(`
      "
      environment.yml, line 2: - [a]
        A single text is needed, for example:

          - conda-forge
      environment.yml, line 4: - numpy=>1
        The comparison is written '>=':

          - numpy>=1
      environment.yml, line 5: - b  # [linus]
        No platform is named linus; did you mean linux?
      environment.yml, line 6: - x: 1
        Between name and version '=' is needed:

          - x=1
      "
    `);
});

test("slips that leave a list or a key without effect", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["pip: with its lines beside it", "dependencies:\n  - pip\n  - pip:\n  - flask\n  - six\n"],
    ["a file that pip includes", "dependencies:\n  - pip:\n    - requirements.txt\n"],
    ["both keys misspelt", "chanels:\n  - conda-forge\ndependancies:\n  - python\n"],
    ["PATH", "dependencies:\n  - a\nvariables:\n  A: b\n  PATH: /opt/x:$PATH\n"],
  ];

  expect(toldOfAll(cases)).toMatchInlineSnapshot(`
    "
    (pip: with its lines beside it)
    environment.yml, line 3: - pip:
      pip: lists nothing; indent the lines below it that are pip's by two more blanks:

        - pip:
          - flask

    (a file that pip includes)
    environment.yml, line 3: - requirements.txt
      Another file is included with -r:

        - -r requirements.txt

    (both keys misspelt)
    environment.yml, line 1: chanels:
      No key chanels is known; did you mean channels?
    environment.yml, line 3: dependancies:
      There is no key dependencies, which lists what is installed; did you mean that?

    (PATH)
    environment.yml, line 5: PATH: /opt/x:$PATH
      conda sets PATH itself; remove the line.
    "
  `);
  expect(parse("dependencies:\n  - a\n  - pip:\n").problems).toEqual([]);
});
