// `npm run mutate`: breaks the contracts in many places, one at a time, and shows that the tests notice. Works on a
// copy; the tree itself is never written to.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import hardhatConfig from "../hardhat.config.ts";
import { type CompilerSettings, contractFiles, contractsByFile, parse } from "./mutate/contractSources.ts";
import { MUTATION_KINDS, type Mutant, mutantsOf } from "./mutate/mutants.ts";
import { asMutant, propertyBreaks } from "./mutate/propertyBreaks.ts";
import { type Outcome, Workshop } from "./mutate/workshop.ts";

const usage = `npm run mutate -- [--seed S] [--count N] [--only TEXT] [--properties] [--list] [--out FILE]
  --seed        which of all places, and in which order (1)
  --count       how many places, those that do not compile not counted (72)
  --only        only places whose description contains the text
  --properties  instead: break what each property stands on, and let random calls find it
  --list        show the places instead of breaking them
  --out         also append each result to this file, one line of JSON each`;
const root = fileURLToPath(new URL("..", import.meta.url));

function refuse(sentence: string): never {
  process.stderr.write(`mutate: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function parsed() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      options: { seed: text, count: text, only: text, out: text, properties: flag, list: flag, help: flag },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, given: string | undefined, otherwise: number): number {
  const value = Number(given ?? otherwise);
  const isFine = Number.isInteger(value) && value >= 0 && value < 2 ** 31;
  return isFine ? value : refuse(`--${name} must be a whole number below 2^31, not "${given}"`);
}

/** Deterministic numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
const described = ({ file, line, where, kind, before, after }: Mutant): string =>
  `${file}:${line} ${where} ${kind}: \`${oneLine(before)}\` → \`${oneLine(after)}\``;

/** All places, in an order that takes the kinds in turn. */
function places(seed: number): readonly Mutant[] {
  const deployed = contractsByFile(root);
  const random = randomFrom(seed);
  const all = contractFiles(root)
    .filter((file) => deployed.has(file))
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, file)), parse(root, file)));
  const byKind = MUTATION_KINDS.map((kind) =>
    shuffled(
      all.filter((mutant) => mutant.kind === kind),
      random,
    ),
  );
  const most = Math.max(...byKind.map(({ length }) => length));
  return Array.from({ length: most }, (_, i) => byKind.flatMap((list) => list[i] ?? [])).flat();
}

/** What the properties stand on. */
function foundations(): readonly Mutant[] {
  return propertyBreaks.map((broken) => {
    const mutant = asMutant(root, broken);
    return mutant ?? refuse(`${broken.file} no longer has, once, \`${broken.find}\`: mend propertyBreaks.ts`);
  });
}

function settingsOf(file: string): CompilerSettings {
  const { solidity } = hardhatConfig as unknown as {
    solidity: {
      compilers: readonly { settings: CompilerSettings }[];
      overrides: Readonly<Record<string, { settings: CompilerSettings }>>;
    };
  };
  return solidity.overrides[file]?.settings ?? solidity.compilers[0]?.settings ?? {};
}

const given = parsed();
if (given.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const seed = wholeNumber("seed", given.seed, 1);
const count = wholeNumber("count", given.count, 72);
const chosen = (given.properties ? foundations() : places(seed)).filter((mutant) =>
  described(mutant).includes(given.only ?? ""),
);
if (chosen.length === 0) refuse(`no place's description contains "${given.only}"`);
process.stdout.write(`seed ${seed}: ${chosen.length} places, ${Math.min(count, chosen.length)} to be broken\n`);
if (given.list) {
  for (const mutant of chosen) process.stdout.write(`${described(mutant)}\n`);
  process.exit(0);
}

const survivors: Mutant[] = [];
const totals: Record<Outcome["result"], number> = { killed: 0, survived: 0, stillborn: 0 };
const workshop = new Workshop(root, settingsOf);
process.once("exit", () => workshop.remove());
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
for (const mutant of chosen) {
  if (totals.killed + totals.survived >= count) break;
  const started = Date.now();
  const outcome = await workshop.judge(mutant, given.properties ? "properties" : "tests");
  totals[outcome.result] += 1;
  if (outcome.result === "survived") survivors.push(mutant);
  if (given.out !== undefined) appendFileSync(given.out, `${JSON.stringify({ ...mutant, ...outcome })}\n`);
  if (outcome.result === "stillborn") continue;
  const by = outcome.result === "killed" ? `\n           by: ${outcome.by}` : "";
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`${outcome.result.padEnd(9)} ${String(seconds).padStart(4)} s  ${described(mutant)}${by}\n`);
}
process.stdout.write(`\n${survivors.length} survived:\n`);
for (const mutant of survivors) process.stdout.write(`  ${described(mutant)}\n`);
process.stdout.write(
  `${totals.killed} killed, ${totals.survived} survived, ${totals.stillborn} without effect or not compiling (seed ${seed})\n`,
);
