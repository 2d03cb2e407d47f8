import { expect, test } from "vitest";
import { atSnapshot } from "../../../src/debian/resolve/snapshot.ts";

const TIME = "20261101T000000Z";

test("lines and stanzas of Debian's archives are moved to their snapshots", () => {
  const sources = `# deb http://deb.debian.org/debian sid main
deb http://deb.debian.org/debian trixie main
deb [signed-by=/k.gpg] https://deb.debian.org/debian-security/ trixie-security main
deb http://security.debian.org/ trixie-security main
deb http://ftp.de.debian.org/debian trixie-updates main
deb https://mirror.example.com/debian trixie main

Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie
`;

  const { text, others } = atSnapshot(sources, TIME);

  expect(text).toMatchInlineSnapshot(`
    "# deb http://deb.debian.org/debian sid main
    deb [check-valid-until=no] http://snapshot.debian.org/archive/debian/20261101T000000Z/ trixie main
    deb [signed-by=/k.gpg check-valid-until=no] http://snapshot.debian.org/archive/debian-security/20261101T000000Z/ trixie-security main
    deb [check-valid-until=no] http://snapshot.debian.org/archive/debian-security/20261101T000000Z/ trixie-security main
    deb [check-valid-until=no] http://snapshot.debian.org/archive/debian/20261101T000000Z/ trixie-updates main
    deb https://mirror.example.com/debian trixie main

    Types: deb
    URIs: http://snapshot.debian.org/archive/debian/20261101T000000Z/
    Check-Valid-Until: no
    Suites: trixie
    "
  `);
  expect(others).toEqual(["https://mirror.example.com/debian"]);
});
