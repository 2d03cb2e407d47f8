import { SETTINGS } from "../../src/kit/settings.ts";

/** docs/settings.md, made from the schema that reads the settings. */
export function settingsDocument(): string {
  const rows = Object.entries(SETTINGS).map(([name, setting]) => {
    const words = "choices" in setting ? setting.choices.map(code) : [];
    const values = [...VALUES[setting.type], ...words].join(", ");
    return `| \`${name}\` | ${setting.readers.join(", ")} | ${values} | ${code(setting.example)} | ${setting.meaning} |`;
  });
  return [
    "# Settings",
    "",
    "<!-- Made by `npm run docs` from src/kit/settings.ts. -->",
    "",
    "Every setting is an environment variable of the build: `pack build --env NAME=value`, or in `project.toml`:",
    "",
    "```toml",
    "[_]",
    'schema-version = "0.2"',
    "",
    "[[io.buildpacks.build.env]]",
    'name = "BP_CPYTHON_VERSION"',
    'value = "3.12.*"',
    "```",
    "",
    "A variable overrides a file, and the log says so. An empty variable is an unset one.",
    "",
    "| name | buildpack | values | example | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const VALUES = {
  text: ["text"],
  flag: ["`true`", "`false`"],
  list: ["list, by commas or blanks"],
  count: ["whole number"],
  choice: [],
  address: ["address"],
  age: ["days", "days and `fail`"],
} as const;

function code(value: string): string {
  return `\`${value}\``;
}
