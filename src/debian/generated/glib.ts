import { dirname } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";
import { capture } from "../../kit/command.ts";
import type { Generator } from "./generator.ts";

/** https://docs.gtk.org/gio/glib-compile-schemas.html */
const schemas: Generator = {
  name: "compiled GSettings schemas",
  inputs: ["usr/share/glib-2.0/schemas", "usr/lib/<triplet>/glib-2.0/glib-compile-schemas"],
  run: async ({ tree, env }) => {
    const sources = tree.match("usr/share/glib-2.0/schemas/*.xml");
    const [program] = tree.match("usr/lib/<triplet>/glib-2.0/glib-compile-schemas");
    const [first] = sources;
    if (first === undefined || program === undefined) return undefined;
    await capture(tree.at(program), [dirname(tree.at(first))], { env });
    return `of ${sources.length} files`;
  },
};

/** Without this list, gdk-pixbuf reads the formats that are built in and no other. */
const pixbufLoaders: Generator = {
  name: "the list of gdk-pixbuf's loaders",
  inputs: ["usr/lib/<triplet>/gdk-pixbuf-2.0"],
  run: async ({ tree, env }) => {
    const [program] = tree.match("usr/lib/<triplet>/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders");
    const loaders = tree.match("usr/lib/<triplet>/gdk-pixbuf-2.0/*/loaders/*.so");
    const [first] = loaders;
    if (program === undefined || first === undefined) return undefined;
    const { stdout } = await capture(
      tree.at(program),
      loaders.map((path) => tree.at(path)),
      { env },
    );
    await writeFileWhole(`${dirname(dirname(tree.at(first)))}/loaders.cache`, stdout);
    return `of ${loaders.length}`;
  },
};

/** https://docs.gtk.org/gio/gio-querymodules.html */
const gioModules: Generator = {
  name: "the list of GIO's modules",
  inputs: ["usr/lib/<triplet>/gio/modules", "usr/lib/<triplet>/glib-2.0/gio-querymodules"],
  run: async ({ tree, env }) => {
    const [program] = tree.match("usr/lib/<triplet>/glib-2.0/gio-querymodules");
    const modules = tree.match("usr/lib/<triplet>/gio/modules/*.so");
    const [first] = modules;
    if (program === undefined || first === undefined) return undefined;
    await capture(tree.at(program), [dirname(tree.at(first))], { env });
    return `of ${modules.length}`;
  },
};

/** https://docs.gtk.org/gtk3/running.html */
const inputMethods: Generator = {
  name: "the list of GTK's input methods",
  inputs: ["usr/lib/<triplet>/gtk-3.0", "usr/lib/<triplet>/libgtk-3-0*"],
  run: async ({ tree, env }) => {
    const [program] = tree.match("usr/lib/<triplet>/libgtk-3-0*/gtk-query-immodules-3.0");
    const modules = tree.match("usr/lib/<triplet>/gtk-3.0/*/immodules/*.so");
    const [first] = modules;
    if (program === undefined || first === undefined) return undefined;
    const { stdout } = await capture(
      tree.at(program),
      modules.map((path) => tree.at(path)),
      { env },
    );
    await writeFileWhole(`${dirname(dirname(tree.at(first)))}/immodules.cache`, stdout);
    return `of ${modules.length}`;
  },
};

/** https://specifications.freedesktop.org/shared-mime-info-spec/latest/ */
const mimeTypes: Generator = {
  name: "the database of file types",
  inputs: ["usr/share/mime/packages", "usr/bin/update-mime-database"],
  run: async ({ tree, env }) => {
    const sources = tree.match("usr/share/mime/packages/*.xml");
    const [program] = tree.match("usr/bin/update-mime-database");
    if (sources.length === 0 || program === undefined) return undefined;
    await capture(tree.at(program), [tree.at("usr/share/mime")], { env });
    return `of ${sources.length} files`;
  },
};

export const GLIB_GENERATORS = [schemas, pixbufLoaders, gioModules, inputMethods, mimeTypes];
