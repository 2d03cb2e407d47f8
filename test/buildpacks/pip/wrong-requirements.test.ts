import { expect, test } from "vitest";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { failure } from "../../../src/buildpacks/pip/failures.ts";
import { readRequirements } from "../../../src/python/requirements/read-requirements.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** The whole text that a user sees for a file of requirements. */
async function refusal(
  content: string | Uint8Array,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, {
    "requirements.txt": content,
    "requirements-dev.txt": "",
    "notes.txt": "",
    "empty/README.md": "",
    ...files,
  });
  const { problems } = await readRequirements({
    appDir,
    requirements: ["requirements.txt"],
    env: {},
  });
  const thrown = problems.length === 0 ? undefined : failure("requirements-invalid", { problems });
  return thrown instanceof Failure ? renderMessage(thrown.userMessage) : "accepted";
}

test("one equals sign", async () => {
  expect(await refusal("numpy=1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy=1.26
      Two equals signs are needed: numpy==1.26."
  `);
});

test("a line of conda list --export", async () => {
  expect(await refusal("numpy=1.26.4=py311h64a7726_0")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy=1.26.4=py311h64a7726_0
      This is a line of 'conda list --export', which pip can't read. In that environment write conda's file, or else pip's:

        conda env export --from-history > environment.yml
        pip list --format=freeze > requirements.txt"
  `);
});

test("a whole file of conda list --export", async () => {
  const lines = [
    "python=3.11.2=h1_0_cpython",
    "numpy=1.26.4=py311h64a7726_0",
    "six=1=pyhd8ed1ab_0",
  ];

  expect(await refusal(`# platform: linux-64\n${lines.join("\n")}\na b\n`)).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 2: python=3.11.2=h1_0_cpython
      This is a line of 'conda list --export' (as 2 other lines are), which pip can't read. In that environment write conda's file, or else pip's:

        conda env export --from-history > environment.yml
        pip list --format=freeze > requirements.txt

    requirements.txt, line 5: a b
      Each requirement needs a line of its own, without explanations; a comment begins with '#'."
  `);
});

test("conda's explicit list", async () => {
  const url = "https://conda.anaconda.org/conda-forge/linux-64/zlib-1.3-0.conda#0123";

  expect(await refusal(`# platform: linux-64\n@EXPLICIT\n${url}\n`)).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 2: @EXPLICIT
      With this line the file is conda's list of packages and their addresses; give it the name conda-linux-64.lock."
  `);
});

test("a comma at the end", async () => {
  expect(await refusal("pandas>=1.0,")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: pandas>=1.0,
      Remove the comma that nothing follows, or the doubled one."
  `);
});

test("a blank between name and version", async () => {
  expect(await refusal("flask 2.0")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: flask 2.0
      Between name and version '==' is needed: flask==2.0."
  `);
});

test("a table of pip list", async () => {
  expect(await refusal("flask      2.0.1")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: flask      2.0.1
      Between name and version '==' is needed: flask==2.0.1."
  `);
});

test("the comparison turned round", async () => {
  expect(await refusal("numpy=>1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy=>1.26
      The comparison is written '>=': numpy>=1.26."
  `);
});

test("the other comparison turned round", async () => {
  expect(await refusal("numpy=<1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy=<1.26
      The comparison is written '<=': numpy<=1.26."
  `);
});

test("Poetry's caret", async () => {
  expect(await refusal("numpy^1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy^1.26
      '^' is Poetry's; here write numpy>=1.26, with an upper bound if one is needed."
  `);
});

test("Poetry's caret as a version", async () => {
  expect(await refusal("numpy==^1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy==^1.26
      '^' is Poetry's; here write numpy>=1.26, with an upper bound if one is needed."
  `);
});

test("one tilde", async () => {
  expect(await refusal("numpy~1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy~1.26
      The comparison is written '~=': numpy~=1.26."
  `);
});

test("npm's at sign", async () => {
  expect(await refusal("numpy@1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy@1.26
      '@' is npm's; here write numpy==1.26."
  `);
});

test("a colon", async () => {
  expect(await refusal("numpy: 1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy: 1.26
      Between name and version '==' is needed: numpy==1.26."
  `);
});

test("quotation marks around the version", async () => {
  expect(await refusal('numpy=="1.26"')).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy=="1.26"
      Write the version without quotation marks: numpy==1.26."
  `);
});

test("a line of a Python list", async () => {
  expect(await refusal('"numpy>=1.26",')).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: "numpy>=1.26",
      Write it without quotation marks and comma: numpy>=1.26."
  `);
});

test("a line of pyproject.toml", async () => {
  expect(await refusal('numpy = "^1.26"')).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy = "^1.26"
      This is a line of pyproject.toml; here write numpy>=1.26."
  `);
});

test("a version that is none", async () => {
  expect(await refusal("numpy==new")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy==new
      'new' is not a version; an example of one is 1.26.4."
  `);
});

test("the word latest", async () => {
  expect(await refusal("numpy==latest")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy==latest
      For the newest version write the name alone: numpy."
  `);
});

test("no version after the comparison", async () => {
  expect(await refusal("numpy>=")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy>=
      A version is needed after '>='."
  `);
});

test("two comparisons", async () => {
  expect(await refusal("numpy==>=1.0")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy==>=1.0
      '==>=1.0' has two comparisons; keep one."
  `);
});

test("two versions without a comma", async () => {
  expect(await refusal("numpy>=1.0 <2.0")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy>=1.0 <2.0
      Put a comma between the two versions: numpy>=1.0,<2.0."
  `);
});

test("a star with another comparison", async () => {
  expect(await refusal("numpy>=1.*")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy>=1.*
      '.*' goes only with '==' and '!='; write numpy>=1."
  `);
});

test("a compatible release of one number", async () => {
  expect(await refusal("numpy~=1")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy~=1
      '~=' needs a version of at least two numbers, for example: numpy~=1.0."
  `);
});

test("two requirements in a line", async () => {
  expect(await refusal("numpy==1.26 pandas==2.0")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy==1.26 pandas==2.0
      Each requirement needs a line of its own; 'pandas==2.0' follows the version."
  `);
});

test("several names in a line", async () => {
  expect(await refusal("numpy pandas flask")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy pandas flask
      Each requirement needs a line of its own, without explanations; a comment begins with '#'."
  `);
});

test("names with commas", async () => {
  expect(await refusal("numpy, pandas")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy, pandas
      Each requirement needs a line of its own, without commas between them."
  `);
});

test("an extra that is not closed", async () => {
  expect(await refusal("uvicorn[standard")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: uvicorn[standard
      The bracket of the extras is not closed: uvicorn[standard]."
  `);
});

test("a marker of an unknown variable", async () => {
  expect(await refusal('six; pyton_version < "3"')).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: six; pyton_version < "3"
      The environment marker after ';' can't be read: 'pyton_version' is not one of its variables; did you mean python_version?"
  `);
});

test("a marker without quotation marks", async () => {
  expect(await refusal("six; python_version < 3.8")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: six; python_version < 3.8
      The environment marker after ';' can't be read: '3.8' can't be read in: python_version < 3.8."
  `);
});

test("nothing after the semicolon", async () => {
  expect(await refusal("six;")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: six;
      After ';' an environment marker is needed, for example: ; python_version < "3.11"."
  `);
});

test("a file that is not there", async () => {
  expect(await refusal("-r missing.txt")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -r missing.txt
      There is no file missing.txt in the app; check its spelling (upper and lower case differ) and that it is not ignored."
  `);
});

test("a file of nearly the same name", async () => {
  expect(await refusal("-r requirements-devel.txt")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -r requirements-devel.txt
      There is no file requirements-devel.txt in the app. Did you mean requirements-dev.txt?"
  `);
});

test("a file outside of the app", async () => {
  expect(await refusal("-r ../base.txt")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -r ../base.txt
      ../base.txt is outside of the app; copy it into the app and name it relative to requirements.txt."
  `);
});

test("an absolute path that is another machine's", async () => {
  expect(await refusal("mylib @ file:///home/me/mylib")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: mylib @ file:///home/me/mylib
      /home/me/mylib is a path of another machine; the build sees only the app. Copy the package into the app and name it relative to its root, or name it with a version."
  `);
});

test("conda's build path", async () => {
  expect(await refusal("numpy @ file:///croot/numpy_and_numpy_base_1682953417311/work"))
    .toMatchInlineSnapshot(`
      "[Error: Unable to read what is to be installed]

      requirements.txt, line 1: numpy @ file:///croot/numpy_and_numpy_base_1682953417311/work
        Conda built this package on a machine of its own; name it with a version in its place ('pip list --format=freeze' writes such lines)."
    `);
});

test("a Windows path", async () => {
  expect(await refusal("C:\\Users\\me\\wheels\\foo-1.0-py3-none-any.whl")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: C:\\Users\\me\\wheels\\foo-1.0-py3-none-any.whl
      This is a path of a Windows machine; copy the package into the app and name it relative to its root, or name it with a version."
  `);
});

test("a Windows file address", async () => {
  expect(await refusal("foo @ file:///C:/Users/me/foo-1.0-py3-none-any.whl"))
    .toMatchInlineSnapshot(`
      "[Error: Unable to read what is to be installed]

      requirements.txt, line 1: foo @ file:///C:/Users/me/foo-1.0-py3-none-any.whl
        This is a path of a Windows machine, which 'pip freeze' wrote; name the package with a version in its place."
    `);
});

test("backslashes in a path", async () => {
  expect(await refusal(".\\lib")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: .\\lib
      Write paths with forward slashes: ./lib."
  `);
});

test("a package outside of the app", async () => {
  expect(await refusal("-e ../mylib")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -e ../mylib
      ../mylib is outside of the app, which is all that the build sees; copy the package into the app."
  `);
});

test("a directory that is not there", async () => {
  expect(await refusal("./nothing")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: ./nothing
      There is no 'nothing' in the app; local paths are relative to the app's root, whichever file they stand in."
  `);
});

test("a directory that is no package", async () => {
  expect(await refusal("./empty")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: ./empty
      The directory empty has neither a pyproject.toml nor a setup.py."
  `);
});

test("a text file as a package", async () => {
  expect(await refusal("./notes.txt")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: ./notes.txt
      notes.txt is neither a directory, a wheel nor a source archive; files of requirements are included with -r."
  `);
});

test("an editable of the index", async () => {
  expect(await refusal("-e numpy")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -e numpy
      -e takes a directory or a repository (-e . or -e git+https://…), not a package of an index; remove -e."
  `);
});

test("a repository without git+", async () => {
  expect(await refusal("https://github.com/psf/requests")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: https://github.com/psf/requests
      A repository's URL begins with git+: git+https://github.com/psf/requests."
  `);
});

test("a repository's address with .git", async () => {
  expect(await refusal("https://github.com/psf/requests.git@main")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: https://github.com/psf/requests.git@main
      A repository's URL begins with git+: git+https://github.com/psf/requests.git@main."
  `);
});

test("the short form of SSH", async () => {
  expect(await refusal("git@github.com:psf/requests.git")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: git@github.com:psf/requests.git
      Write the repository as a URL: git+https://github.com/psf/requests.git (with \${GIT_TOKEN}@ before the host if it is private, and that variable in the build)."
  `);
});

test("the short form of SSH after git+", async () => {
  expect(await refusal("git+git@github.com:psf/requests.git")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: git+git@github.com:psf/requests.git
      Write the repository as a URL: git+https://github.com/psf/requests.git."
  `);
});

test("git's own protocol", async () => {
  expect(await refusal("git://github.com/psf/requests.git")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: git://github.com/psf/requests.git
      git:// is neither encrypted nor offered by most hosts today; write git+https://github.com/psf/requests.git."
  `);
});

test("another version control system", async () => {
  expect(await refusal("hg+https://hg.example.com/repo")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: hg+https://hg.example.com/repo
      Of version control systems only git is supported, not hg."
  `);
});

test("an unknown scheme", async () => {
  expect(await refusal("ftp://example.com/foo.zip")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: ftp://example.com/foo.zip
      URLs begin with https://, git+https:// or git+ssh://, not with ftp:."
  `);
});

test("a misspelt option", async () => {
  expect(await refusal("--extra-index-ulr https://example.com/simple")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --extra-index-ulr https://example.com/simple
      '--extra-index-ulr' is not an option; did you mean --extra-index-url?"
  `);
});

test("an option with one dash", async () => {
  expect(await refusal("-extra-index-url https://example.com/simple")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -extra-index-url https://example.com/simple
      '-extra-index-url' is not an option; did you mean --extra-index-url?"
  `);
});

test("an option of the command", async () => {
  expect(await refusal("--upgrade")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --upgrade
      --upgrade is an option of the pip command, not of a requirements file; remove it."
  `);
});

test("an option of the command after a requirement", async () => {
  expect(await refusal("numpy --no-deps")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy --no-deps
      --no-deps is an option of the pip command, not of a requirements file; remove it."
  `);
});

test("an option without its value", async () => {
  expect(await refusal("--index-url")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --index-url
      A value is needed after --index-url, for example: --index-url https://pypi.org/simple."
  `);
});

test("an index that is no address", async () => {
  expect(await refusal("--index-url pypi.org/simple")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --index-url pypi.org/simple
      An index is a URL, for example: https://packages.example.com/simple."
  `);
});

test("a directory of wheels that is not there", async () => {
  expect(await refusal("--find-links ./nothing")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --find-links ./nothing
      There is no directory ./nothing in the app; wheels that are installed from a directory must lie in the app."
  `);
});

test("a hash of a weak algorithm", async () => {
  expect(await refusal("six==1.0 --hash=md5:0123456789abcdef0123456789abcdef"))
    .toMatchInlineSnapshot(`
      "[Error: Unable to read what is to be installed]

      requirements.txt, line 1: six==1.0 --hash=md5:0123456789abcdef0123456789abcdef
        A hash is written as sha256:… (sha384 and sha512 are possible, too; md5 is too weak)."
    `);
});

test("a hash that is cut off", async () => {
  expect(await refusal("six==1.0 --hash=sha256:0123")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: six==1.0 --hash=sha256:0123
      A sha256 hash has 64 hexadecimal digits; this one has 4."
  `);
});

test("a hash on a line of its own", async () => {
  expect(await refusal("--hash=sha256:0123")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --hash=sha256:0123
      --hash follows a requirement in the same line; a line that goes on ends in '\\'."
  `);
});

test("a command", async () => {
  expect(await refusal("pip install numpy pandas")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: pip install numpy pandas
      Only what is installed goes here, one a line and without the command: numpy, pandas."
  `);
});

test("a command of a notebook", async () => {
  expect(await refusal("!pip install -q transformers")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: !pip install -q transformers
      Only what is installed goes here, one a line and without the command: transformers."
  `);
});

test("a Debian package", async () => {
  expect(await refusal("apt-get install -y ffmpeg libsm6")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: apt-get install -y ffmpeg libsm6
      These are packages of Debian, which go into a file apt.txt in the app's root, one a line: ffmpeg, libsm6."
  `);
});

test("a line of Python", async () => {
  expect(await refusal("import numpy as np")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: import numpy as np
      This is a line of Python; name the package to install: numpy."
  `);
});

test("another line of Python", async () => {
  expect(await refusal("from sklearn.svm import SVC")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: from sklearn.svm import SVC
      This is a line of Python; name the package to install: scikit-learn."
  `);
});

test("a list mark", async () => {
  expect(await refusal("- numpy>=1.26")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: - numpy>=1.26
      Remove the list mark: numpy>=1.26."
  `);
});

test("a key of YAML", async () => {
  expect(await refusal("dependencies:")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: dependencies:
      One package a line is needed; lists of YAML, TOML or setup.py belong into their own files."
  `);
});

test("a merge conflict", async () => {
  expect(await refusal("<<<<<<< HEAD")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: <<<<<<< HEAD
      The file has an unsolved merge conflict; keep one side and remove the marks."
  `);
});

test("a web page", async () => {
  expect(await refusal("<!DOCTYPE html>")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: <!DOCTYPE html>
      This is a web page; download the raw file in its place."
  `);
});

test("Git LFS's pointer", async () => {
  expect(await refusal("version https://git-lfs.github.com/spec/v1")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: version https://git-lfs.github.com/spec/v1
      This is Git LFS's pointer, not the file; run 'git lfs pull' before the build."
  `);
});

test("Markdown", async () => {
  expect(await refusal("```")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: \`\`\`
      Remove the Markdown marks around the requirements."
  `);
});

test("an explanation", async () => {
  expect(await refusal("numpy the array library")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy the array library
      Each requirement needs a line of its own, without explanations; a comment begins with '#'."
  `);
});

test("a dash at the end of a name", async () => {
  expect(await refusal("numpy-")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: numpy-
      A name ends in a letter or digit, as in numpy."
  `);
});

test("a name that no package can have", async () => {
  expect(await refusal("!!!")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: !!!
      A requirement is needed: a package's name and perhaps versions, for example: numpy>=1.26."
  `);
});

test("a quotation mark without a partner", async () => {
  expect(await refusal('--find-links "./wheels')).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: --find-links "./wheels
      A quotation mark has no partner; add it or remove this one."
  `);
});

test("all bad lines are told at once, with their files and lines", async () => {
  const text = await refusal("numpy\nsix = 1.0\n-r more.txt\n", { "more.txt": "\n\nflask 2\n" });

  expect(text).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 2: six = 1.0
      Two equals signs are needed: six==1.0.

    more.txt, line 3: flask 2
      Between name and version '==' is needed: flask==2."
  `);
});

test("files that include each other", async () => {
  const text = await refusal("-r a.txt\n", { "a.txt": "-r b.txt\n", "b.txt": "six\n-r a.txt\n" });

  expect(text).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    b.txt, line 2: -r a.txt
      The files include each other in a circle (a.txt → b.txt → a.txt); remove one of the lines."
  `);
});

test("a file that includes itself", async () => {
  expect(await refusal("-r requirements.txt\n")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -r requirements.txt
      The files include each other in a circle (requirements.txt → requirements.txt); remove one of the lines."
  `);
});

test("a constraint that can't be one", async () => {
  const limits = "-e ./lib\n./lib\nuvicorn[standard]<1\n";
  const text = await refusal("-c limits.txt\n", { "limits.txt": limits, "lib/setup.py": "" });

  expect(text).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    limits.txt, line 1: -e ./lib
      A constraint can't be editable; remove -e, or the line.

    limits.txt, line 2: ./lib
      A constraint needs a name: name @ URL.

    limits.txt, line 3: uvicorn[standard]<1
      A constraint can't have extras; remove the brackets."
  `);
});

test("a file that is no text", async () => {
  expect(await refusal(Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff]))).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt: requirements.txt
      The file is not text in utf-8; save it as UTF-8."
  `);
});

test("a directory in place of a file", async () => {
  expect(await refusal("-r empty\n")).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: -r empty
      empty is a directory; a file is needed."
  `);
});

test("a long line is cut", async () => {
  expect((await refusal(`!!!${"x".repeat(5000)}`)).length).toBeLessThan(500);
});

test("a credential in a wrong line is not quoted", async () => {
  const text = await refusal("--index-urls https://me:s3cret@example.com/simple\n");

  expect(text).not.toContain("s3cret");
});

test("a secret in an address's query", async () => {
  expect(
    await refusal(
      "alpha @ https://a.example/alpha-1.0.tar.gz?sig=${SIGNATURE}\n--index-url https://a.example/simple?token=s3cret",
    ),
  ).toMatchInlineSnapshot(`
    "[Error: Unable to read what is to be installed]

    requirements.txt, line 1: alpha @ https://a.example/alpha-1.0.tar.gz?sig=\${SIGNATURE}
      The parameter sig of the address looks like a secret, and addresses are in the image's metadata; give a user name and a password or token in its place, in a binding or before the host (https://\${USER}:\${TOKEN}@host/…), or put the file into the app.

    requirements.txt, line 2: --index-url https://a.example/simple?token=s3cret
      The parameter token of the address looks like a secret, and addresses are in the image's metadata; give a user name and a password or token in its place, in a binding or before the host (https://\${USER}:\${TOKEN}@host/…), or put the file into the app."
  `);
});
