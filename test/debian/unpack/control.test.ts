import { expect, test } from "vitest";
import { namesOfRelation } from "../../../src/debian/deb822.ts";
import { readLicenses } from "../../../src/debian/unpack/copyright.ts";

test("names of a relation", () => {
  expect(namesOfRelation("mawk (<< 1.3), gawk:any | awk [amd64],\nbusybox")).toEqual([
    "mawk",
    "gawk",
    "awk",
    "busybox",
  ]);
  expect(namesOfRelation(undefined)).toEqual([]);
});

test("licences of a copyright file for machines", () => {
  const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: foo

Files: *
Copyright: 2020 Somebody
License: GPL-2+ or MIT

Files: debian/*
Copyright: 2021 Somebody
License: BSD-3-clause
 Redistribution and use in source and binary forms
 .
 are permitted.

License: Apache-2.0
 The text that nobody names.
`;
  expect(readLicenses(copyright)).toEqual(["BSD-3-clause", "GPL-2+ or MIT"]);
});

test("no licence of a copyright file for people", () => {
  expect(readLicenses("This is foo.\n\nLicense: see /usr/share/common-licenses/GPL-2\n")).toEqual(
    [],
  );
  expect(readLicenses("")).toEqual([]);
});
