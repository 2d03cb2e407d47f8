import { expect, it } from "vitest";
import { cleanUp, cleanUpLater } from "../../scripts/lib/cleanup.ts";

it("removes what came last first, and each once", async () => {
  const removed: string[] = [];
  const note = (what: string) => async () => void removed.push(what);
  cleanUpLater("registry", note("registry"));
  const removeContainer = cleanUpLater("container", note("container"));
  cleanUpLater("image", note("image"));

  await removeContainer();
  await cleanUp();
  await cleanUp();

  expect(removed).toEqual(["container", "image", "registry"]);
});

it("goes on where one can't be removed", async () => {
  const removed: string[] = [];
  cleanUpLater("folder", async () => void removed.push("folder"));
  cleanUpLater("volume", () => Promise.reject(new Error("volume is in use")));

  await cleanUp();

  expect(removed).toEqual(["folder"]);
});
