import { describe, expect, it } from "vitest";
import { explainSecretInQuery, withoutSecretsInQuery } from "../../src/kit/query-secrets.ts";

describe("a secret in an address's query", () => {
  it.each([
    ["https://a.example/x.whl?token=s3cret", "token"],
    ["https://a.example/x.whl?v=1&private_token=s3cret#sha256=0", "private_token"],
    ["https://a.blob.example/x.whl?sv=2024&se=2026&sig=s3cret%3D", "sig"],
    ["https://a.example/x.whl?X-Amz-Date=1&X-Amz-Signature=s3cret", "X-Amz-Signature"],
    ["https://a.example/?apiKey=s3cret", "apiKey"],
    ["https://a.example/x.whl?version=1&design=2", undefined],
    ["https://a.example/x.whl?token=", undefined],
    ["https://a.example/token=s3cret", undefined],
  ])("%s: %s", (url, name) => {
    expect(/parameter (\S+)/.exec(explainSecretInQuery(url) ?? "")?.[1]).toBe(name);
    expect(withoutSecretsInQuery(url).includes("s3cret")).toBe(url.includes("/token="));
  });

  it("is not printed, unlike the name of its variable", () => {
    const text = "'https://a/?v=1&token=s3cret&b=2' https://a/?token=${TOKEN}";

    expect(withoutSecretsInQuery(text)).toBe(
      "'https://a/?v=1&token=****&b=2' https://a/?token=${TOKEN}",
    );
  });
});
