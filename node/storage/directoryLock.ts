// Exclusive use of a node's folder. Two processes with one validator key would sign contradictions, so the lock is
// the kernel's (a record lock that SQLite takes on the file `lock`): it ends with the process, however that dies, is
// never stale, and also holds between containers that share the folder.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AllotError } from "../types/errors.ts";

const sqliteBusy = 5;

/** The connections that hold a lock: a connection that nothing refers to is collected, and its lock ends with it. */
const held = new Set<DatabaseSync>();

export interface DirectoryLock {
  release(): void;
}

/** @throws AllotError DIRECTORY_IN_USE when another process, or this one, holds the folder */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true });
  const holderFile = join(directory, "lock.pid");
  const database = new DatabaseSync(join(directory, "lock"), { timeout: 0 });
  try {
    // In this mode the lock that the transaction takes is kept until the connection closes.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;");
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode === sqliteBusy) throw inUse(directory, holderFile, cause);
    throw cause;
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  held.add(database);
  return {
    release() {
      held.delete(database);
      database.close();
    },
  };
}

function inUse(directory: string, holderFile: string, cause: unknown): AllotError {
  let holder = "unknown";
  try {
    holder = readFileSync(holderFile, "utf8").trim();
  } catch {
    // The file only makes the sentence clearer; without it the sentence says so.
  }
  const text = `${directory} is in use by another node (process ${holder}); stop that one first, or use another folder`;
  return new AllotError("DIRECTORY_IN_USE", { directory, holder }, text, { cause });
}
