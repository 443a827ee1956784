// The folder of the main job's run: made anew for every run, exclusive to one.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "../../node/storage/directoryLock.ts";
import { AllotError } from "../../node/types/errors.ts";

const marker = "allot-demo.json";

export interface DemoFolder {
  readonly network: string;
  /** Folder of one participant. */
  participant(name: string): string;
  /** True when an earlier run's folder was removed. */
  readonly replaced: boolean;
  release(): void;
}

/**
 * Claims `directory`. What an earlier run left there is removed; anything else is never touched.
 * @throws AllotError FOLDER_NOT_OURS, or DIRECTORY_IN_USE while another run has it
 */
export function claimDemoFolder(directory: string): DemoFolder {
  const found = existsSync(directory) ? readdirSync(directory) : [];
  if (found.length > 0 && !found.includes(marker)) {
    throw new AllotError(
      "FOLDER_NOT_OURS",
      { directory },
      `${directory} is not empty and holds no earlier run: name another folder with --dir`,
    );
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, marker), `${JSON.stringify({ version: 1 })}\n`);
  const lock = lockDirectory(directory);
  const replaced = found.length > 1;
  for (const name of ["network", "participants"]) rmSync(join(directory, name), { recursive: true, force: true });
  return {
    network: join(directory, "network"),
    participant: (name) => join(directory, "participants", name),
    replaced,
    release: () => lock.release(),
  };
}
