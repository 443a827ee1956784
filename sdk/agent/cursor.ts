import { readFile, rename, writeFile } from "node:fs/promises";

/**
 * Remembers from which block on an agent has to look after a restart. It is only a saving: the chain and the sign lock
 * hold all that matters, so a lost or old cursor makes the agent look at more, and nothing is synced to disk.
 */
export interface Cursor {
  load(): Promise<bigint | undefined>;
  save(block: bigint): Promise<void>;
}

export function fileCursor(path: string | undefined): Cursor {
  let saved: bigint | undefined;
  return {
    async load() {
      const text = path === undefined ? "" : await readFile(path, "utf8").catch(() => "");
      return /^\d{1,18}\n$/.test(text) ? BigInt(text.trim()) : undefined;
    },
    async save(block) {
      if (path === undefined || block === saved) return;
      saved = block;
      const draft = `${path}.${process.pid}.tmp`;
      await writeFile(draft, `${block}\n`);
      await rename(draft, path);
    },
  };
}
