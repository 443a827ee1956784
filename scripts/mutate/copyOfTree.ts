// A copy of the tree to break or instrument contracts in: the tree itself is never written to.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Copies what git knows or would add, and links the packages. Whoever calls removes the copy. */
export function copyOfTree(original: string, prefix: string): string {
  const copy = mkdtempSync(join(tmpdir(), prefix));
  const tracked = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: original, encoding: "utf8" });
  const files = tracked.stdout.split("\n").filter((path) => path !== "" && existsSync(join(original, path)));
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(original, file), join(copy, file), { force: true });
  }
  symlinkSync(join(original, "node_modules"), join(copy, "node_modules"));
  return copy;
}
