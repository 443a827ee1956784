// `npm run gas`: measures every public function's gas and writes docs/gas.md and docs/gas.json.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { status } = spawnSync("hardhat", ["test", "mocha", "test/contracts/gas/gas.test.ts"], {
  cwd: root,
  env: { ...process.env, ALLOT_WRITE_GAS: "true" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
