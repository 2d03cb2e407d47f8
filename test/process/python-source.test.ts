import { expect, test } from "vitest";
import { readStatements } from "../../src/process/python-source.ts";

test.each([
  ["a comment behind code", "x = 1  # y = 2", ["1:0 x = 1"]],
  ["a comment sign in a string", "x = 'a # b'\ny", ['1:0 x = ""', "2:0 y"]],
  [
    "short strings, which are kept",
    "if __name__ == '__main__':",
    ['1:0 if __name__ == "__main__":'],
  ],
  ["an escaped quote", String.raw`x = 'it\'s'; y`, ['1:0 x = ""', "1:0 y"]],
  ["a quote of the other kind", `x = "it's"\ny`, ['1:0 x = ""', "2:0 y"]],
  ["a string over several lines", 'x = """a\n"b"\n"""\ny', ['1:0 x = ""', "4:0 y"]],
  ["a raw string that ends with a backslash pair", "x = r'\\\\'\ny", ['1:0 x = r""', "2:0 y"]],
  ["a string that is not closed", "x = 'abc\ny = 1", ['1:0 x = ""', "2:0 y = 1"]],
  ["a triple string that is not closed", "x = '''abc\ny = 1", ['1:0 x = ""']],
  ["brackets over several lines", "f(\n  a,\n  b\n)\ny", ["1:0 f( a, b )", "5:0 y"]],
  ["a bracket in a string", "f(')')\ny", ['1:0 f("")', "2:0 y"]],
  ["a bracket that is never opened", ")\ny", ["1:0 )", "2:0 y"]],
  ["a backslash at the end of a line", "x = \\\n  1\ny", ["1:0 x = 1", "3:0 y"]],
  ["an escaped line break in a string", "x = 'a\\\nb'\ny", ['1:0 x = ""', "3:0 y"]],
  ["indentation by tabs and spaces", "if a:\n\tb\n    c", ["1:0 if a:", "2:8 b", "3:4 c"]],
  ["Windows' line ends", "a\r\nb\r\n", ["1:0 a", "2:0 b"]],
  ["old line ends", "a\rb", ["1:0 a", "2:0 b"]],
  ["semicolons", "a; b ;c", ["1:0 a", "1:0 b", "1:0 c"]],
  ["nothing", "", []],
])("reads %s", (_name, source, expected) => {
  const read = readStatements(source).map(({ line, indent, code }) => `${line}:${indent} ${code}`);

  expect(read).toEqual(expected);
});
