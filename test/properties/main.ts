// `npm run properties`: run after run, from one seed on, until enough calls are made or a property is broken.
import { parseArgs } from "node:util";
import { network } from "hardhat";
import { CROWD_NETWORK } from "./crowdChain.ts";
import { Runs } from "./run.ts";
import { Tally } from "./tally.ts";

const usage = `npm run properties -- [--seed S] [--calls N]
  --seed   of the first run; each further run takes the next one (chosen by the clock, and printed)
  --calls  how many calls at least (1000000)`;
const progressMs = 10_000;

function refuse(sentence: string): never {
  process.stderr.write(`properties: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function parsed() {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ options: { seed: text, calls: text, help: { type: "boolean" } } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, given: string | undefined, otherwise: number, max: number): number {
  const value = Number(given ?? otherwise);
  const isFine = given?.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= max;
  return isFine ? value : refuse(`--${name} must be a whole number up to ${max}, not "${given}"`);
}

const given = parsed();
if (given.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const first = wholeNumber("seed", given.seed, Date.now() % 2 ** 31, 2 ** 31 - 1);
const calls = wholeNumber("calls", given.calls, 1_000_000, 10 ** 12);

process.stdout.write(`seed ${first}, ${calls} calls\n`);
const runs = await Runs.begin((await network.create(CROWD_NETWORK)) as never);
const tally = new Tally();
const started = Date.now();
let shown = started;
let seed = first;
for (; tally.calls < calls; seed++) {
  try {
    await runs.run(seed, tally);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write(`\nreplay: npm run properties -- --seed ${seed} --calls 1\n`);
    process.exit(1);
  }
  if (Date.now() - shown < progressMs) continue;
  shown = Date.now();
  process.stdout.write(`${tally.calls} calls, seed ${seed}\n`);
}
const seconds = (Date.now() - started) / 1_000;
process.stdout.write(`${tally}\n`);
process.stdout.write(
  `${seed - first} runs from seed ${first} in ${seconds.toFixed(0)} s, ${Math.round(tally.calls / seconds)} calls per second: every property held\n`,
);
