import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "../storage/directoryLock.ts";
import { AllotError } from "../types/errors.ts";

/** What a development network's folder holds; anything else is somebody's own. */
const ownEntries = new Set(["devnet.json", "validators", "lock", "lock.pid", "lock-journal"]);

/**
 * Removes a stopped development network; does nothing where there is none.
 * @throws AllotError NOT_A_DEVNET when the folder holds something else, DIRECTORY_IN_USE when it runs
 */
export function removeDevnet(directory: string): void {
  if (!existsSync(directory)) return;
  const foreign = readdirSync(directory).find((name) => !ownEntries.has(name));
  if (foreign !== undefined) {
    const text = `${directory} holds something that is no development network's (${foreign}), so it will not be removed: name another folder with --dir`;
    throw new AllotError("NOT_A_DEVNET", { directory, foreign }, text);
  }
  const lock = lockDirectory(directory);
  rmSync(join(directory, "validators"), { recursive: true, force: true });
  rmSync(join(directory, "devnet.json"), { force: true });
  lock.release();
}
