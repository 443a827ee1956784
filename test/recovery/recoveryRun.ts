// Four real validator processes under a traffic that never stops, and what is done to them. Whatever that is, it must
// hold in the end that every block ever served is still served by everybody, that nobody has signed a contradiction,
// and that the chain goes on.
import { readFileSync, truncateSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { DevnetValidator } from "../../node/cli/devnet.ts";
import { crashVariable } from "../../node/storage/crashPoints.ts";
import { chainId } from "../integration/cluster.ts";
import { FaultyNetwork } from "./faultyNetwork.ts";
import { answerMs, batch, Traffic } from "./traffic.ts";

const pollMs = 20;
/** Looks at what is waited for: 150 s and more, since a starved machine makes each look last longer. */
const looksMax = 7_500;
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
  const startedMs = performance.now();
  for (let looks = 1; !(await holds()); looks++) {
    if (looks < looksMax) await delay(pollMs);
    else throw new Error(`not within ${((performance.now() - startedMs) / 1_000).toFixed(0)} s: ${what}`);
  }
}

export class RecoveryRun {
  readonly network: FaultyNetwork;
  readonly traffic: Traffic;
  readonly recoveries: Recovery[] = [];
  #output = "";

  private constructor(network: FaultyNetwork) {
    this.network = network;
    this.traffic = new Traffic(network.cluster.devnet.validators, chainId);
  }

  static async start(): Promise<RecoveryRun> {
    const run = new RecoveryRun(await FaultyNetwork.start());
    run.traffic.start();
    await run.progress();
    return run;
  }

  async stop(): Promise<void> {
    await this.traffic.stop();
    await this.network.stop();
  }

  get validators(): readonly DevnetValidator[] {
    return this.network.cluster.devnet.validators;
  }

  /** Some more transfers get executed. */
  async progress(count = 3): Promise<void> {
    const before = this.traffic.executed.size;
    await until("transfers are executed", () => this.traffic.executed.size >= before + count);
  }

  /** Everybody commits more than what was there. */
  async resumes(): Promise<void> {
    const target = this.traffic.height + 1;
    await this.progress();
    await until("everybody goes on", async () => (await this.heights()).every((height) => height >= target));
  }

  heights(): Promise<number[]> {
    return Promise.all(this.validators.map(heightOf));
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
    const startedMs = performance.now();
    await validator.start();
    await this.catchesUp(validator, what, performance.now() - startedMs);
  }

  /**
   * Waits until a validator that is back since `readyMs` stands where anybody stood when it came back, and votes. Before
   * that it is one of the f that may fail, and no other may.
   */
  async catchesUp(validator: DevnetValidator, what: string, readyMs: number): Promise<void> {
    const target = this.traffic.height;
    const startedMs = performance.now();
    await until(`${validator.name} catches up after ${what}`, async () => (await heightOf(validator)) >= target);
    await until(`${validator.name} votes again after ${what}`, async () => (await isSigning(validator)) === 1);
    this.recoveries.push({ what, readyMs, caughtUpMs: readyMs + performance.now() - startedMs });
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
    const found = [...this.traffic.violations, ...this.traffic.objects.violations()];
    const target = this.traffic.height;
    for (const validator of this.validators) {
      await until(`${validator.name} has every block`, async () => (await heightOf(validator)) >= target);
      found.push(...(await this.#missing(validator)), ...(await this.#miscounted(validator)));
      const liars = await metricOf(validator, "allot_consensus_byzantine_validators");
      if (liars !== 0) found.push(`${validator.name} holds evidence against ${liars} validators`);
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
    const executed = [...this.traffic.executed, ...this.traffic.called];
    for (let from = 0; from < executed.length; from += heightsPerRequest) {
      const slice = executed.slice(from, from + heightsPerRequest);
      const answers = await batch(
        rpcUrl(),
        slice.map(([hash]) => ["eth_getTransactionReceipt", hash] as const),
      );
      for (const [i, [hash, height]] of slice.entries()) {
        const receipt = answers[i] as { blockNumber: string } | undefined;
        if (Number(receipt?.blockNumber) !== height)
          found.push(`${name} has lost transaction ${hash} of height ${height}`);
      }
    }
    return found;
  }
}

export async function heightOf(validator: DevnetValidator): Promise<number> {
  const [block] = await batch(validator.rpcUrl(), [["eth_getBlockByNumber", "latest", false]]);
  return block === undefined ? -1 : Number((block as { number: string }).number);
}

/** A metric without labels; undefined where it is not there, or nobody answers. */
export async function metricOf(validator: DevnetValidator, name: string): Promise<number | undefined> {
  const text = await fetch(new URL("/metrics", validator.rpcUrl()), { signal: AbortSignal.timeout(answerMs) })
    .then((response) => response.text())
    .catch(() => "");
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

const isSigning = (validator: DevnetValidator) => metricOf(validator, "allot_consensus_signing");
