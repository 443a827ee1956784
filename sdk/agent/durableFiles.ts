// The few file operations on which the sign lock's promise rests. They are a parameter, so that the tests can stop
// between any two of them.
import { constants } from "node:fs";
import { link, open, readdir, readFile, rename, unlink } from "node:fs/promises";

export interface DurableFiles {
  /** Makes a file that must not exist, readable by its owner only, and resolves when its content is on disk. */
  writeNew(path: string, text: string): Promise<void>;
  /** Gives a file a second name; fails with EEXIST when the name is taken. Atomic. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  read(path: string): Promise<string>;
  list(directory: string): Promise<readonly string[]>;
  /** Resolves when the directory's names are on disk. */
  syncDirectory(directory: string): Promise<void>;
}

export const durableFiles: DurableFiles = {
  async writeNew(path, text) {
    const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  link,
  rename,
  unlink,
  read: (path) => readFile(path, "utf8"),
  list: (directory) => readdir(directory),
  async syncDirectory(directory) {
    const handle = await open(directory, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
