// A disk of bytes that forgets what was not synced, in the ways that real ones do: after a crash any prefix of the
// writes since the last sync may be there, the last of them torn, and of a folder's entries created, renamed or removed
// since it was synced any may be there or not. It can also be full, failing, slow, or rot.
import { basename, dirname } from "node:path";
import type { FileSystem, OpenFile } from "../../node/storage/fileSystem.ts";
import type { Random } from "./random.ts";

interface StoredFile {
  data: Buffer;
  /** What a crash leaves at least. */
  durable: Buffer;
  /** Written since, in order. */
  pending: { readonly position: number; readonly bytes: Uint8Array }[];
}

/** A change of a folder that no sync has made durable yet. */
interface EntryChange {
  readonly folder: string;
  readonly removed: string | undefined;
  readonly added: { readonly path: string; readonly file: StoredFile } | undefined;
}

function written(data: Buffer, position: number, bytes: Uint8Array): Buffer {
  const end = Math.max(data.length, position + bytes.length);
  const next = Buffer.alloc(end);
  next.set(data);
  next.set(bytes, position);
  return next;
}

function apply(entries: Map<string, StoredFile>, { removed, added }: EntryChange): void {
  if (removed !== undefined) entries.delete(removed);
  if (added !== undefined) entries.set(added.path, added.file);
}

class DiskFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`${code}: the simulated disk`);
    this.code = code;
  }
}

export class SimulatedFiles implements FileSystem {
  #files = new Map<string, StoredFile>();
  /** The folders' entries as a crash leaves them at least, and what was changed since. */
  #durableEntries = new Map<string, StoredFile>();
  #changes: EntryChange[] = [];
  readonly #random: Random;
  /** Waits for virtual time; set anew in each life of the node. */
  wait: (durationMs: number) => Promise<void> = () => Promise.resolve();
  /** Told of every change before it is made; what it throws stands for the end of the process. */
  onChange: () => void = () => undefined;
  syncMsMax: number;
  /** Every write fails for want of room. */
  isFull = false;
  /** Chance that a sync fails: after it nothing is certain. */
  syncFailure = 0;

  constructor(random: Random, syncMsMax: number) {
    this.#random = random;
    this.syncMsMax = syncMsMax;
  }

  #file(path: string): StoredFile {
    const file = this.#files.get(path);
    if (file === undefined) throw new DiskFault("ENOENT");
    return file;
  }

  #change(change: EntryChange): void {
    this.onChange();
    this.#changes.push(change);
    apply(this.#files, change);
  }

  open(path: string, flags: "r+" | "wx+"): OpenFile {
    if (flags === "wx+") {
      if (this.isFull) throw new DiskFault("ENOSPC");
      if (this.#files.has(path)) throw new DiskFault("EEXIST");
      const made = { data: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
      this.#change({ folder: dirname(path), removed: undefined, added: { path, file: made } });
    }
    const file = this.#file(path);
    return {
      path,
      write: (bytes, position) => {
        this.onChange();
        if (this.isFull) throw new DiskFault("ENOSPC");
        const copy = Uint8Array.from(bytes);
        file.data = written(file.data, position, copy);
        file.pending.push({ position, bytes: copy });
      },
      sync: async () => {
        this.onChange();
        const count = file.pending.length;
        const { data } = file;
        await this.wait(this.#random.between(0, this.syncMsMax));
        if (this.#random.chance(this.syncFailure)) throw new DiskFault("EIO");
        file.durable = data;
        file.pending = file.pending.slice(count);
      },
      truncate: (length) => {
        this.onChange();
        file.data = file.data.subarray(0, length);
        file.durable = file.data;
        file.pending = [];
      },
      close: () => undefined,
    };
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  read(path: string): Buffer {
    return Buffer.from(this.#file(path).data);
  }

  list(folder: string): readonly string[] {
    return [...this.#files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }

  makeFolder(): void {}

  rename(from: string, to: string): void {
    this.#change({ folder: dirname(to), removed: from, added: { path: to, file: this.#file(from) } });
  }

  remove(path: string): void {
    this.#change({ folder: dirname(path), removed: path, added: undefined });
  }

  syncFolder(folder: string): void {
    this.onChange();
    for (const change of this.#changes) if (change.folder === folder) apply(this.#durableEntries, change);
    this.#changes = this.#changes.filter((change) => change.folder !== folder);
  }

  /** The machine loses power. */
  crash(): void {
    for (const change of this.#changes) if (this.#random.chance(0.5)) apply(this.#durableEntries, change);
    this.#changes = [];
    this.#files = new Map(this.#durableEntries);
    for (const file of this.#files.values()) {
      let { durable } = file;
      const survivors = this.#random.below(file.pending.length + 1);
      for (const { position, bytes } of file.pending.slice(0, survivors)) durable = written(durable, position, bytes);
      const torn = file.pending[survivors];
      if (torn !== undefined && this.#random.chance(0.5)) {
        durable = written(durable, torn.position, torn.bytes.subarray(0, this.#random.below(torn.bytes.length)));
      }
      file.data = durable;
      file.durable = durable;
      file.pending = [];
    }
  }

  /** Removes everything under a path. */
  wipe(under: string): void {
    for (const path of [...this.#files.keys()]) if (path.startsWith(under)) this.remove(path);
    this.syncFolder(dirname(under));
    this.syncFolder(under);
  }

  /** Flips one bit of a file under the path; `false` when there is none. */
  rot(under: string, at: number): boolean {
    const found = [...this.#files].find(([path, { data }]) => path.startsWith(under) && data.length > 0);
    if (found === undefined) return false;
    const data = Buffer.from(found[1].data);
    const place = Math.floor(at * data.length);
    data[place] = (data[place] as number) ^ (1 << this.#random.below(8));
    found[1].data = data;
    found[1].durable = data;
    return true;
  }

  backup(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#files].map(([path, { durable }]) => [path, durable]));
  }

  restore(backup: ReadonlyMap<string, Buffer>, under: string): void {
    this.wipe(under);
    for (const [path, data] of backup) {
      if (!path.startsWith(under)) continue;
      this.#files.set(path, { data, durable: data, pending: [] });
      this.#durableEntries.set(path, this.#file(path));
    }
  }
}
