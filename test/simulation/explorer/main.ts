// `npm run explore`: says how far the exploration came and what it saw.
import { parseArgs } from "node:util";
import { explore } from "./explore.ts";

const usage = "npm run explore -- [--views 1] [--liars 1|2] [--restarts 0] [--states 1000000]";

function refuse(sentence: string): never {
  process.stderr.write(`explore: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  const isFine = Number.isInteger(value) && value >= min && value <= max;
  return isFine ? value : refuse(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

function parsed() {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  try {
    const options = { views: text("1"), liars: text("1"), restarts: text("0"), states: text("1000000") };
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const given = parsed();
const liars = wholeNumber("liars", given.liars, 1, 2);
const started = performance.now();
const result = explore({
  views: wholeNumber("views", given.views, 1, 10),
  liars: liars === 1 ? [1] : [1, 0],
  restarts: wholeNumber("restarts", given.restarts, 0, 3),
  statesMax: wholeNumber("states", given.states, 1, 16_000_000),
});
const seconds = (performance.now() - started) / 1_000;
const { states, steps, localStates, exhausted, forks, unpunished, violations } = result;
process.stdout.write(
  `${states} states of the network, ${localStates} of single validators, ${steps} steps, ${seconds.toFixed(0)} s: `,
);
process.stdout.write(exhausted ? "all there are within the bound\n" : "not all there are: raise --states for more\n");
process.stdout.write(
  `${forks} states with a fork, ${unpunished} of them with a third of the validators convicted or fewer\n`,
);
for (const violation of violations) process.stdout.write(`VIOLATED: ${violation}\n`);
process.exitCode = violations.length > 0 || unpunished > 0 ? 1 : 0;
