import { expect, test } from "vitest";
import { findName } from "../../../src/debian/resolve/names.ts";

test("a successor is told with the library that programs no longer find", () => {
  const present = new Set([
    "libssl3t64",
    "libffi8",
    "libicu76",
    "libjpeg62-turbo",
    "libavcodec61",
    "libldap2",
    "libgl1",
    "chromium-driver",
  ]);
  const asked = [
    "libssl1.1",
    "libssl3",
    "libffi7",
    "libicu66",
    "libjpeg8",
    "libavcodec58",
    "libldap-2.5-0",
    "libgl1-mesa-glx",
    "chromium-chromedriver",
  ];

  expect(asked.map((name) => findName(name, present, [])?.note).join("\n")).toMatchInlineSnapshot(`
    "Using libssl3t64 for libssl1.1, which Debian 13 no longer has; programs that were built for libssl.so.1.1 will not find it
    Using libssl3t64 for libssl3, which Debian 13 no longer has
    Using libffi8 for libffi7, which Debian 13 no longer has; programs that were built for libffi.so.7 will not find it
    Using libicu76 for libicu66, which Debian 13 no longer has; programs that were built for libicuuc.so.66 will not find it
    Using libjpeg62-turbo for libjpeg8, which Debian 13 no longer has; programs that were built for libjpeg.so.8 will not find it
    Using libavcodec61 for libavcodec58, which Debian 13 no longer has; programs that were built for libavcodec.so.58 will not find it
    Using libldap2 for libldap-2.5-0, which Debian 13 no longer has; programs that were built for libldap-2.5.so.0 will not find it
    Using libgl1 for libgl1-mesa-glx, which Debian 13 no longer has
    Using chromium-driver for chromium-chromedriver, which Debian 13 no longer has"
  `);
});
