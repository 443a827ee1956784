#!/usr/bin/env node
// Everything a fresh clone needs before any other script: the pinned packages (which bring Node 24 along),
// then the compiled contracts and the ABIs that the SDK types its calls by. Plain JavaScript without dependencies, because it runs on whatever Node (>= 18)
// the machine has. Does nothing, in a fraction of a second, when neither the lock file nor a contract changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampPath = join(root, "node_modules", ".allot-setup.json");

const nodeVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.node;

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    })
    .sort();
}

function digestOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, "utf8"));
  } catch {
    return {};
  }
}

function run(title, command, args) {
  process.stdout.write(`allot: ${title}\n`);
  const started = Date.now();
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (result.error !== undefined || result.status !== 0) {
    const reason = result.error?.message ?? `exit code ${result.status}`;
    process.stderr.write(`allot: ${title} failed (${reason}); the output above says why.\n`);
    process.exit(1);
  }
  process.stdout.write(`allot: done in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

const nodeMajor = Number(process.versions.node.split(".")[0]);
if (nodeMajor < 18) {
  process.stderr.write(`allot: needs Node 18 or newer to set itself up; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

const stamp = readStamp();
const packages = digestOf([join(root, "package.json"), join(root, "package-lock.json")]);
if (stamp.packages !== packages || !existsSync(join(root, "node_modules", ".bin", "node"))) {
  // Under an older Node, npm silently leaves out the native parts that demand Node >= 22.
  run("installing packages (about a minute the first time)", "npx", [
    "-y",
    "-p",
    `node@${nodeVersion}`,
    "npm",
    "install",
    // Other npm versions would rewrite the lock file in their own way.
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  stamp.packages = packages;
  writeFileSync(stampPath, JSON.stringify(stamp));
}

// Hardhat also compiles the contracts that tests bring along.
const testContracts = filesUnder(join(root, "test")).filter((path) => path.endsWith(".sol"));
const contracts = digestOf([join(root, "hardhat.config.ts"), ...filesUnder(join(root, "contracts")), ...testContracts]);
if (stamp.contracts !== contracts || !existsSync(join(root, "artifacts"))) {
  const node = join(root, "node_modules", ".bin", "node");
  run("compiling contracts (about half a minute the first time)", node, [
    join(root, "node_modules", "hardhat", "dist", "src", "cli.js"),
    "build",
    "--quiet",
  ]);
  run("writing the SDK's ABIs", node, [join(root, "scripts", "codegen.ts")]);
  stamp.contracts = contracts;
  writeFileSync(stampPath, JSON.stringify(stamp));
}
