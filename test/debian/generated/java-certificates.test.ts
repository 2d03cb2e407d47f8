import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { keyStore } from "../../../src/debian/generated/java-certificates.ts";

it("writes the same store for the same certificates", () => {
  const store = keyStore([Buffer.from("first"), Buffer.from("second")]);

  expect(store).toEqual(keyStore([Buffer.from("first"), Buffer.from("second")]));
  expect(store.readUInt32BE(0)).toBe(0xfeedfeed);
  expect(store.readUInt32BE(8)).toBe(2);
});

it("ends it with the digest that Java checks", () => {
  const store = keyStore([Buffer.from("first")]);
  const [content, digest] = [store.subarray(0, -20), store.subarray(-20)];
  const password = Buffer.from("\0c\0h\0a\0n\0g\0e\0i\0t");

  const expected = createHash("sha1").update(password).update("Mighty Aphrodite").update(content);

  expect(digest).toEqual(expected.digest());
});
