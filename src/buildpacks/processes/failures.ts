import { defineFailures } from "../../kit/failure.ts";
import { text } from "../../kit/text.ts";

export const failure = defineFailures<{
  "procfile-line": { line: number; found: string };
  "procfile-command": { line: number; found: string };
  "procfile-repeated": { line: number; found: string; type: string; firstLine: number };
  "procfile-empty": object;
}>({
  "procfile-line": ({ line, found }) => ({
    blame: "app",
    title: "The Procfile has a line that names no process",
    body: text`
      Procfile, line ${line}:

        ${found}

      Each line is a name, a colon and a command. The name is made of letters,
      digits, '.', '-' and '_'. A command can't go on in the next line.
      For example:

        ${EXAMPLE}
    `,
  }),
  "procfile-command": ({ line, found }) => ({
    blame: "app",
    title: "The Procfile has a process without a command",
    body: text`
      Procfile, line ${line}:

        ${found}

      The command must stand behind the colon, in the same line. For example:

        ${EXAMPLE}
    `,
  }),
  "procfile-repeated": ({ line, found, type, firstLine }) => ({
    blame: "app",
    title: `The Procfile names the process '${type}' twice`,
    body: text`
      Procfile, line ${line}, after line ${firstLine}:

        ${found}

      Each process needs a name of its own. Rename or remove one of the two lines.
    `,
  }),
  "procfile-empty": () => ({
    blame: "app",
    title: "The Procfile has no process",
    body: text`
      It is empty, or all of its lines are comments.

      Remove the file to leave the choice to the buildpack, or name a process.
      For example:

        ${EXAMPLE}
    `,
  }),
});

const EXAMPLE = "web: uvicorn main:app --host 0.0.0.0 --port ${PORT:-8080}";
