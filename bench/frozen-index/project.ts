import * as z from "zod/mini";
import { sha256 } from "../../src/kit/hash.ts";

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-serialization */
const ProjectFile = z.looseObject({
  filename: z.string(),
  url: z.string(),
  hashes: z.record(z.string(), z.string()),
  "requires-python": z.nullish(z.string()),
  /** Bytes. */
  size: z.nullish(z.number()),
  "upload-time": z.nullish(z.string()),
  yanked: z.optional(z.union([z.boolean(), z.string()])),
  "core-metadata": z.optional(z.union([z.boolean(), z.record(z.string(), z.string())])),
});
export type ProjectFile = z.infer<typeof ProjectFile>;

/** A project's page of an index; what is not named here is passed on. */
export const Project = z.looseObject({
  name: z.string(),
  files: z.array(ProjectFile),
  versions: z.optional(z.array(z.string())),
});
export type Project = z.infer<typeof Project>;

/** What had been uploaded by `time`, and no more. Files without a time may be later, too. */
export function hideLater(project: Project, time: Date): Project {
  const isThere = ({ "upload-time": uploaded }: ProjectFile) =>
    Date.parse(uploaded ?? "") <= time.getTime();
  const files = project.files.filter(isThere);
  const later = project.files.filter((file) => !isThere(file));
  const versions = project.versions?.filter(
    (version) => hasVersion(files, version) || !hasVersion(later, version),
  );
  return { ...project, files, ...(versions === undefined ? {} : { versions }) };
}

function hasVersion(files: readonly ProjectFile[], version: string): boolean {
  return files.some(
    ({ filename }) => filename.includes(`-${version}-`) || filename.includes(`-${version}.`),
  );
}

/** What tells a file from all others of its name: its digest, or its address where it has none. */
export function keyOf({ hashes, url }: ProjectFile): string {
  return hashes["sha256"] ?? `url-${sha256(url)}`;
}

/** The page with links to this server, relative, so that it is the same on every port. */
export function relink(project: Project): Project {
  return {
    ...project,
    files: project.files.map((file) => ({
      ...file,
      url: `../../files/${project.name}/${keyOf(file)}/${encodeURIComponent(file.filename)}`,
    })),
  };
}

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api */
export function toHtml(project: Project): string {
  const lines = project.files.map(
    (file) => `<a ${attributes(file)}>${escape(file.filename)}</a><br>`,
  );
  return `<!DOCTYPE html>
<html>
<head><meta name="pypi:repository-version" content="1.1"><title>${escape(project.name)}</title></head>
<body>
${lines.join("\n")}
</body>
</html>
`;
}

function attributes(file: ProjectFile): string {
  const metadata = file["core-metadata"];
  const [hash] = Object.entries(file.hashes);
  const values: Readonly<Record<string, string | null | undefined>> = {
    href: hash === undefined ? file.url : `${file.url}#${hash.join("=")}`,
    "data-requires-python": file["requires-python"],
    "data-yanked": file.yanked === true ? "" : file.yanked || undefined,
    "data-core-metadata": typeof metadata === "object" ? digestOf(metadata) : metadata?.toString(),
  };
  return Object.entries(values)
    .filter(
      ([name, value]) => value != null && !(name === "data-core-metadata" && value === "false"),
    )
    .map(([name, value]) => `${name}="${escape(value ?? "")}"`)
    .join(" ");
}

function digestOf(hashes: Readonly<Record<string, string>>): string {
  return Object.entries(hashes)[0]?.join("=") ?? "true";
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" },
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
