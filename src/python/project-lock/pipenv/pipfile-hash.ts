import { sha256 } from "../../../kit/hash.ts";
import { normalizeName } from "../../lock.ts";
import { pythonJson } from "../python-json.ts";
import type { Pipfile } from "./pipfile.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * What the versions of Pipenv write for a Pipfile as its hash, the newest first: with names
 * normalised (since 2024), as they are written, and (before 2022) without categories of one's own.
 * https://github.com/pypa/pipenv/blob/v2026.10.3/pipenv/utils/pipfile.py
 */
export function pipfileHashes({ table, categories }: Pipfile): readonly string[] {
  const others = categories.filter(
    (name) => !["dev-packages", "default", "develop"].includes(name),
  );
  const contentOf = (own: readonly string[], form: (section: Table) => Table) => ({
    _meta: { sources: table["source"] ?? [PYPI_SOURCE], requires: table["requires"] ?? {} },
    default: form(asTable(table["packages"])),
    develop: form(asTable(table["dev-packages"])),
    ...Object.fromEntries(own.map((name) => [name, form(asTable(table[name]))])),
  });
  const contents = [
    contentOf(others, withNormalNames),
    contentOf(others, asWritten),
    contentOf([], asWritten),
  ];
  return contents.map((content) => sha256(pythonJson(content, { item: ",", key: ":" })));
}

/** Of a Pipfile that names none. */
const PYPI_SOURCE = { name: "pypi", url: "https://pypi.org/simple", verify_ssl: true };

function withNormalNames(section: Table): Table {
  return Object.fromEntries(
    Object.entries(section).map(([name, value]) => [normalizeName(name), value]),
  );
}

function asWritten(section: Table): Table {
  return section;
}

function asTable(value: unknown): Table {
  return typeof value === "object" && value !== null ? (value as Table) : {};
}
