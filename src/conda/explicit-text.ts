import { type CondaLock, urlOf } from "./lock.ts";

/**
 * An explicit file, which every conda client installs as it is.
 * https://github.com/conda/ceps/blob/main/cep-0023.md
 */
export function explicitText(lock: CondaLock, platform: string): string {
  const lines = lock.map((each) => {
    const { digest } = each;
    return `${urlOf(each)}#${"sha256" in digest ? `sha256:${digest.sha256}` : digest.md5}`;
  });
  return [`# platform: ${platform}`, "@EXPLICIT", ...lines, ""].join("\n");
}
