// `npm run simulate`: scenario after scenario, seed after seed, until the time is over or something does not hold.
import { parseArgs } from "node:util";
import type { Scenario } from "./scenarios/scenario.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { SimulationFailure } from "./simulationFailure.ts";

const usage = `npm run simulate -- [--seed S] [--minutes M | --seeds COUNT] [--scenario NAME] [--validators N] [--driver] [--json]
  --seed        first seed (0)
  --minutes     how long, new seeds all the time (1)
  --seeds       instead: how many seeds of each scenario
  --scenario    one of: all, ${[...scenarios.keys()].join(", ")}
  --validators  4 to 31; 4, 5, 7 and 10 in turn when absent
  --driver      the node's own driver on simulated disks, instead of the bare core
  --json        totals as one line of JSON`;

const progressMs = 10_000;
const sizes = [4, 4, 4, 5, 7, 4, 4, 10];

function refuse(sentence: string): never {
  process.stderr.write(`simulate: ${sentence}\n${usage}\n`);
  process.exit(2);
}

function numberOf(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isFine = text.trim() !== "" && Number.isFinite(value) && value >= min && value <= max;
  return isFine ? value : refuse(`--${name} must be a number from ${min} to ${max}, not "${text}"`);
}

function parsed() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      options: {
        seed: text,
        seeds: text,
        minutes: text,
        scenario: text,
        validators: text,
        driver: flag,
        json: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const given = parsed();
if (given.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const firstSeed = Math.floor(numberOf("seed", given.seed, 0, 2 ** 52) ?? 0);
const seedsMax = numberOf("seeds", given.seeds, 1, 2 ** 52);
const minutes = numberOf("minutes", given.minutes, 0, 1e6) ?? 1;
const fixedSize = numberOf("validators", given.validators, 4, 31);
const only = given.scenario === undefined || given.scenario === "all" ? undefined : scenarios.get(given.scenario);
if (given.scenario !== undefined && given.scenario !== "all" && only === undefined) {
  refuse(`there is no scenario "${given.scenario}"`);
}
const chosen: readonly Scenario[] = only === undefined ? [...scenarios.values()] : [only];

const started = performance.now();
const byScenario = new Map<string, { runs: number; views: number }>();
let [views, runs, reportedAt] = [0, 0, started];
let seed = firstSeed;

const seconds = (): number => (performance.now() - started) / 1_000;
const totals = (failed: boolean) => ({
  failed,
  firstSeed,
  lastSeed: seed,
  runs,
  views,
  seconds: Math.round(seconds()),
  viewsPerSecond: Math.round(views / seconds()),
  runsPerSecond: Number((runs / seconds()).toFixed(2)),
  scenarios: Object.fromEntries(byScenario),
});

function report(failed: boolean): void {
  const all = totals(failed);
  if (given.json) process.stdout.write(`${JSON.stringify(all)}\n`);
  else {
    const rate = `${all.viewsPerSecond} views and ${all.runsPerSecond} seeds a second`;
    process.stdout.write(
      `${all.views} views in ${all.runs} runs, seeds ${firstSeed} to ${seed}, ${all.seconds} s: ${rate}\n`,
    );
  }
}

async function runOne(scenario: Scenario, validators: number): Promise<void> {
  try {
    const cluster = await scenario.run({ seed, validators, ...(given.driver ? { driver: true } : {}) });
    const total = byScenario.get(scenario.name) ?? { runs: 0, views: 0 };
    byScenario.set(scenario.name, { runs: total.runs + 1, views: total.views + cluster.views });
    views += cluster.views;
    runs++;
  } catch (error) {
    report(true);
    const timeline = error instanceof SimulationFailure ? error.timeline.join("\n  ") : String((error as Error).stack);
    const reason = error instanceof SimulationFailure ? error.violations.join("; ") : String(error);
    const replay = `npm run simulate -- --seed ${seed} --seeds 1 --scenario ${scenario.name} --validators ${validators}${given.driver ? " --driver" : ""}`;
    process.stdout.write(`\nFAILED ${scenario.name}, seed ${seed}: ${reason}\n  ${timeline}\n\nreplay: ${replay}\n`);
    process.exit(1);
  }
}

const isOver = (): boolean => (seedsMax === undefined ? seconds() >= minutes * 60 : seed >= firstSeed + seedsMax);
while (!isOver()) {
  for (const scenario of chosen) {
    await runOne(scenario, fixedSize ?? (sizes[seed % sizes.length] as number));
    if (performance.now() - reportedAt > progressMs && !given.json) {
      reportedAt = performance.now();
      process.stdout.write(`${views} views, ${runs} runs, seed ${seed}, ${seconds().toFixed(0)} s\n`);
    }
  }
  seed++;
}
report(false);
