// Runs scripts/commands/<name>.ts: `node scripts/run.mjs <name> [arguments]`.
// Plain JavaScript without dependencies, because it is what installs them.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED_NODE = [20, 19];

process.chdir(ROOT);
checkNode();
const [name, ...args] = process.argv.slice(2);
checkCommand(name);
installDependencies();
const { main } = await import(await bundle(name));
process.exitCode = await main(args);

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [neededMajor, neededMinor] = NEEDED_NODE;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  stop(
    `Node.js ${process.versions.node} is too old`,
    `Node.js ${NEEDED_NODE.join(".")} or newer is needed: https://nodejs.org/en/download`,
  );
}

function checkCommand(wanted) {
  const known = readdirSync("scripts/commands").map((file) => file.replace(/\.ts$/, ""));
  if (known.includes(wanted)) return;
  stop(
    `There is no command '${wanted ?? ""}'`,
    `Known are:\n${known.map((command) => `- ${command}`).join("\n")}`,
  );
}

function installDependencies() {
  const stamp = "node_modules/.ml-buildpacks-installed";
  const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(stamp) ? readFileSync(stamp, "utf8") === wanted : installedByHand()) return;
  console.log("Installing Node.js packages (npm ci)");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { encoding: "utf8" });
  if (npm.error !== undefined) stop("npm can't be run", npm.error.message);
  if (npm.status !== 0) {
    stop(`'npm ci' ended with exit code ${npm.status}`, `${npm.stdout}${npm.stderr}`.trim());
  }
  writeFileSync(stamp, wanted);
}

/** npm leaves its own copy of the lock behind; one as new as ours belongs to it. */
function installedByHand() {
  const copy = "node_modules/.package-lock.json";
  return existsSync(copy) && statSync(copy).mtimeMs >= statSync("package-lock.json").mtimeMs;
}

async function bundle(command) {
  const { build } = await import("esbuild");
  const outfile = join(ROOT, ".cache/scripts", `${command}.mjs`);
  try {
    await build({
      entryPoints: [`scripts/commands/${command}.ts`],
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      // Scripts that run elsewhere are text.
      loader: { ".py": "text", ".sh": "text" },
      sourcemap: "inline",
    });
  } catch {
    // esbuild has said what is wrong, and where.
    process.exit(1);
  }
  return pathToFileURL(outfile).href;
}

function stop(title, body) {
  console.error(`[Error: ${title}]\n\n${body}`);
  process.exit(1);
}
