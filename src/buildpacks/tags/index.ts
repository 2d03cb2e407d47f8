import { any, file, variable } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import type { SettingName } from "../../kit/settings.ts";
import { checkProblems } from "./failures.ts";
import { readTagsFile } from "./find-tags.ts";
import { readGit } from "./git.ts";
import { readImageLabels } from "./image-labels.ts";
import { mergeLabels } from "./merge.ts";
import { OCI_SETTINGS, readOciSettings } from "./oci-settings.ts";
import { readProject } from "./project.ts";
import { readTagsPrefix } from "./tags-prefix.ts";

const LABEL_SETTINGS: readonly SettingName[] = ["BP_IMAGE_LABELS", ...OCI_SETTINGS];

export default defineBuildpack({
  detect: {
    cases: [
      {
        // The pattern is wider than the two names: the build says how a near miss must be called.
        when: any(
          file("business-tags.yaml", "business-tags.yml", "?usiness?tags.y*ml"),
          variable(...LABEL_SETTINGS),
          file("project.toml", ".git"),
        ),
        plan: {},
      },
    ],
    otherwise:
      "there is no business-tags.yaml, no project.toml and no .git, and no setting names labels",
  },

  async build({ appDir, settings, log }) {
    log.section("Writing image labels");
    const prefix = readTagsPrefix(settings);
    // What is later overrides what is earlier.
    const sources = [
      await readGit(appDir, log),
      await readProject(appDir),
      await readTagsFile(appDir, prefix.text, log),
      readOciSettings(settings),
      readImageLabels(settings),
    ];
    checkProblems([...prefix.problems, ...sources.flatMap(({ problems }) => problems)]);

    return { launch: { labels: mergeLabels(sources, log) } };
  },
});
