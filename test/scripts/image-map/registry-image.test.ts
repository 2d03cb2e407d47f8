import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { findInRegistry } from "../../../scripts/image-map/registry-image.ts";

const CONFIGURATION = `sha256:${"c0".repeat(32)}`;

it("tells each layer's instruction, and asks the registry for nothing twice", async () => {
  const [lower, upper] = ["sha256:a", "sha256:b"];
  const answers: Readonly<Record<string, unknown>> = {
    "/v2/team/app/manifests/1.0": {
      config: { digest: CONFIGURATION },
      layers: [
        { digest: "sha256:1", size: 10 },
        { digest: "sha256:2", size: 20 },
      ],
    },
    [`/v2/team/app/blobs/${CONFIGURATION}`]: {
      config: { Labels: { maker: "us" } },
      rootfs: { diff_ids: [lower, upper] },
      history: [
        { created_by: "ADD /" },
        { created_by: "ENV A=1", empty_layer: true },
        { created_by: "RUN make" },
      ],
    },
  };
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(JSON.stringify(answers[url]));
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}/team/app:1.0`;

  expect(await findInRegistry(name)).toEqual({
    ...{ name, labels: { maker: "us" } },
    layers: [
      { diffId: lower, compressed: 10, createdBy: "ADD /" },
      { diffId: upper, compressed: 20, createdBy: "RUN make" },
    ],
  });
  expect(asked).toEqual(Object.keys(answers));
});
