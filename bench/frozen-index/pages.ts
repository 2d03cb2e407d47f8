import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../src/kit/hash.ts";
import { hideLater, Project, relink, toHtml } from "./project.ts";
import { Refusal, type Upstream } from "./upstream.ts";

/** A project of the upstream, and what clients are told of it. */
export interface Page {
  /** With the upstream's own addresses. */
  readonly project: Project;
  readonly render: (form: PageForm) => RenderedPage;
}

export const PAGE_FORMS = [
  "application/vnd.pypi.simple.v1+json",
  "application/vnd.pypi.simple.v1+html",
  "text/html",
] as const;
export type PageForm = (typeof PAGE_FORMS)[number];

export interface RenderedPage {
  readonly text: Buffer;
  readonly gzipped: Buffer;
  readonly digest: string;
}

export interface Pages {
  /** Fetches a project's page where it is asked for the first time. Throws a Refusal. */
  readonly find: (name: string) => Promise<Page>;
}

/** `folder`: has the pages of this run, and of others that are frozen at its time. */
export function createPages(
  upstream: Upstream,
  { folder, frozenAt }: { readonly folder: string; readonly frozenAt: Date },
): Pages {
  const pages = new Map<string, Promise<Page>>();
  const load = async (name: string): Promise<Page> => {
    const file = join(folder, `${name}.json`);
    const kept = await readFile(file, "utf8").catch(() => undefined);
    const text = kept ?? (await fetchProject(upstream, name));
    if (kept === undefined) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return createPage(freeze(Project.parse(JSON.parse(text)), frozenAt));
  };
  return {
    find: (name) => {
      const found = pages.get(name) ?? load(name);
      pages.set(name, found);
      // A project that is not there stays so for the run; what else went wrong may pass.
      found.catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.status !== 404) pages.delete(name);
      });
      return found;
    },
  };
}

/** The form that a client likes best. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
export function chooseForm(accept = ""): PageForm {
  const weights = new Map(
    accept.split(",").map((entry) => {
      const [type = "", ...parameters] = entry.split(";").map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return [type, Number(weight ?? 1)];
    }),
  );
  const best = PAGE_FORMS.map((form) => ({ form, weight: weights.get(form) ?? 0 })).sort(
    (a, b) => b.weight - a.weight,
  )[0];
  // As PyPI does for those who take anything.
  return best === undefined || best.weight === 0 ? "text/html" : best.form;
}

async function fetchProject(upstream: Upstream, name: string): Promise<string> {
  const url = `${upstream.index}${name}/`;
  const json = PAGE_FORMS[0];
  const response = await upstream.get(url, { accept: json, "accept-encoding": "gzip" });
  const type = response.headers.get("content-type") ?? "nothing";
  if (!type.startsWith(json)) {
    await response.body?.cancel();
    throw new Refusal(502, `${url} answered with '${type}', and '${json}' is needed.`);
  }
  const project = Project.parse(await response.json());
  const files = project.files.map((file) => ({
    ...file,
    url: new URL(file.url, response.url).href,
  }));
  return JSON.stringify({ ...project, name, files });
}

function freeze(project: Project, time: Date): Project {
  if (project.files.length === 0) return project;
  if (project.files.every((file) => file["upload-time"] == null)) {
    throw new Refusal(502, `The index tells no 'upload-time' of ${project.name}'s files.`);
  }
  return hideLater(project, time);
}

function createPage(project: Project): Page {
  const rendered = new Map<PageForm, RenderedPage>();
  return {
    project,
    render: (form) => {
      const known = rendered.get(form);
      if (known !== undefined) return known;
      const ours = relink(project);
      const text = Buffer.from(form === PAGE_FORMS[0] ? JSON.stringify(ours) : toHtml(ours));
      const page = { text, gzipped: gzipSync(text), digest: sha256(text) };
      rendered.set(form, page);
      return page;
    },
  };
}
