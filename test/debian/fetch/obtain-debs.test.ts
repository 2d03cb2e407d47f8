import { expect, it } from "vitest";
import { complaintOf } from "../../../src/debian/fetch/obtain-debs.ts";

const outcome = { url: "https://apt.example:8443/x.deb", file: "x.deb", status: 401, error: "" };
const origin = { file: "the binding archive" };
const credential = { host: "apt.example", login: "me", password: "s3cret", url: "", origin };

it("a refusal tells what gave the credentials that were sent", () => {
  const denied = { kind: "denied", url: outcome.url, status: "401" };

  expect(complaintOf(outcome, [{ ...credential, host: "other" }, credential])).toEqual({
    ...denied,
    sent: origin,
  });
  expect(complaintOf(outcome, [])).toEqual({ ...denied, sent: undefined });
});
