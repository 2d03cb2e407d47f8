import type { Demand } from "../../accelerator/demand.ts";
import type { Origin } from "../../kit/origin.ts";
import { evaluateMarker, linuxEnvironment } from "../../python/markers.ts";
import type { Requirement } from "../../python/requirements/requirement.ts";
import type { Asked } from "./asked.ts";
import type { GivenTask, LockTask } from "./obtain-lock.ts";

/** The lines of the app's own files that are for this platform. */
export function wishesOf({ asked, interpreter, context }: GivenTask) {
  const environment = linuxEnvironment(interpreter.version, context.target.arch);
  const applies = ({ marker }: Requirement) =>
    marker === undefined || evaluateMarker(marker, environment);
  const { requirements, constraints } = asked.set;
  return { requirements: requirements.filter(applies), constraints: constraints.filter(applies) };
}

/**
 * What the app's own files ask for on this platform, and the interpreter does not have by itself.
 * Constraints narrow it and ask for nothing.
 */
export function demandsOf(task: LockTask): readonly Demand[] {
  const { requirements, constraints } = wishesOf(task);
  return requirements.flatMap((requirement) => {
    const { name, extras, origin, text } = requirement;
    if (name === undefined || task.offered.packages.has(name)) return [];
    const specifiers = [requirement, ...constraints.filter((one) => one.name === name)]
      .map(specifierOf)
      .filter((specifier) => specifier !== "");
    return [{ name, specifier: specifiers.join(","), extras, origin, text }];
  });
}

/** The indexes that the app's files and settings name themselves. */
export function indexesOf({
  options,
}: Asked): readonly { readonly url: string; readonly origin: Origin }[] {
  const { indexUrl, extraIndexUrls, findLinks } = options;
  return [...(indexUrl === undefined ? [] : [indexUrl]), ...extraIndexUrls, ...findLinks].map(
    ({ value, origin }) => ({ url: value, origin }),
  );
}

/** A wheel's name tells its version: https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention */
function specifierOf({ source }: Requirement): string {
  switch (source.kind) {
    case "index":
      return source.specifier;
    case "git":
      return "";
    case "path":
    case "url": {
      const address = source.kind === "url" ? source.url : source.path;
      const file = decodeURIComponent(address.split(/[?#]/)[0]?.split("/").at(-1) ?? "");
      const version = file.endsWith(".whl") ? file.split("-")[1] : undefined;
      return version === undefined ? "" : `==${version}`;
    }
  }
}
