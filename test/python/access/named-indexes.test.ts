import { expect, it } from "vitest";
import { credentialsOfNamedIndexes } from "../../../src/python/access/named-indexes.ts";

it("takes uv's variables for indexes with a name", () => {
  const env = {
    UV_INDEX_MY_OWN_2_USERNAME: "ada",
    UV_INDEX_MY_OWN_2_PASSWORD: "s3cret",
    UV_INDEX_TOKEN_PASSWORD: "t0ken",
    UV_INDEX_NAME_USERNAME: "t0ken",
    UV_INDEX_EMPTY_USERNAME: "",
  };
  const indexes = ["my-own.2", "token", "name", "empty", "other"].map((name) => ({
    name,
    url: `https://${name}.example:8443/simple`,
  }));

  const found = credentialsOfNamedIndexes(indexes, env);

  expect(
    found.map(({ host, login, password, origin }) => [host, login, password, origin.file]),
  ).toEqual([
    ["my-own.2.example", "ada", "s3cret", "UV_INDEX_MY_OWN_2_PASSWORD"],
    ["token.example", "", "t0ken", "UV_INDEX_TOKEN_PASSWORD"],
    ["name.example", "t0ken", "", "UV_INDEX_NAME_USERNAME"],
  ]);
});
