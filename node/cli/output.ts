// How commands speak: tables for people, one JSON document for programs (--json). Results go to stdout, notices and
// errors to stderr, so that output can be piped.

export interface OutputOptions {
  readonly json?: boolean | undefined;
}

/** Rows as aligned columns; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/** Facts of one thing, a line each: "address  0x…". */
export function facts(entries: Readonly<Record<string, string | number>>): string {
  return table(Object.entries(entries).map(([name, value]) => [name, String(value)]));
}

/** JSON text; a bigint, which JSON does not know, becomes a string of its digits. */
export function jsonOf(value: unknown, indent: number): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? inner.toString() : inner), indent);
}

/** Prints `value` as JSON, or what `render` makes of it. */
export function print<T>(options: OutputOptions, value: T, render: (value: T) => string): void {
  process.stdout.write(`${options.json === true ? jsonOf(value, 2) : render(value)}\n`);
}

/** A line for the person at the terminal; nothing when a program reads. */
export function notice(options: OutputOptions, text: string): void {
  if (options.json !== true) process.stderr.write(`${text}\n`);
}
