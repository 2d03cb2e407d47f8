import { expect, test } from "vitest";
import { failure } from "../../../src/buildpacks/processes/failures.ts";
import { renderMessage } from "../../../src/kit/failure.ts";

test("a line of the Procfile that names no process", () => {
  const { userMessage } = failure("procfile-line", { line: 2, found: "gunicorn app" });

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: The Procfile has a line that names no process]

    Procfile, line 2:

      gunicorn app

    Each line is a name, a colon and a command. The name is made of letters,
    digits, '.', '-' and '_'. A command can't go on in the next line.
    For example:

      web: uvicorn main:app --host 0.0.0.0 --port \${PORT:-8080}"
  `);
});

test("a process without a command", () => {
  const { userMessage } = failure("procfile-command", { line: 1, found: "web:" });

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: The Procfile has a process without a command]

    Procfile, line 1:

      web:

    The command must stand behind the colon, in the same line. For example:

      web: uvicorn main:app --host 0.0.0.0 --port \${PORT:-8080}"
  `);
});

test("a name that stands twice", () => {
  const facts = { line: 3, found: "web: b", type: "web", firstLine: 1 };
  const { userMessage } = failure("procfile-repeated", facts);

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: The Procfile names the process 'web' twice]

    Procfile, line 3, after line 1:

      web: b

    Each process needs a name of its own. Rename or remove one of the two lines."
  `);
});

test("a Procfile without processes", () => {
  const { userMessage } = failure("procfile-empty", {});

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: The Procfile has no process]

    It is empty, or all of its lines are comments.

    Remove the file to leave the choice to the buildpack, or name a process.
    For example:

      web: uvicorn main:app --host 0.0.0.0 --port \${PORT:-8080}"
  `);
});
