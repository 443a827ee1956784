// `npm run model`: explores the model of the protocol to the end, or to the bound, and says what it saw.
import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { type Comparison, replayWalks, walkCores } from "./conformance.ts";
import { describeMove, describeVotes, movesAlong } from "./counterexample.ts";
import { ModelLayout } from "./modelLayout.ts";
import { defaultModelOptions, type ModelOptions, type ModelRule, modelRules } from "./modelOptions.ts";
import { modelViolations } from "./modelProperties.ts";
import { ModelSearch, type SearchFigures } from "./modelSearch.ts";

const usage = `npm run model -- [options]
  --validators N   in the network (4)
  --liars N        of them; a third or more fork the chain, and are then convicted (1)
  --views N        nobody votes above this view (2)
  --variants N     different blocks in one view (2)
  --restarts N     of each honest validator (0)
  --losses N       validators that lose log and guard, once each (0)
  --leaders WHO    liars: any proposals at all in every view; or places of the liars in the rotation, as in 1 or 0,1 (liars)
  --lies HOW       everything: liars have signed every vote; on-demand: only what completed a certificate, so that it is
                   known what convicts them (everything up to a third of liars, otherwise on-demand)
  --without RULES  rules to leave out, separated by commas
  --progress       look from each state whether the chain can go on
  --no-symmetry    also look at states that differ only in names
  --no-settling    also at states that differ only in who said what in views that are over for him
  --states N       how many at most (4000000)
  --traces N       instead of exploring, hold model and core against each other: N traces of the model followed by real
                   cores, N runs of real cores followed by the model, from --seed (1) on
  --rules          list the rules that can be left out`;
const reportMs = 10_000;
const mebibyte = 2 ** 20;
const differencesShownMax = 3;

function refuse(sentence: string): never {
  process.stderr.write(`model: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function parsed() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const numbers = { validators: text, liars: text, views: text, variants: text, restarts: text, losses: text };
  const others = {
    leaders: text,
    lies: text,
    without: text,
    states: text,
    progress: flag,
    help: flag,
    rules: flag,
    settling: flag,
    traces: text,
    seed: text,
  };
  try {
    return parseArgs({ options: { ...numbers, ...others, symmetry: flag }, allowNegative: true }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const started = performance.now();
const given = parsed();

function wholeNumber(
  name: "validators" | "liars" | "views" | "variants" | "restarts" | "losses" | "states" | "traces" | "seed",
): number {
  const [min, max, otherwise] = ranges[name];
  const text = given[name];
  const value = Number(text ?? otherwise);
  if (text?.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

const ranges = {
  validators: [1, 10, 4],
  liars: [0, 4, 1],
  views: [1, 10, 2],
  variants: [1, 3, 2],
  restarts: [0, 3, 0],
  losses: [0, 4, 0],
  states: [1, 1_500_000_000, 4_000_000],
  traces: [1, 100_000_000, 1_000],
  seed: [0, 2 ** 31, 1],
} as const;

function rulesLeftOut(): ReadonlySet<ModelRule> {
  const names = (given.without ?? "").split(",").filter((name) => name !== "");
  const unknown = names.find((name) => !(name in modelRules));
  if (unknown !== undefined) refuse(`--without: there is no rule "${unknown}"; --rules lists them`);
  return new Set(names as ModelRule[]);
}

function leadersGiven(validators: number, liars: number): ModelOptions["leaders"] {
  if (given.leaders === undefined || given.leaders === "liars") return "liars";
  const liarsAt = given.leaders.split(",").map(Number);
  const isFine = liarsAt.every((place) => Number.isInteger(place) && place >= 0 && place < validators);
  if (isFine && new Set(liarsAt).size === liars && liarsAt.length === liars) return { liarsAt };
  return refuse(
    `--leaders must be "liars" or the ${liars} different places of the liars, each from 0 to ${validators - 1}`,
  );
}

function liesGiven(validators: number, liars: number): ModelOptions["lies"] {
  const otherwise = 3 * liars >= validators ? "on-demand" : "everything";
  const lies = given.lies ?? otherwise;
  return lies === "everything" || lies === "on-demand"
    ? lies
    : refuse(`--lies must be everything or on-demand, not "${lies}"`);
}

function optionsGiven(): ModelOptions {
  const validators = wholeNumber("validators");
  const liars = wholeNumber("liars");
  const leaders = leadersGiven(validators, liars);
  const options: ModelOptions = {
    ...defaultModelOptions,
    validators,
    liars,
    views: wholeNumber("views"),
    variants: wholeNumber("variants"),
    restarts: wholeNumber("restarts"),
    losses: wholeNumber("losses"),
    leaders,
    lies: liesGiven(validators, liars),
    without: rulesLeftOut(),
    symmetry: leaders === "liars" && given.symmetry !== false,
    settling: given.settling !== false,
  };
  const { tooLarge, quorum } = new ModelLayout(options);
  if (tooLarge !== undefined) refuse(tooLarge);
  if (liars >= quorum) refuse(`${liars} liars of ${validators} are a quorum by themselves: at most ${quorum - 1}`);
  return options;
}

const count = (value: number): string => value.toLocaleString("en-US");
const seconds = (): number => (performance.now() - started) / 1_000;

function progressLine({ states, steps, depth, frontier, bytes }: SearchFigures): string {
  const rate = Math.round(states / seconds());
  const memory = `${Math.round(bytes / mebibyte)} MiB`;
  return `${seconds().toFixed(0)} s: depth ${depth}, ${count(states)} states, ${count(rate)}/s, ${count(frontier)} to look at, ${count(steps)} steps, ${memory}`;
}

if (given.help === true) process.stdout.write(`${usage}\n`);
else if (given.rules === true) {
  for (const [name, sentence] of Object.entries(modelRules)) process.stdout.write(`${name.padEnd(24)}${sentence}\n`);
} else if (given.traces === undefined) run(optionsGiven());
else holdAgainstCore(optionsGiven());

function holdAgainstCore(options: ModelOptions): void {
  const seeds = { first: wholeNumber("seed"), count: wholeNumber("traces") };
  const show = (what: string, { steps, finalized, differences }: Comparison): void => {
    const figures = `${count(seeds.count)} from seed ${seeds.first}, ${count(steps)} steps, a block became final in ${count(finalized)}`;
    process.stdout.write(`${what}: ${figures}, ${differences.length} different\n`);
    for (const difference of differences.slice(0, differencesShownMax)) process.stdout.write(`${difference}\n`);
    if (differences.length > 0) process.exitCode = 1;
  };
  show("traces of the model followed by cores", replayWalks(seeds, { ...options, losses: 0 }));
  show("runs of cores followed by the model", walkCores(seeds, options));
  process.stdout.write(`${seconds().toFixed(0)} s\n`);
}

function run(options: ModelOptions): void {
  let shownMs = started;
  const report = (figures: SearchFigures): void => {
    if (performance.now() - shownMs < reportMs) return;
    shownMs = performance.now();
    process.stdout.write(`${progressLine(figures)}\n`);
  };
  const statesMax = wholeNumber("states");
  const checksProgress = given.progress === true;
  const search = new ModelSearch(options, { statesMax, keepsPaths: false, checksProgress, report });
  const result = search.run();
  process.stdout.write(`${progressLine(result)}\n`);
  process.stdout.write(
    result.exhausted
      ? "all there are within the bound\n"
      : result.violation === undefined
        ? "not all there are: raise --states for more\n"
        : "",
  );
  if (3 * options.liars >= options.validators) process.stdout.write(`${count(result.forks)} states with a fork\n`);
  if (checksProgress) process.stdout.write(`${count(result.progressing)} states seen to make progress\n`);
  const machine = `${availableParallelism()} processors, one used; ${Math.round(totalmem() / 2 ** 30)} GiB; node ${process.version}`;
  const cpuSeconds = (process.cpuUsage().user / 1e6).toFixed(0);
  process.stdout.write(
    `${cpuSeconds} s of processor time; ${search.layout.bits} bits a state, each stored exactly; ${machine}\n`,
  );
  if (result.violation === undefined) return;
  process.exitCode = 1;
  process.stdout.write(`\nVIOLATED: ${modelViolations[result.violation]}\n`);
  // The states on the way were not kept: they are found again, up to where it happened.
  const again = new ModelSearch(options, { statesMax: result.states + 1, keepsPaths: true, checksProgress }).run();
  const moves = movesAlong(search.layout, again.path);
  for (const [i, move] of moves.entries()) {
    process.stdout.write(`${String(i + 1).padStart(4)}. ${describeMove(search.layout, move)}\n`);
  }
  const last = moves.at(-1)?.state;
  if (last === undefined) return;
  for (const line of describeVotes(search.layout, last)) process.stdout.write(`      ${line}\n`);
}
