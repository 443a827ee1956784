import { basename } from "node:path";
import type { CrashPoint } from "./crashPoints.ts";
import type { FileSystem, OpenFile } from "./fileSystem.ts";

/** Files of the log and of the guard whose writes reach crash points. */
export function crashingFiles(files: FileSystem, crash: CrashPoint): FileSystem {
  return {
    ...files,
    open(path, flags) {
      const part = basename(path).startsWith("signer-guard") ? "guard" : "wal";
      const file = files.open(path, flags);
      if (flags === "wx+" && part === "wal") crash.reached("wal.created");
      return crashingFile(file, part, crash);
    },
    rename(from, to) {
      crash.reached("guard.replace");
      files.rename(from, to);
      crash.reached("guard.replaced");
    },
  };
}

function crashingFile(file: OpenFile, part: "wal" | "guard", crash: CrashPoint): OpenFile {
  return {
    path: file.path,
    write(bytes, position) {
      crash.reached(`${part}.write`);
      crash.reached(`${part}.torn`, () => file.write(bytes.subarray(0, bytes.length >> 1), position));
      file.write(bytes, position);
      crash.reached(`${part}.written`);
    },
    async sync() {
      await file.sync();
      crash.reached(`${part}.synced`);
    },
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}
