// What the parts of an agent share: who it is, how it waits, how it tries again.
import type { Address } from "viem";
import type { AllotCore } from "../clients/context.ts";
import { RevertedError } from "../errors/revertedError.ts";
import type { RuleErrorName } from "../errors/ruleSentences.ts";
import { SignLockError } from "../errors/signLockError.ts";
import { sleep } from "../transactions/sleep.ts";
import type { AgentEvent, AgentParameters, AgentStage } from "./agentParameters.ts";
import type { SignLock, StatementDomain } from "./signLock.ts";

export interface AgentContext {
  readonly client: AllotCore;
  readonly signLock: SignLock;
  readonly agentId: bigint;
  /** The bid key. */
  readonly address: Address;
  /** Domains of the agent's bids and deliveries. */
  readonly domains: { readonly bid: StatementDomain; readonly delivery: StatementDomain };
  readonly parameters: AgentParameters;
  readonly stopping: AbortSignal;
  tell(event: AgentEvent): void;
}

const retryMs = 400;
/** Longest single wait, so that an agent told to stop does. */
const napMs = 250;

/** Waits until this machine's clock has passed a second of ledger time; false when the agent is to stop. */
export async function untilAfter(context: AgentContext, second: bigint | number): Promise<boolean> {
  const atMs = (Number(second) + 1) * 1_000;
  while (!context.stopping.aborted && Date.now() < atMs) await sleep(Math.min(napMs, atMs - Date.now()));
  return !context.stopping.aborted;
}

/** Thrown inside an agent that is told to stop. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Rejects when the agent is told to stop: nobody waits for work that may take hours. It is begun anew after a restart. */
export function stopped({ stopping }: AgentContext): Promise<never> {
  return new Promise((_, reject) => {
    if (stopping.aborted) reject(new Stopped());
    stopping.addEventListener("abort", () => reject(new Stopped()), { once: true });
  });
}

export interface Persistence {
  readonly stage: AgentStage;
  /** Last second of ledger time at which it still makes sense. */
  readonly until: bigint | number;
  /** Refusals that pass with time: the ledger's clock may be a moment behind this machine's. */
  readonly passing?: readonly RuleErrorName[];
}

/** Tries until it succeeds, a rule or the sign lock refuses it for good, time is over, or the agent is to stop. */
export async function persist<T>(context: AgentContext, how: Persistence, action: () => Promise<T>): Promise<T> {
  for (;;) {
    if (context.stopping.aborted) throw new Stopped();
    try {
      return await action();
    } catch (error) {
      const passes = error instanceof RevertedError && how.passing?.some((rule) => rule === error.rule) === true;
      const final = (error instanceof RevertedError && !passes) || error instanceof SignLockError;
      if (final || Date.now() > (Number(how.until) + 1) * 1_000) throw error;
      if (!passes) context.tell({ kind: "troubled", stage: how.stage, error });
      await sleep(retryMs);
    }
  }
}
