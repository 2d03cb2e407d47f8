import { configDefaults, defineConfig } from "vitest/config";
import { viteSourceModules } from "./scripts/lib/source-modules.ts";

// A build of a real app installs packages and writes images.
const MINUTES = 60_000;

export default defineConfig({
  plugins: [viteSourceModules],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Their modules keep no state, and loading them anew for each file took most of the time.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: [
            ...configDefaults.exclude,
            "test/phases/**",
            "test/integration/**",
            "test/extended/**",
            "test/fixtures/**",
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "phases",
          include: ["test/phases/**/*.test.ts"],
          testTimeout: 5 * MINUTES,
          hookTimeout: 5 * MINUTES,
          // Much of their time is that of containers which start and stop.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/support/platform-setup.ts"],
          testTimeout: 20 * MINUTES,
          hookTimeout: 20 * MINUTES,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "extended",
          include: ["test/extended/**/*.test.ts"],
          globalSetup: ["test/support/platform-setup.ts"],
          testTimeout: 30 * MINUTES,
          hookTimeout: 30 * MINUTES,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
