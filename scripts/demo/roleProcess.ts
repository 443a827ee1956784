// A participant as a process of its own. It ends when its parent does, however that happens.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AllotError } from "../../node/types/errors.ts";
import type { RoleConfig, RoleMessage } from "./roleConfig.ts";

export interface RoleProcess {
  readonly name: string;
  readonly logFile: string;
  readonly ready: Promise<void>;
  /** Resolves when the participant has nothing left to do. */
  readonly done: Promise<void>;
  /** Resolves with the reason when the process ends by itself. */
  readonly failed: Promise<AllotError>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("role.ts", import.meta.url));
const stopMs = 3_000;

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trim().split("\n");
  return lines.findLast((line) => /^\w*Error|^allot:/.test(line)) ?? lines.at(-1) ?? "";
}

/** Starts a participant; its keys and log stay in its own folder. */
export function startRole(config: RoleConfig, onMessage: (message: RoleMessage) => void): RoleProcess {
  mkdirSync(config.directory, { recursive: true });
  const configFile = join(config.directory, "role.json");
  writeFileSync(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
  const logFile = join(config.directory, "log.txt");
  const log = openSync(logFile, "a");
  // Detached: Ctrl-C reaches only the parent, which stops everybody in its own order.
  const child = spawn(process.execPath, [program, configFile], { stdio: ["ignore", log, log, "ipc"], detached: true });
  closeSync(log);
  let stopping = false;
  let isReady = (): void => undefined;
  let isDone = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  child.on("message", (message: RoleMessage) => {
    if (message.kind === "ready") isReady();
    if (message.kind === "done") isDone();
    onMessage(message);
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const failed = new Promise<AllotError>((resolve) => {
    child.once("exit", (code, signal) => {
      if (stopping) return;
      const facts = { name: config.name, code, signal, logFile };
      const text = `${config.name} ended by itself: ${lastWords(logFile)} (${logFile})`;
      resolve(new AllotError("PARTICIPANT_ENDED", facts, text));
    });
  });
  return {
    name: config.name,
    logFile,
    ready,
    done,
    failed,
    async stop() {
      if (stopping) return exited;
      stopping = true;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
