// Keeps two processes from using one sign-lock directory. The lock file names its process; when that process is gone
// the next one takes the file over, so that a killed agent starts again without help.
//
// The sign lock's promise does not rest on this file (see fileSignLock.ts); it turns the likely mistake, two agents
// started with one directory, into a clear message at start.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignLockError } from "../errors/signLockError.ts";
import type { DurableFiles } from "./durableFiles.ts";

const fileName = "in-use.json";
/** Processes that may race for an abandoned lock before this one gives up. */
const takeoverAttemptsMax = 8;

/** Locks held by this process, whose own id in a lock file does not tell; per file system, of which tests have many. */
const heldOn = new WeakMap<DurableFiles, Set<string>>();

export interface DirectoryLock {
  release(): Promise<void>;
}

export async function lockDirectory(directory: string, files: DurableFiles): Promise<DirectoryLock> {
  const path = join(directory, fileName);
  const heldHere = heldOn.get(files) ?? new Set<string>();
  heldOn.set(files, heldHere);
  const holder = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let attempt = 0; attempt < takeoverAttemptsMax; attempt++) {
    if (heldHere.has(path)) throw held(directory, process.pid);
    // Linked into place complete, so that nobody ever reads a half-written holder.
    const own = `${path}.${process.pid}-${crypto.randomUUID()}.tmp`;
    await files.writeNew(own, holder);
    try {
      await files.link(own, path);
      heldHere.add(path);
      return { release: () => release(path, files, heldHere) };
    } catch (error) {
      if (!isTaken(error)) throw error;
    } finally {
      await files.unlink(own);
    }
    await removeAbandoned(directory, path, files);
  }
  throw held(directory, undefined);
}

async function removeAbandoned(directory: string, path: string, files: DurableFiles): Promise<void> {
  const text = await files.read(path).catch(() => undefined);
  // Released between our attempt and now: try again.
  if (text === undefined) return;
  const pid = livingHolder(text);
  if (pid !== undefined) throw held(directory, pid);
  // Moved under a name of our own first: only one of several successors succeeds.
  const moved = `${path}.${process.pid}-${crypto.randomUUID()}.tmp`;
  await files.rename(path, moved).catch(() => undefined);
  const movedText = await files.read(moved).catch(() => undefined);
  if (movedText === undefined) return;
  // Another successor was faster and this is its new lock: give it back.
  if (movedText !== text) await files.link(moved, path).catch(() => undefined);
  await files.unlink(moved);
}

/** The process id in a lock file if that very process still runs and is not this one. */
function livingHolder(text: string): number | undefined {
  let holder: { pid?: unknown; started?: unknown };
  try {
    holder = JSON.parse(text);
  } catch {
    // Cut short by a crash of the machine: its writer is gone.
    return undefined;
  }
  const { pid, started } = holder;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  // This process does not hold it (it would have said so), so the id was used before, as in a restarted container.
  if (pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  return startOf(pid) === started ? pid : undefined;
}

/** What distinguishes a process from a later one with the same id: boot and start time, where Linux tells them. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold blanks; the start time is the 22nd.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return null;
  }
}

async function release(path: string, files: DurableFiles, heldHere: Set<string>): Promise<void> {
  if (!heldHere.delete(path)) return;
  await files.unlink(path).catch(() => undefined);
}

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "EEXIST";

function held(directory: string, pid: number | undefined): SignLockError {
  return new SignLockError(
    "SIGN_LOCK_HELD",
    "Another process uses this sign lock. Stop it, or give this key a directory of its own: one directory per key, and one process per directory.",
    { facts: { directory, pid } },
  );
}
