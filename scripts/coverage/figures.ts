// What the tests reached of the contracts: Hardhat's hits, counted by lines, statements and outcomes of conditions.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addStatementCoverageInstrumentation, latestSupportedSolidityVersion } from "@nomicfoundation/edr";
import { type Condition, linesOf, OUTCOMES } from "./conditions.ts";

export interface Share {
  readonly covered: number;
  readonly all: number;
}

export interface FileFigures {
  readonly file: string;
  readonly lines: Share;
  readonly statements: Share;
  /** Two of each condition: true and false. */
  readonly branches: Share;
  readonly linesMissed: readonly number[];
  readonly missed: readonly MissedOutcome[];
}

export interface MissedOutcome {
  readonly condition: Condition;
  readonly outcome: boolean;
}

/** Marks of the statements that were reached, as Hardhat's test workers left them behind. */
function hits(copy: string): ReadonlySet<string> {
  const folder = join(copy, "coverage/data");
  const files = readdirSync(folder, { recursive: true }).map(String);
  const found = files
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8"))));
  return new Set(found);
}

/** Lines by file, with whether they were reached, from Hardhat's report. */
function reachedLines(copy: string): ReadonlyMap<string, ReadonlyMap<number, boolean>> {
  const found = new Map<string, Map<number, boolean>>();
  let lines = new Map<number, boolean>();
  for (const entry of readFileSync(join(copy, "coverage/lcov.info"), "utf8").split("\n")) {
    const file = /^SF:(.*)$/.exec(entry)?.[1];
    if (file !== undefined) {
      lines = new Map();
      found.set(file, lines);
    }
    const [, line, count] = /^DA:(\d+),(\d+)$/.exec(entry) ?? [];
    if (line !== undefined) lines.set(Number(line), count !== "0");
  }
  return found;
}

/** Statements of a file by Hardhat's own marks, which follow from its text and the name that Hardhat gives it. */
function statementsOf(copy: string, file: string, reached: ReadonlySet<string>): Share {
  const source = readFileSync(join(copy, file), "utf8");
  const name = `project/${file}`;
  const { metadata } = addStatementCoverageInstrumentation(source, name, latestSupportedSolidityVersion());
  const covered = metadata.filter(({ tag }) => reached.has(Buffer.from(tag).toString("hex")));
  return { covered: covered.length, all: metadata.length };
}

/** @param copy The tree with the instrumented contracts, after its tests have run. */
export function figuresOf(
  copy: string,
  files: readonly string[],
  conditions: readonly Condition[],
): readonly FileFigures[] {
  const reached = hits(copy);
  const byFile = reachedLines(copy);
  const outcomes = byFile.get(`contracts/${OUTCOMES}.sol`) ?? new Map<number, boolean>();
  const missedOf = (condition: Condition, index: number): readonly MissedOutcome[] => {
    const [whenTrue, whenFalse] = linesOf(index);
    const isMissed = (line: number): boolean => outcomes.get(line) !== true;
    return [
      ...(isMissed(whenTrue) ? [{ condition, outcome: true }] : []),
      ...(isMissed(whenFalse) ? [{ condition, outcome: false }] : []),
    ];
  };
  const missed = conditions.flatMap(missedOf);
  return files.map((file) => {
    const lines = [...(byFile.get(file) ?? [])];
    const own = missed.filter(({ condition }) => condition.file === file);
    const all = 2 * conditions.filter((condition) => condition.file === file).length;
    return {
      file,
      lines: { covered: lines.filter(([, isReached]) => isReached).length, all: lines.length },
      statements: statementsOf(copy, file, reached),
      branches: { covered: all - own.length, all },
      linesMissed: lines.filter(([, isReached]) => !isReached).map(([line]) => line),
      missed: own,
    };
  });
}
