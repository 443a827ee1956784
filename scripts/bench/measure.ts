// One workload measured over a running network: speed, latency, and what it costs each validator.
import { keccak256 } from "viem";
import type { Devnet } from "../../node/cli/devnet.ts";
import { percentile } from "../percentile.ts";
import { type LoadTransaction, runLoad } from "./load.ts";
import type { LoadNetwork } from "./population.ts";
import { cpuMicroseconds, diskBytes, residentBytes } from "./processSample.ts";

export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface Measurement {
  readonly workload: string;
  readonly transactions: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly perBlock: number;
  readonly latency: Latency;
  /** User + system time per transaction, mean over the validators. */
  readonly cpuMicrosecondsPerValidator: number;
  /** The load generator's own, for comparison. */
  readonly cpuMicrosecondsOfLoad: number;
  /** Sent by one validator to others, mean. */
  readonly wireBytesPerValidator: number;
  /** Growth of one validator's data, mean. */
  readonly diskBytesPerValidator: number;
  /** Largest validator at the end. */
  readonly residentMiB: number;
  /** True when the prepared transactions ran out before the time did. */
  readonly ranOut: boolean;
}

export interface MeasureOptions {
  readonly workload: string;
  readonly transactions: readonly LoadTransaction[];
  readonly inFlight: number;
  readonly batch: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly onProgress: (final: number, elapsedMs: number) => void;
}

export const latencyOf = (latenciesMs: readonly number[]): Latency => ({
  p50Ms: percentile(latenciesMs, 0.5),
  p95Ms: percentile(latenciesMs, 0.95),
  p99Ms: percentile(latenciesMs, 0.99),
});

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

async function sentBytes(url: string): Promise<number> {
  const text = await (await fetch(new URL("/metrics", url))).text();
  const lines = text.matchAll(/^allot_p2p_message_bytes_total\{[^}]*direction="out"[^}]*\} (\d+)/gm);
  return [...lines].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

interface Sample {
  readonly cpu: readonly number[];
  readonly disk: readonly number[];
  readonly load: number;
}

function sample(devnet: Devnet): Sample {
  const { user, system } = process.cpuUsage();
  return {
    cpu: devnet.validators.map((one) => cpuMicroseconds(one.pid())),
    disk: devnet.validators.map((one) => diskBytes(one.directory)),
    load: user + system,
  };
}

export async function measure(devnet: Devnet, network: LoadNetwork, options: MeasureOptions): Promise<Measurement> {
  const wireBefore = await Promise.all(devnet.validators.map((one) => sentBytes(one.rpcUrl())));
  let before = sample(devnet);
  let after = before;
  const result = await runLoad({
    ...options,
    validators: network.validators,
    finality: network.finality,
    onMeasureStart: () => {
      before = sample(devnet);
    },
    onMeasureEnd: () => {
      after = sample(devnet);
    },
  });
  const wireAfter = await Promise.all(devnet.validators.map((one) => sentBytes(one.rpcUrl())));
  const growth = (a: readonly number[], b: readonly number[]): number => mean(b.map((value, i) => value - (a[i] ?? 0)));
  return {
    workload: options.workload,
    transactions: result.final,
    seconds: result.measuredMs / 1_000,
    perSecond: result.perSecond,
    perBlock: result.final / result.blocks,
    latency: latencyOf(result.latenciesMs),
    cpuMicrosecondsPerValidator: growth(before.cpu, after.cpu) / result.final,
    cpuMicrosecondsOfLoad: (after.load - before.load) / result.final,
    wireBytesPerValidator: growth(wireBefore, wireAfter) / result.finalAll,
    diskBytesPerValidator: growth(before.disk, after.disk) / result.final,
    residentMiB: Math.max(...devnet.validators.map((one) => residentBytes(one.pid()))) / 2 ** 20,
    ranOut: result.ranOut,
  };
}

/** Each transaction is sent when the one before it is final and announced by the watched validator. */
export async function measureOneAtATime(
  network: LoadNetwork,
  transactions: readonly LoadTransaction[],
): Promise<Latency & { readonly samples: number }> {
  const latenciesMs: number[] = [];
  for (const { raw, validator } of transactions) {
    const hash = keccak256(raw);
    const final = new Promise<number>((resolve) => {
      network.finality.onBlock = (block) => {
        if (block.transactionHashes.includes(hash)) resolve(block.atMs);
      };
    });
    const sentMs = performance.now();
    await network.validators[validator]?.call("eth_sendRawTransaction", [raw]);
    latenciesMs.push((await final) - sentMs);
  }
  network.finality.onBlock = () => undefined;
  return { ...latencyOf(latenciesMs), samples: latenciesMs.length };
}
