import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseParagraphs } from "../deb822.ts";
import { type Answer, type Call, UNKNOWN } from "./shell/evaluate.ts";

/** The questions of one package and their answers where nobody is there to be asked. */
export interface Debconf {
  /** Of a call to debconf; undefined of any other. */
  answer(call: Call): Answer | undefined;
  /** Whether a call asks what somebody must decide: others are answered by the package. */
  isLeftOpen(words: readonly string[]): boolean;
}

/**
 * As the noninteractive frontend has it, which a Dockerfile's `apt-get install` uses: what the
 * template says, unless the package's scripts set something else.
 * https://manpages.debian.org/trixie/debconf-doc/debconf-devel.7.en.html
 */
export function readDebconf(control: string): Debconf {
  const file = posix.join(control, "templates");
  const paragraphs = existsSync(file) ? parseParagraphs(readFileSync(file, "utf8")) : [];
  const values = new Map(
    paragraphs.map((fields) => [fields.get("template") ?? "", fields.get("default") ?? ""]),
  );
  return {
    answer: ({ words, isCertain }) => {
      const [command = "", question = "", value = ""] = words;
      switch (command) {
        case "db_get":
          return told(values.get(question) ?? UNKNOWN);
        case "db_set":
          values.set(question, isCertain ? value : UNKNOWN);
          return { output: "", succeeds: true };
        case "db_fget":
        case "db_metaget":
          return told(UNKNOWN);
        case "db_input":
          return { output: "", succeeds: undefined };
        default:
          return undefined;
      }
    },
    isLeftOpen: ([command, priority = "", question = ""]) =>
      command === "db_input" && (!values.has(question) || !["low", "medium"].includes(priority)),
  };
}

function told(answer: string): Answer {
  return { output: "", succeeds: true, sets: { RET: answer } };
}
