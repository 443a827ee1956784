// Sends signed transactions so that a given number is under way at any time, and measures from send to finality.
import { type Hex, keccak256 } from "viem";
import { AllotError } from "../../node/types/errors.ts";
import type { FinalityWatch } from "./finality.ts";
import type { RpcConnection } from "./rpc.ts";

/** One transaction, and the position of its validator: an account always uses the same one, so nonces keep order. */
export interface LoadTransaction {
  readonly raw: Hex;
  readonly validator: number;
}

export interface LoadOptions {
  readonly validators: readonly RpcConnection[];
  readonly finality: FinalityWatch;
  readonly transactions: readonly LoadTransaction[];
  readonly inFlight: number;
  /** Transactions per request. */
  readonly batch: number;
  /** Begins to measure after this; stops sending after warmUpMs + durationMs, or when the transactions run out. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly onMeasureStart?: () => void;
  readonly onMeasureEnd?: () => void;
  readonly onProgress?: (final: number, elapsedMs: number) => void;
}

export interface LoadResult {
  /** Transactions that became final within the measured time. */
  readonly final: number;
  readonly measuredMs: number;
  readonly perSecond: number;
  /** From handing the request to the socket until the block's announcement, of those final within that time. */
  readonly latenciesMs: readonly number[];
  readonly blocks: number;
  readonly sent: number;
  /** Final at the end, warm-up included; equals `sent` when nothing was lost. */
  readonly finalAll: number;
  /** True when the transactions ran out before the time did. */
  readonly ranOut: boolean;
}

const progressEveryMs = 5_000;
const drainMs = 60_000;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { validators, transactions, inFlight, batch, warmUpMs, durationMs } = options;
  const queues = validators.map((_, i) => transactions.filter((one) => one.validator === i));
  const positions = validators.map(() => 0);
  const sentAt = new Map<string, number>();
  const latenciesMs: number[] = [];
  let sent = 0;
  let finalAll = 0;
  let final = 0;
  let blocks = 0;
  let measuring = false;
  let stopped = false;
  let wake = (): void => undefined;

  options.finality.onBlock = (block) => {
    for (const hash of block.transactionHashes) {
      const at = sentAt.get(hash);
      if (at === undefined) continue;
      sentAt.delete(hash);
      finalAll++;
      if (!measuring) continue;
      final++;
      latenciesMs.push(block.atMs - at);
    }
    if (measuring) blocks++;
    wake();
  };

  const share = Math.ceil(inFlight / validators.length);
  const underWay = validators.map(() => 0);
  const sendTo = async (i: number): Promise<void> => {
    const queue = queues[i] ?? [];
    const mine = new Set<string>();
    while (!stopped && (positions[i] ?? 0) < queue.length) {
      for (const hash of mine) if (!sentAt.has(hash)) mine.delete(hash);
      underWay[i] = mine.size;
      const room = Math.min(batch, share - mine.size);
      if (room < Math.min(batch, share / 4)) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
        continue;
      }
      const from = positions[i] ?? 0;
      const part = queue.slice(from, from + room);
      positions[i] = from + part.length;
      const now = performance.now();
      for (const { raw } of part) {
        const hash = keccak256(raw);
        sentAt.set(hash, now);
        mine.add(hash);
      }
      sent += part.length;
      const calls = part.map(({ raw }) => ({ method: "eth_sendRawTransaction", params: [raw] }));
      const answers = (await validators[i]?.batch(calls)) ?? [];
      const refused = answers.find((answer) => answer.error !== undefined);
      if (refused?.error !== undefined) {
        throw new AllotError("LOAD_REFUSED", { validator: i }, `a transaction was refused: ${refused.error.message}`);
      }
    }
  };
  const waiting: (() => void)[] = [];
  wake = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };

  const begun = performance.now();
  const progress = setInterval(() => options.onProgress?.(finalAll, performance.now() - begun), progressEveryMs);
  const senders = Promise.all(validators.map((_, i) => sendTo(i)));
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const ended = senders.then(() => undefined);
  await Promise.race([pause(warmUpMs), ended]);
  measuring = true;
  const measureBegun = performance.now();
  options.onMeasureStart?.();
  await Promise.race([pause(durationMs), ended]);
  const ranOut = positions.every((position, i) => position >= (queues[i]?.length ?? 0));
  measuring = false;
  const measuredMs = performance.now() - measureBegun;
  options.onMeasureEnd?.();
  stopped = true;
  wake();
  await senders;
  const drainEnd = performance.now() + drainMs;
  while (sentAt.size > 0 && performance.now() < drainEnd) await pause(20);
  clearInterval(progress);
  options.finality.onBlock = () => undefined;
  return { final, measuredMs, perSecond: (final / measuredMs) * 1_000, latenciesMs, blocks, sent, finalAll, ranOut };
}
