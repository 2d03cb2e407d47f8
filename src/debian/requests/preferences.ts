import type { Problem } from "../../kit/wrong-lines.ts";
import { parsePlacedParagraphs } from "../deb822.ts";

/**
 * What is wrong with a preferences file, in the terms of
 * https://manpages.debian.org/trixie/apt/apt_preferences.5.en.html
 */
export function explainPreferences(text: string, file: string): readonly Problem[] {
  return parsePlacedParagraphs(text).flatMap(({ fields, line, stray }) => {
    const quoted = (at: number) => (text.split("\n")[at - 1] ?? "").trim();
    const [first] = stray;
    if (first !== undefined) {
      return [
        {
          origin: { file, line: first.line },
          line: first.text.trim(),
          needed: "A line 'Name: value' is needed; a comment begins with '#'",
        },
      ];
    }
    const missing = ["Package", "Pin", "Pin-Priority"].filter((name) => {
      const alone = name === "Package" && (fields.has("source") || fields.has("src"));
      return !fields.has(name.toLowerCase()) && !alone;
    });
    if (missing.length > 0) {
      return [
        {
          origin: { file, line },
          line: quoted(line),
          needed: `The lines up to the next empty one also need ${missing.join(" and ")}\nPackage: ffmpeg\nPin: release n=trixie-backports\nPin-Priority: 990`,
        },
      ];
    }
    const priority = fields.get("pin-priority") ?? "";
    if (!/^-?\d{1,5}$/.test(priority) || Number(priority) === 0) {
      return [
        {
          origin: { file, line },
          line: `Pin-Priority: ${priority}`,
          needed: "A whole number that is not 0 is needed, for example 990",
        },
      ];
    }
    const pin = fields.get("pin") ?? "";
    if (!/^(?:release|version|origin)\s+\S/.test(pin)) {
      return [
        {
          origin: { file, line },
          line: `Pin: ${pin}`,
          needed: "Pin: release …, Pin: version … or Pin: origin … is needed",
        },
      ];
    }
    return [];
  });
}
