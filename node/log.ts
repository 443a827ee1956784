// Structured logs. JSON lines on stdout for machines, one readable line each for people. Hot paths log at most at
// debug level and behind `isLevelEnabled`.
import { pino } from "pino";
import type { NodeOptions } from "./nodeOptions.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the parts of the node need of a logger. */
export interface Log {
  trace(fields: Fields, message: string): void;
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  isLevelEnabled(level: string): boolean;
  child(fields: Fields): Log;
}

export const silentLog: Log = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  isLevelEnabled: () => false,
  child: () => silentLog,
};

/** `12:03:11 warn  network: disconnected peer=validator-2` */
function prettyLine(line: string): string {
  const { time, level, msg, part, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(String(time)).toISOString().slice(11, 23);
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${clock} ${String(level).padEnd(5)} ${part === undefined ? "" : `${part}: `}${msg} ${rest.join(" ")}`.trimEnd();
}

export function createLog(options: NodeOptions["log"]): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (options.format === "json") return pino(settings);
  return pino(settings, { write: (line: string) => void process.stdout.write(`${prettyLine(line)}\n`) });
}
