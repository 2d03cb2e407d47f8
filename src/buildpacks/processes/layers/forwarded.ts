import { defaultTo } from "../../../cnb/layer-env.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { type Installed, isAtLeast } from "../../../process/servers.ts";

/**
 * Which proxies are believed when they say, in X-Forwarded-* headers, who is asking. uvicorn and
 * gunicorn believe only this machine, and in a container the proxy is always another: apps would
 * redirect to http:// and see every request come from the load balancer. Private networks are
 * where proxies are; whoever is asking from the internet is still not believed.
 */
export async function contributeForwarded(
  context: BuildContext,
  installed: Installed,
): Promise<void> {
  if (!understandsNetworks(installed)) return;
  const layer = await context.layer({
    name: "forwarded",
    types: { launch: true },
    wanted: { networks: NETWORKS },
    labels: { networks: "The list of trusted networks" },
  });
  if (layer.state === "kept") return;
  await layer.writeEnv({ launch: { FORWARDED_ALLOW_IPS: defaultTo(NETWORKS) } });
  await layer.commit();
}

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193 and the loopback addresses. */
const NETWORKS = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "::1/128",
  "fc00::/7",
].join(",");

// https://github.com/encode/uvicorn/releases/tag/0.31.0
// https://gunicorn.org/2026-news/ (24.1.1); versions before end with an error at a network.
const LEAST = { uvicorn: "0.31.0", gunicorn: "24.1.1" } as const;

function understandsNetworks(installed: Installed): boolean {
  const servers = (Object.keys(LEAST) as (keyof typeof LEAST)[]).filter((name) =>
    installed.has(name),
  );
  return servers.length > 0 && servers.every((name) => isAtLeast(installed.get(name), LEAST[name]));
}
