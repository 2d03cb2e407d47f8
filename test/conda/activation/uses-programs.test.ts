import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { activate } from "../../../src/conda/activation/activate.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { activateWith } from "./prefix.ts";

describe("a script uses programs of the prefix", () => {
  test.each([
    ["by name", "tool"],
    ["that the system has, too", "uname -m"],
    ["by path", '"$CONDA_PREFIX/bin/tool"'],
    ["that is in no directory of PATH", "$CONDA_PREFIX/libexec/helper"],
    ["by a relative path", "cd $CONDA_PREFIX && bin/tool"],
    ["in a substitution", "export VERSION=$(tool --version)"],
    ["in a subshell's pipe", "(printf x | (tool | cat))"],
    ["in a function of its own", "_run() { local x=1; tool; }; _run"],
    ["in a condition", "if ! tool >/dev/null 2>&1; then :; fi"],
    ["with variables", "A=1 B='2 3' tool"],
    ["by eval", `eval "to""ol"`],
    ["behind words of the shell", "time command -p tool"],
    ["from another script", '. "$CONDA_PREFIX/share/more.sh"'],
    ["through a program of the system", "env A=1 tool"],
    ["through another shell", "/bin/sh -c 'cd /; tool|cat'"],
    ["that another shell reads", 'bash "$CONDA_PREFIX/share/more.sh"'],
    ["behind an argument of several lines", "printf '%s' 'a\n+ b\n'; tool"],
    ["where PATH has changed", "PATH=$CONDA_PREFIX/libexec:$PATH; helper"],
    ["or may, since it ends the trace", "set +x"],
    ["or may, since it ends the trace otherwise", "builtin set +o xtrace"],
    ["or may, since it leads the trace elsewhere", "BASH_XTRACEFD=2"],
  ])("%s", async (_, script) => {
    expect(await usesPrograms(script)).toBe(true);
  });

  test.each([
    ["for builtins", "echo x; printf x; [ -x $CONDA_PREFIX/bin/tool ]; test -f tool; type tool"],
    ["to look for it", "command -v tool >/dev/null && export TOOL=$CONDA_PREFIX/bin/tool"],
    ["for what it names", "_set() { export $1=$CONDA_PREFIX/bin/$2; }; _set TOOL tool"],
    ["for words of others", "case tool in tool) for tool in tool; do :; done ;; esac"],
    [
      "for texts",
      "export NAME='x\n+activation-abcdef tool'; A=tool; list=(tool); [[ tool == tool ]]",
    ],
    ["for programs of the system", "basename ${BASH_SOURCE[0]}; printf x | sed 's/x/y/'"],
    ["where it has a trace of its own", "set -eux; true"],
    ["for its directories", 'ls -d "$CONDA_PREFIX/bin" "$CONDA_PREFIX"'],
    ["for what is nowhere", "no-such-program tool || :"],
  ])("not %s", async (_, script) => {
    expect(await usesPrograms(script)).toBe(false);
  });
});

test("the trace is seen by no script and by no program", async () => {
  const { debug, reports } = await activateWith({
    scripts: {
      "a.sh": `set -a\nexport CHILD=$(bash -c 'set -x; echo "$-"')\n`,
      "b.sh": "/usr/bin/env | grep -E 'XTRACE|SHELLOPTS|PS4|^__'\nbash -c 'echo \"$-\"'\n",
    },
  });

  expect(debug.join("\n")).toMatchInlineSnapshot(`
    "etc/conda/activate.d/a.sh: + echo hxBc
    etc/conda/activate.d/b.sh: hBc"
  `);
  expect(reports.map(({ what }) => what)).toEqual([
    "leaves the option allexport in the shell, which programs of the image do not have",
  ]);
});

async function usesPrograms(script: string): Promise<boolean> {
  const prefix = join(await temporaryDirectory(), "prefix");
  await writeFiles(prefix, {
    "bin/tool": "#!/bin/sh\ncat\n",
    "bin/uname": "#!/bin/sh\necho x\n",
    "libexec/helper": "#!/bin/sh\necho x\n",
    "share/more.sh": "tool\n",
    // It hasFailed otherwise, which would count as well.
    "etc/conda/activate.d/a.sh": `${script}\nreturn 0\n`,
  });
  for (const name of ["bin/tool", "bin/uname", "libexec/helper"]) {
    await chmod(join(prefix, name), 0o755);
  }
  const log = { debug: () => {} };
  return (await activate({ prefix, variables: {}, log })).usesPrograms;
}
