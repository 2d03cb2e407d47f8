import { compatibility } from "../compatibility.ts";
import { listed, nearest } from "../../kit/text.ts";

/**
 * A CUDA library by any of its names: "cublas", "libcublas.so.12", "nvidia-cublas-cu12". Where it is
 * none, what is needed in its place.
 */
export function readLibrary(
  written: string,
): { readonly name: string } | { readonly needed: string } {
  const { library } = compatibility();
  const [bare = ""] = written.split(/[=<>!~]/);
  const plain = bare
    .toLowerCase()
    .replace(/\.so(?:\.\d+)*$|[-_]cu\d+$/, "")
    .replace(/^lib|[-_]?\d+(?:[.-]\d+)*$/g, "");
  const [name] =
    Object.entries(library).find(([key, { wheel, also = [] }]) =>
      [key, wheel, ...also].includes(plain),
    ) ?? [];
  if (name === undefined) {
    const near = nearest(plain, Object.keys(library));
    const advice =
      near.length > 0
        ? `did you mean ${listed(near, "or")}?`
        : `these are known: ${listed(Object.keys(library).filter(isLibrary))}`;
    return { needed: `CUDA has no library ${written}; ${advice}` };
  }
  if (isLibrary(name)) {
    if (bare === written) return { name };
    return { needed: `Its version follows from that of CUDA; write\nlibraries ${name}` };
  }
  return { needed: `${written} belongs to CUDA's compiler; write\ntoolkit` };
}

function isLibrary(name: string): boolean {
  return compatibility().library[name]?.kind !== "compiler";
}
