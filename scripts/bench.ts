// `npm run bench`: what the network does per second, how long finality takes, and what a transaction costs.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { reportFailure } from "../node/cli/exit.ts";
import { integerFlag } from "../node/cli/flags.ts";
import { table } from "../node/cli/output.ts";
import { AllotError } from "../node/types/errors.ts";
import type { LoadTransaction } from "./bench/load.ts";
import { type Latency, type Measurement, measure, measureOneAtATime } from "./bench/measure.ts";
import { type BenchNetwork, startBenchNetwork } from "./bench/network.ts";
import { makeAgents } from "./bench/population.ts";
import { profileRows } from "./bench/profile.ts";
import { approveMarket, bids, openTenders, posts, tendersFor, transfers } from "./bench/workloads.ts";

const workloads = ["transfer", "commitBid", "post"] as const;
type Workload = (typeof workloads)[number];

interface Flags {
  readonly seconds: number;
  readonly warmUp: number;
  readonly accounts: number;
  readonly inFlight: number;
  readonly batch: number;
  readonly rate: number;
  readonly oneAtATime: number;
  readonly only?: readonly Workload[];
  readonly json: string;
  readonly profile?: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** `rate`: the most per second that transactions are prepared for. */
const prepared = (flags: Flags): number => (flags.seconds + flags.warmUp) * flags.rate;

async function prepare(network: BenchNetwork, workload: Workload, count: number): Promise<readonly LoadTransaction[]> {
  switch (workload) {
    case "transfer":
      return transfers(network, network.accounts, count);
    case "commitBid":
      return bids(
        network,
        network.accounts,
        await openTenders(network, network.requester, network.evaluator, tendersFor(count)),
      );
    case "post":
      return posts(network, network.accounts, network.evaluator, count);
  }
}

async function requireEqualState(network: BenchNetwork): Promise<number> {
  const heights = await Promise.all(network.validators.map((one) => one.call("eth_blockNumber", [])));
  const height = heights.map(Number).reduce((least, one) => Math.min(least, one));
  const blocks = await Promise.all(
    network.validators.map((one) => one.call("eth_getBlockByNumber", [`0x${height.toString(16)}`, false])),
  );
  const roots = new Set(blocks.map((one) => (one as { stateRoot: string }).stateRoot));
  if (roots.size !== 1) throw new AllotError("STATE_DIFFERS", { height }, `the state roots at height ${height} differ`);
  return height;
}

async function run(flags: Flags): Promise<void> {
  const wanted = flags.only ?? workloads;
  const directory = mkdtempSync(join(tmpdir(), "allot-bench-"));
  if (flags.profile !== undefined) {
    mkdirSync(flags.profile, { recursive: true });
    process.env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${resolve(flags.profile)}`;
  }
  say(`Starting 4 validators with ${flags.accounts} accounts ...`);
  const network = await startBenchNetwork(directory, flags.accounts);
  const results: Measurement[] = [];
  let alone: (Latency & { samples: number }) | undefined;
  let height = 0;
  const interrupted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new AllotError("INTERRUPTED", {}, "interrupted"));
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    void network.devnet.failed.then(reject);
  });
  const work = async (): Promise<void> => {
    say("Registering, staking and attesting the agents ...");
    await makeAgents(network, network.accounts, network.attester);
    await approveMarket(network, [...network.accounts, network.requester]);
    say(`One transaction at a time, ${flags.oneAtATime} times ...`);
    alone = await measureOneAtATime(
      network,
      transfers(network, network.accounts, flags.oneAtATime).slice(0, flags.oneAtATime),
    );
    await resetNonces(network);
    for (const workload of wanted) {
      say(`Signing ${workload} transactions ...`);
      const transactions = await prepare(network, workload, prepared(flags));
      say(`Measuring ${workload}: ${flags.warmUp} s of warm-up, then ${flags.seconds} s ...`);
      const result = await measure(network.devnet, network, {
        workload,
        transactions,
        inFlight: flags.inFlight,
        batch: flags.batch,
        warmUpMs: flags.warmUp * 1_000,
        durationMs: flags.seconds * 1_000,
        onProgress: (final, elapsedMs) => say(`  ${Math.round(elapsedMs / 1_000)} s: ${final} final`),
      });
      if (result.ranOut) say(`  the prepared transactions ran out: raise --rate above ${flags.rate}`);
      results.push(result);
      await resetNonces(network);
    }
    height = await requireEqualState(network);
  };
  try {
    await Promise.race([work(), interrupted]);
  } finally {
    await network.close();
  }
  report(flags, results, alone, height);
  if (flags.profile === undefined) return;
  const rows = profileRows(flags.profile).map(({ part, share }) => [part, `${(100 * share).toFixed(1)} %`]);
  process.stdout.write(`\nwhere the validators' processor time went, preparation included:\n${table(rows)}\n`);
}

/** Accounts have prepared more than they sent: the chain knows the next nonce. */
async function resetNonces(network: BenchNetwork): Promise<void> {
  const accounts = [...network.accounts, network.requester];
  const [validator] = network.validators;
  for (let from = 0; from < accounts.length; from += 100) {
    const part = accounts.slice(from, from + 100);
    const calls = part.map(({ address }) => ({ method: "eth_getTransactionCount", params: [address, "latest"] }));
    const answers = (await validator?.batch(calls)) ?? [];
    for (const [i, account] of part.entries()) account.nonce = Number(answers[i]?.result);
  }
}

function report(flags: Flags, results: readonly Measurement[], alone: Latency | undefined, height: number): void {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const rows = results.map((one) => [
    one.workload,
    one.perSecond.toFixed(0),
    one.perBlock.toFixed(0),
    ms(one.latency.p50Ms),
    ms(one.latency.p95Ms),
    ms(one.latency.p99Ms),
    `${one.cpuMicrosecondsPerValidator.toFixed(0)} µs`,
    `${one.cpuMicrosecondsOfLoad.toFixed(0)} µs`,
    `${one.wireBytesPerValidator.toFixed(0)} B`,
    `${one.diskBytesPerValidator.toFixed(0)} B`,
    `${one.residentMiB.toFixed(0)} MiB`,
  ]);
  const heading = [
    "",
    "per second",
    "per block",
    "p50",
    "p95",
    "p99",
    "CPU/validator",
    "CPU/load",
    "wire",
    "disk",
    "memory",
  ];
  process.stdout.write(`\n${table([heading, ...rows])}\n`);
  if (alone !== undefined) {
    process.stdout.write(`\none at a time: p50 ${ms(alone.p50Ms)}, p95 ${ms(alone.p95Ms)}, p99 ${ms(alone.p99Ms)}\n`);
  }
  process.stdout.write(`state roots equal on all four validators at height ${height}\n`);
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  const file = resolve(flags.json);
  mkdirSync(dirname(file), { recursive: true });
  const commit = git("rev-parse", "HEAD") + (git("status", "--porcelain") === "" ? "" : " with changes");
  const content = {
    date: new Date().toISOString(),
    machine,
    node: process.version,
    commit,
    parameters: flags,
    oneAtATime: alone,
    results,
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  process.stdout.write(`written to ${file}\n`);
}

function workloadsFlag(value: string): readonly Workload[] {
  return value.split(",").map((name) => {
    const found = workloads.find((one) => one === name);
    if (found === undefined) throw new InvalidArgumentError(`must name some of ${workloads.join(", ")}.`);
    return found;
  });
}

const program = new Command("npm run bench --")
  .description("measure four validator processes on this machine")
  .option("--seconds <number>", "length of each measurement", integerFlag("--seconds", 1, 3_600), 30)
  .option("--warm-up <seconds>", "not measured, before each", integerFlag("--warm-up", 0, 600), 5)
  .option("--accounts <count>", "accounts that send", integerFlag("--accounts", 4, 10_000), 1_000)
  .option("--in-flight <count>", "transactions sent and not yet final", integerFlag("--in-flight", 4, 100_000), 1_000)
  .option("--batch <count>", "transactions per JSON-RPC request", integerFlag("--batch", 1, 100), 25)
  .option("--rate <per second>", "transactions prepared per second of load", integerFlag("--rate", 10, 50_000), 2_500)
  .option(
    "--one-at-a-time <count>",
    "samples of the latency without load",
    integerFlag("--one-at-a-time", 1, 10_000),
    200,
  )
  .option("--only <workloads>", `some of ${workloads.join(", ")}`, workloadsFlag)
  .option("--json <file>", "where the figures are written", join(root, ".allot", "bench.json"))
  .option("--profile <folder>", "have the validators write their CPU profiles there, and sum them up by part")
  .exitOverride()
  .action(run);

// Left at once: a load that was interrupted still waits for answers.
try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  process.exit(reportFailure(error));
}
