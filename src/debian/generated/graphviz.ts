import { capture } from "../../kit/command.ts";
import type { Generator } from "./generator.ts";

/**
 * `dot -c` writes the list of its plugins beside them, where GVBINDIR points. `dot` refuses to
 * work without it. https://graphviz.org/doc/info/command.html#-c
 */
export const graphvizPlugins: Generator = {
  name: "the list of Graphviz's plugins",
  inputs: ["usr/lib/<triplet>/graphviz", "usr/bin/dot", "usr/sbin/libgvc6-config-update"],
  run: async ({ tree, env }) => {
    const plugins = tree.match("usr/lib/<triplet>/graphviz/libgvplugin_*.so.*");
    const [program] = tree.match("usr/sbin/libgvc6-config-update");
    const dot = tree.match("usr/bin/dot")[0] ?? program;
    if (plugins.length === 0 || dot === undefined) return undefined;
    await capture(tree.at(dot), ["-c"], { env });
    return `of ${plugins.length} files`;
  },
};
