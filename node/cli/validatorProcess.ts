// A validator as a child process: `allot start` with a channel to its parent. The child stops when the parent ends,
// however it ends, so that no process is left behind.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { validatorStopMs } from "../config/limits.ts";
import { flagOf, optionNames } from "../config/options.ts";
import type { Address } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import type { NodeFlags } from "./loadNode.ts";

/** What the child says once it has replayed its log and listens. */
export interface ReadyMessage {
  readonly kind: "ready";
  readonly address: Address;
  readonly rpcUrl: string | undefined;
  readonly multiaddrs: readonly string[];
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ValidatorProcess {
  readonly pid: number;
  /** Rejects with VALIDATOR_DID_NOT_START when the process ends before it is ready. */
  readonly ready: Promise<ReadyMessage>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<ExitStatus>;
  /** Asks it to stop, and waits; kills it when it does not stop within `validatorStopMs`. */
  stop(): Promise<ExitStatus>;
  /** SIGKILL. */
  kill(): Promise<ExitStatus>;
}

const program = fileURLToPath(new URL("allot.ts", import.meta.url));

/** Last line that the process itself wrote for people. */
function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  const own = lines.findLast((line) => line.startsWith("allot: "));
  return own?.slice("allot: ".length) ?? `see ${logFile}`;
}

function untilExit(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
}

/**
 * Starts the validator of `directory`.
 * @param flags options that win over its config.json
 * @param logFile gets what the process prints, appended
 */
export function startValidatorProcess(directory: string, flags: NodeFlags, logFile: string): ValidatorProcess {
  const given = optionNames.flatMap((name) => (flags[name] === undefined ? [] : [flagOf(name), flags[name]]));
  const log = openSync(logFile, "a");
  // Detached: Ctrl-C in the terminal reaches only the parent, which stops its children in its own order.
  const child = spawn(process.execPath, [program, "start", "--dir", directory, ...given], {
    stdio: ["ignore", log, log, "ipc"],
    detached: true,
  });
  closeSync(log);
  const exited = untilExit(child);
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    child.on("message", (message: ReadyMessage) => {
      if (message.kind === "ready") resolve(message);
    });
    void exited.then(({ code, signal }) => {
      const facts = { directory, code, signal, logFile };
      reject(
        new AllotError(
          "VALIDATOR_DID_NOT_START",
          facts,
          `the validator of ${directory} did not start: ${lastWords(logFile)}`,
        ),
      );
    });
  });
  // Whoever does not wait for `ready` learns of the end by `exited`.
  ready.catch(() => undefined);
  const kill = (): Promise<ExitStatus> => {
    child.kill("SIGKILL");
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    kill,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), validatorStopMs);
      const status = await exited;
      clearTimeout(timer);
      return status;
    },
  };
}
