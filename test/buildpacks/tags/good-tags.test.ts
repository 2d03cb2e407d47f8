import { describe, expect, test } from "vitest";
import { parseTagsFile } from "../../../src/buildpacks/tags/tags-file.ts";
import { messageFor, valuesOf } from "./messages.ts";

const PLACE = { file: "business-tags.yaml", prefix: "org.example." };

function tagsOf(text: string | Uint8Array): Record<string, string> {
  const found = parseTagsFile(Buffer.from(text), PLACE);
  expect(messageFor(found)).toBe("");
  const tags = Object.entries(valuesOf(found));
  return Object.fromEntries(tags.map(([key, value]) => [key.slice(PLACE.prefix.length), value]));
}

describe("a tags file", () => {
  test("is flat or nested", () => {
    const tags = tagsOf(`# Asked for by the platform team
cost-center: 4711
owner:
  team: vision
  contact: { name: Ada Lovelace, mail: ada@example.com }
data.class: internal
`);

    expect(tags).toEqual({
      "cost-center": "4711",
      "owner.team": "vision",
      "owner.contact.name": "Ada Lovelace",
      "owner.contact.mail": "ada@example.com",
      "data.class": "internal",
    });
  });

  test.each([
    ["version: 1.10", "1.10"],
    ["on-call: yes", "yes"],
    ["unit: 0123", "0123"],
    ["budget: 1e3", "1e3"],
    ["id: 12345678901234567890", "12345678901234567890"],
    ["due: 2026-11-22", "2026-11-22"],
    ["since: 2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"],
    ["size: 0x1F", "0x1F"],
    ["ratio: .inf", ".inf"],
    ["public: false  # for now", "false"],
    ["quoted: 'null'", "null"],
    ['escaped: "caf\\u00e9"', "café"],
    ["name: Zoë 🐈", "Zoë 🐈"],
    ["max-tokens: 4096", "4096"],
    ["needs-token: true", "true"],
    ["link: https://wiki.example.com/x?y=1#z", "https://wiki.example.com/x?y=1#z"],
    ["cost_center: 1", "1"],
    ["2026: x", "x"],
    ["%YAML 1.1\n---\nold: yes", "yes"],
    ["text: >\n  two\n  lines\n", "two lines"],
    ["text: |\n  one line\n", "one line"],
    ["text: two\n  lines\n", "two lines"],
    ["team: vision\r\n", "vision"],
    ["\uFEFFteam: vision\n", "vision"],
  ])("keeps a value as it is written: %j", (text, expected) => {
    expect(Object.values(tagsOf(text))).toEqual([expected]);
  });

  test("may be what Windows PowerShell writes", () => {
    expect(tagsOf(Buffer.from("\uFEFFteam: vision\r\n", "utf16le"))).toEqual({ team: "vision" });
  });
});
