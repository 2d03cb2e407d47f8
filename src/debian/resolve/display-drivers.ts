import { type ChosenPackage, findPurposes } from "./purposes.ts";

/**
 * The packages without those that serve OpenGL on an X display alone: Mesa's drivers for GLX, with
 * LLVM and all that only they need, some 200 MB. The library that programs are linked with (libgl1,
 * for OpenCV) depends on them, and loads them when a program opens a display, which a container has
 * not. They stay where an X server is among the packages, where they are asked for by name, and where
 * rendering without a display (EGL, GBM) needs the same drivers.
 * https://github.com/NVIDIA/libglvnd#architecture
 */
export function withoutDisplayDrivers<T extends ChosenPackage>(
  packages: readonly T[],
  requested: readonly string[],
): readonly T[] {
  if (packages.some(({ provides }) => provides.includes("xserver"))) return packages;
  const others = bypassDriver(packages);
  const needed = needsOf(others, requested);
  if ([DISPLAY_DRIVER, ...RENDERERS].some((name) => needed.has(name))) return packages;
  const before = needsOf(packages, requested);
  return others.filter(({ name }) => needed.has(name) || !before.has(name));
}

/** What brings them when it is asked for by name. https://packages.debian.org/trixie/libglx-mesa0 */
export const DISPLAY_DRIVER = "libglx-mesa0";
/** https://packages.debian.org/trixie/libglx0 */
const LIBRARY = "libglx0";
/** https://packages.debian.org/trixie/mesa-libgallium */
const RENDERERS = ["mesa-libgallium", "libgl1-mesa-dri"];

/**
 * The driver's small libraries stay, as if those that load it needed them: wheels are linked with
 * some of X11's without saying so.
 */
function bypassDriver<T extends ChosenPackage>(packages: readonly T[]): readonly T[] {
  const ofDriver = packages.find(({ name }) => name === DISPLAY_DRIVER)?.depends ?? [];
  const libraries = ofDriver.filter((names) => !names.some((name) => RENDERERS.includes(name)));
  return packages.map((chosen) => {
    if (chosen.name !== LIBRARY) return chosen;
    const others = chosen.depends.filter((names) => !names.includes(DISPLAY_DRIVER));
    return { ...chosen, depends: [...others, ...libraries] };
  });
}

/** Names of all that the requests need, headers included. */
function needsOf(
  packages: readonly ChosenPackage[],
  requested: readonly string[],
): ReadonlySet<string> {
  return findPurposes(packages, requested, new Set(requested)).launch;
}
