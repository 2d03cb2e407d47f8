import { describe, expect, it } from "vitest";
import type { Footprint } from "../../../src/python/environment/footprint.ts";
import { linkTarget, planLayers } from "../../../src/python/environment/layer-plan.ts";
import {
  LIGHT_LAYERS,
  lightLayerOf,
  splitByWeight,
} from "../../../src/python/environment/split.ts";

const PYTHON = { path: "/usr/bin/python3", version: "3.13.5", minor: "3.13", recreate: undefined };
const SITE = "lib/python3.13/site-packages";

describe("the links of layers", () => {
  it("lead to scripts, data and libraries that are in other layers", () => {
    const plans = planOf({
      torch: {
        kilobytes: 90_000,
        siblings: ["nvidia"],
        outside: ["bin/torchrun", "share/torch/x"],
      },
      "nvidia-cublas": { kilobytes: 90_000, packages: ["nvidia/"] },
      torchvision: { kilobytes: 90_000, siblings: ["light/lib", "torch/lib", "unknown/lib"] },
      audio: { siblings: ["torch/lib", "light/lib"] },
      light: { outside: ["bin/light"] },
      six: {},
    });

    expect(plans.get("torch")?.links).toEqual({ nvidia: "nvidia" });
    expect(plans.get("nvidia")?.links).toEqual({});
    expect(plans.get("torchvision")?.links).toEqual({
      "light/lib": "environment",
      "torch/lib": "torch",
    });
    expect(plans.get("environment")).toEqual({
      name: "environment",
      members: ["audio", "light"],
      links: {
        "bin/torchrun": "torch",
        [`${SITE}/nvidia`]: "nvidia",
        [`${SITE}/torch/lib`]: "torch",
        "share/torch/x": "torch",
      },
      joined: [...LIGHT_LAYERS, "nvidia", "torch", "torchvision"],
    });
    expect(plans.get(lightLayerOf("six"))?.members).toEqual(["six"]);
  });

  it("and the loader's path lead to CUDA's libraries where something looks for them there", () => {
    const given = { "nvidia-cublas": { packages: ["nvidia/"] }, onnxruntime: {} };
    const heavy = { ...given, "nvidia-cublas": { kilobytes: 90_000, packages: ["nvidia/"] } };

    expect(planOf(heavy, true).get("environment")?.libraryPath).toBe("nvidia");
    expect(planOf(given, true).get("environment")?.libraryPath).toBe("environment");
    expect(planOf(heavy).get("environment")).not.toHaveProperty("libraryPath");
    expect(planOf({ onnxruntime: {} }, true).get("environment")).not.toHaveProperty("libraryPath");
  });

  it("are not made where NVIDIA's wheels are not in the lock", () => {
    const plans = planOf({ torch: { kilobytes: 90_000, siblings: ["nvidia"] } });

    expect(plans.get("torch")?.links).toEqual({});
    expect(plans.get("environment")?.links).toEqual({});
  });

  it.each([
    ["environment", "bin/torchrun", "torch", "/layers/torch/bin/torchrun"],
    ["environment", "share/x", "torch", "/layers/torch/data/share/x"],
    ["environment", `${SITE}/nvidia`, "nvidia", "/layers/nvidia/site-packages/nvidia"],
    ["torch", "nvidia", "nvidia", "/layers/nvidia/site-packages/nvidia"],
    ["torch", "light/lib", "environment", `/layers/environment/venv/${SITE}/light/lib`],
  ])("in %s at %s to %s", (name, path, owner, target) => {
    expect(linkTarget({ name }, path, owner, "/layers", PYTHON)).toBe(target);
  });
});

function planOf(given: Record<string, Partial<Footprint>>, needsLibraryPath = false) {
  const footprints = new Map(
    Object.entries(given).map(([name, footprint]) => [
      name,
      {
        kilobytes: 1,
        packages: [name],
        outside: [],
        siblings: [],
        startup: false,
        apart: false,
        ...footprint,
      },
    ]),
  );
  return planLayers(splitByWeight(footprints, 40), footprints, {
    interpreter: PYTHON,
    needsLibraryPath,
  });
}
