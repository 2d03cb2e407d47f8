import { expect, it } from "vitest";
import { parseReference } from "../../scripts/lib/registry-client.ts";

const DIGEST = `sha256:${"0a".repeat(32)}`;

it.each([
  ["127.0.0.1:5000/app", "app", "latest"],
  ["127.0.0.1:5000/team/app:1.2", "team/app", "1.2"],
  [`127.0.0.1:5000/app@${DIGEST}`, "app", DIGEST],
])("%s is %s at %s", (reference, repository, version) => {
  expect(parseReference(reference)).toEqual({ address: "127.0.0.1:5000", repository, version });
});

it("refuses a name without a registry", () => {
  expect(() => parseReference("app")).toThrow("This is not the name of an image in a registry");
});
