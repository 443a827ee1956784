// Files as the log and the guard use them: the real disk, or one that a simulation makes slow, full or forgetful.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { DurableFile, syncFolder } from "./durableFile.ts";

/** A file whose writes survive a crash of the machine once `sync` has resolved. */
export interface OpenFile {
  readonly path: string;
  /** Writes all of `bytes` at `position`, not durably yet. */
  write(bytes: Uint8Array, position: number): void;
  /** Resolves when everything written survives a crash. */
  sync(): Promise<void>;
  /** Durably, at once. */
  truncate(length: number): void;
  close(): void;
}

export interface FileSystem {
  /** `r+`: an existing file; `wx+`: a new one. */
  open(path: string, flags: "r+" | "wx+"): OpenFile;
  exists(path: string): boolean;
  read(path: string): Buffer;
  /** Names of the files in a folder. */
  list(folder: string): readonly string[];
  makeFolder(folder: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Makes entries of the folder (created, renamed, removed) survive a crash. */
  syncFolder(folder: string): void;
}

export const systemFiles: FileSystem = {
  open: (path, flags) => new DurableFile(path, flags),
  exists: existsSync,
  read: (path) => readFileSync(path),
  list: (folder) => readdirSync(folder),
  makeFolder: (folder) => void mkdirSync(folder, { recursive: true }),
  rename: renameSync,
  remove: unlinkSync,
  syncFolder,
};
