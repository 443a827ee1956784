// Four real validator processes under a traffic that never stops, and what is done to them. Whatever that is, it must
// hold in the end that every block ever served is still served by everybody, that nobody has signed a contradiction,
// and that the chain goes on.
import { readFileSync, truncateSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { crashVariable } from "../../node/storage/crashPoints.ts";
import { Cluster, chainId } from "../integration/cluster.ts";
import { batch, Traffic } from "./traffic.ts";

const waitMs = 150_000;
const pollMs = 20;
const heightsPerRequest = 200;
/** 10,000 ether, as each development account has at first. */
const developmentBalance = 10n ** 22n;

/** Milliseconds that one recovery took. */
export interface Recovery {
  readonly what: string;
  /** From the start of the process until it listens. */
  readonly readyMs: number;
  /** ... until it stands where the others stood when it was started. */
  readonly caughtUpMs: number;
}

/** Waits for something; fails with `what` when it does not come. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${waitMs / 1_000} s: ${what}`);
    await delay(pollMs);
  }
}

export class RecoveryRun {
  readonly cluster: Cluster;
  readonly traffic: Traffic;
  readonly recoveries: Recovery[] = [];
  #output = "";

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.traffic = new Traffic(cluster.devnet.validators, chainId);
  }

  static async start(cluster?: Cluster): Promise<RecoveryRun> {
    const run = new RecoveryRun(cluster ?? (await Cluster.start()));
    run.traffic.start();
    await run.progress();
    return run;
  }

  async stop(): Promise<void> {
    await this.traffic.stop();
    await this.cluster.stop();
  }

  get validators(): readonly DevnetValidator[] {
    return this.cluster.devnet.validators;
  }

  /** Some more transfers get executed. */
  async progress(count = 3): Promise<void> {
    const before = this.traffic.executed.size;
    await until("transfers are executed", () => this.traffic.executed.size >= before + count);
  }

  /** Starts a validator with something in its environment. It need not become ready. */
  startWith(validator: DevnetValidator, environment: Readonly<Record<string, string>>): Promise<void> {
    Object.assign(process.env, environment);
    // The process is spawned before the call returns.
    const ready = validator.start();
    for (const name of Object.keys(environment)) delete process.env[name];
    return ready.then(
      () => undefined,
      () => undefined,
    );
  }

  /** Starts a stopped validator that is to kill itself at a crash point, and waits until it has. */
  async crash(validator: DevnetValidator, point: string): Promise<void> {
    const ready = this.startWith(validator, { [crashVariable]: point });
    await until(`${validator.name} gets to ${point}`, () => !validator.running());
    await ready;
  }

  /** Starts a stopped validator and waits until it has caught up. */
  async recover(validator: DevnetValidator, what: string): Promise<void> {
    const target = this.traffic.height;
    const startedMs = performance.now();
    await validator.start();
    const readyMs = performance.now() - startedMs;
    await until(`${validator.name} catches up after ${what}`, async () => (await heightOf(validator)) >= target);
    this.recoveries.push({ what, readyMs, caughtUpMs: performance.now() - startedMs });
  }

  /** Moves what a validator has printed so far out of its log file. */
  keepOutput({ logFile }: DevnetValidator): void {
    this.#output += readFileSync(logFile, "utf8");
    truncateSync(logFile);
  }

  /** What must hold in the end; the sentences say what does not. */
  async violations(): Promise<readonly string[]> {
    await this.progress();
    await this.traffic.drain();
    const found = [...this.traffic.violations];
    const target = this.traffic.height;
    for (const validator of this.validators) {
      await until(`${validator.name} has every block`, async () => (await heightOf(validator)) >= target);
      found.push(...(await this.#missing(validator)), ...(await this.#miscounted(validator)));
      const metrics = await (await fetch(new URL("/metrics", validator.rpcUrl()))).text();
      const liars = /^allot_consensus_byzantine_validators (\d+)$/m.exec(metrics)?.[1];
      if (liars !== "0") found.push(`${validator.name} holds evidence against ${liars} validators`);
      this.keepOutput(validator);
    }
    if (this.#output.includes("OWN_KEY_EQUIVOCATED"))
      found.push("a validator saw contradictory signatures of its own key");
    return found;
  }

  /** Every transfer moved one wei, once. */
  async #miscounted({ name, rpcUrl }: DevnetValidator): Promise<readonly string[]> {
    const [balance] = await batch(rpcUrl(), [["eth_getBalance", this.traffic.recipient, "latest"]]);
    const moved = Number(BigInt(balance as string) - developmentBalance);
    const made = this.traffic.executed.size;
    return moved === made ? [] : [`${name} says that ${moved} transfers took effect, not ${made}`];
  }

  /** Blocks and transfers that were final once and that this validator no longer serves as they were. */
  async #missing({ name, rpcUrl }: DevnetValidator): Promise<readonly string[]> {
    const found: string[] = [];
    const blocks = [...this.traffic.blocks];
    for (let from = 0; from < blocks.length; from += heightsPerRequest) {
      const slice = blocks.slice(from, from + heightsPerRequest);
      const calls = slice.map(([height]) => ["eth_getBlockByNumber", `0x${height.toString(16)}`, false] as const);
      const answers = (await batch(rpcUrl(), calls)) as ({ hash: string } | undefined)[];
      for (const [i, [height, hash]] of slice.entries()) {
        if (answers[i]?.hash !== hash)
          found.push(`${name} serves ${answers[i]?.hash} at height ${height}, not ${hash}`);
      }
    }
    const executed = [...this.traffic.executed];
    for (let from = 0; from < executed.length; from += heightsPerRequest) {
      const slice = executed.slice(from, from + heightsPerRequest);
      const answers = await batch(
        rpcUrl(),
        slice.map(([hash]) => ["eth_getTransactionReceipt", hash] as const),
      );
      for (const [i, [hash, height]] of slice.entries()) {
        const receipt = answers[i] as { blockNumber: string } | undefined;
        if (Number(receipt?.blockNumber) !== height)
          found.push(`${name} has lost transfer ${hash} of height ${height}`);
      }
    }
    return found;
  }
}

export async function heightOf(validator: DevnetValidator): Promise<number> {
  const [block] = await batch(validator.rpcUrl(), [["eth_getBlockByNumber", "latest", false]]);
  return block === undefined ? -1 : Number((block as { number: string }).number);
}
