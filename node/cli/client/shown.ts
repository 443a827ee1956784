// What a verb has to show, once as data and once for people: `--json` prints the first, a terminal gets the second.
// Both come from the same record, so that a table never says anything else than the JSON.
import { facts, jsonOf, notice, type OutputOptions, table } from "../output.ts";

export type Cell = string | number | bigint | boolean | undefined | null | readonly Cell[];
export type Row = Readonly<Record<string, unknown>>;

export interface Shown {
  /** Printed by `--json`: amounts are credits in decimal, bigints strings of digits, times ISO 8601. */
  readonly value: unknown;
  text(): string;
}

/** Which fields of a row are columns, and their headings. */
export type Columns<T extends Row> = Readonly<Partial<Record<keyof T & string, string>>>;

const cell = (value: unknown): string => {
  if (value === undefined || value === null || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(cell).join(", ");
  return typeof value === "object" ? jsonOf(value, 0) : String(value);
};

/** Rows as a table; `none` is the sentence when there are none. */
export function rowsText<T extends Row>(rows: readonly T[], columns: Columns<T>, none: string): string {
  if (rows.length === 0) return none;
  const shown = Object.entries(columns) as [string, string][];
  return table([shown.map(([, heading]) => heading), ...rows.map((row) => shown.map(([key]) => cell(row[key])))]);
}

/** A record's fields, a line each; fields that are lists of records are left to sections of their own. */
export const recordText = (record: Row): string =>
  facts(
    Object.fromEntries(
      Object.entries(record)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, cell(value)]),
    ),
  );

export const list = <T extends Row>(rows: readonly T[], columns: Columns<T>, none: string): Shown => ({
  value: rows,
  text: () => rowsText(rows, columns, none),
});

export const record = (value: Row): Shown => ({ value, text: () => recordText(value) });

/** A value whose parts are shown one below the other. */
export const sections = (value: unknown, parts: readonly string[]): Shown => ({
  value,
  text: () => parts.join("\n\n"),
});

/** How often a person is told that something is still awaited. */
const stillWaitingMs = 5_000;

/** Tells the person at the terminal what is being done, and now and then that it takes its time. */
export async function progress<T>(flags: OutputOptions, doing: string, work: Promise<T>): Promise<T> {
  const start = Date.now();
  notice(flags, `${doing} ...`);
  const timer = setInterval(
    () => notice(flags, `${doing}: waiting for the network since ${Math.round((Date.now() - start) / 1000)} s ...`),
    stillWaitingMs,
  );
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
