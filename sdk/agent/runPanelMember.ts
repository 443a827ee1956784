// A member of the panel that does its duty by itself: seals a vote for every seat it is drawn for, opens it, and sees to
// it that the bond is shared out. Every step first looks at what is done already, so that the same code begins a dispute
// and goes on with it after a restart; nothing need be kept, since the vote's salt comes from the key.
import { type Address, isAddressEqual } from "viem";
import { commitVote } from "../actions/disputes/commitVote.ts";
import { concludeDispute } from "../actions/disputes/concludeDispute.ts";
import { type Dispute, getDispute, type PanelSeat } from "../actions/disputes/getDispute.ts";
import { revealVote } from "../actions/disputes/revealVote.ts";
import { withdrawFromPanel } from "../actions/disputes/withdrawFromPanel.ts";
import { watchDisputes } from "../actions/watch/watchDisputes.ts";
import { type AllotCore, requireAccount } from "../clients/context.ts";
import { RevertedError } from "../errors/revertedError.ts";
import type { RuleErrorName } from "../errors/ruleSentences.ts";
import { sleep } from "../transactions/sleep.ts";

/** What a member tells of itself. */
export type PanelEvent =
  | { readonly kind: "sealed" | "opened"; readonly taskId: bigint; readonly unit: number; readonly uphold: boolean }
  | { readonly kind: "withdrawn"; readonly taskId: bigint; readonly amount: bigint }
  /** Something failed; a step is tried again for as long as it makes sense. */
  | { readonly kind: "troubled"; readonly taskId: bigint; readonly error: unknown };

export interface PanelMemberParameters {
  /** True for the objector, false for the verdict as it stands, undefined not to vote. Called again after a restart. */
  readonly judge: (dispute: Dispute) => Promise<boolean | undefined>;
  /** First block to look at; the present unless given. */
  readonly fromBlock?: bigint;
  readonly onEvent?: (event: PanelEvent) => void;
  /** How often to ask for news, the client's unless given. */
  readonly pollIntervalMs?: number;
  /** A dispute that nobody concludes for this long after its reveal deadline is concluded by the member; 5 s unless given. */
  readonly concludeAfterMs?: number;
}

export interface RunningPanelMember {
  /** Resolves when nothing more will be sent. */
  stop(): Promise<void>;
}

const retryMs = 400;
const napMs = 250;

/**
 * Runs a member of the panel from its agent's bid key, after `joinPanel`.
 * @example
 * ```ts
 * const member = runPanelMember(client, { judge: async ({ taskId }) => isWrong(taskId) });
 * process.on("SIGTERM", () => member.stop());
 * ```
 */
export function runPanelMember(client: AllotCore, parameters: PanelMemberParameters): RunningPanelMember {
  const { address } = requireAccount(client);
  const { fromBlock, pollIntervalMs, onEvent = () => undefined } = parameters;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const unwatch = watchDisputes(client, {
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
    onDispute: (event) => {
      if (event.kind !== "seat" || !isAddressEqual(event.voter, address)) return;
      const { taskId, unit } = event;
      const context = { client, parameters, address, taskId, unit, stopping: stopping.signal, tell: onEvent };
      const seat = sit(context).catch((error: unknown) => {
        if (!stopping.signal.aborted) onEvent({ kind: "troubled", taskId, error });
      });
      running.add(seat);
      void seat.then(() => running.delete(seat));
    },
  });
  return {
    async stop() {
      unwatch();
      stopping.abort();
      await Promise.all(running);
    },
  };
}

interface SeatContext {
  readonly client: AllotCore;
  readonly parameters: PanelMemberParameters;
  readonly address: Address;
  readonly taskId: bigint;
  readonly unit: number;
  readonly stopping: AbortSignal;
  readonly tell: (event: PanelEvent) => void;
}

/** From the draw to the fee. */
async function sit(context: SeatContext): Promise<void> {
  const { client, address, taskId, unit, parameters, tell } = context;
  const now = (): number => Math.floor(Date.now() / 1_000);
  const read = async (): Promise<{ readonly dispute: Dispute; readonly seat: PanelSeat } | undefined> => {
    const dispute = await getDispute(client, { taskId, unit });
    const seat = dispute?.seats.find(({ voter }) => isAddressEqual(voter, address));
    return dispute === undefined || seat === undefined ? undefined : { dispute, seat };
  };
  const drawn = await persist(context, Number.POSITIVE_INFINITY, [], read);
  if (drawn === undefined) return;
  const { voteDeadline, revealDeadline } = drawn.dispute;
  if (drawn.seat.vote === "none" && now() <= voteDeadline) {
    const uphold = await parameters.judge(drawn.dispute);
    if (uphold === undefined) return;
    await persist(context, voteDeadline, [], () =>
      unless("DisputePanelVoteMade", commitVote(client, { taskId, unit, uphold })),
    );
    tell({ kind: "sealed", taskId, unit, uphold });
  }
  await untilAfter(context, voteDeadline);
  const sealed = await persist(context, revealDeadline, [], read);
  if (sealed?.seat.vote === "sealed" && now() <= revealDeadline) {
    await persist(context, revealDeadline, ["DisputePanelOutsideVoting"], () =>
      unless("DisputePanelNotSealed", revealVote(client, { taskId, unit })),
    );
    const opened = await persist(context, revealDeadline, [], read);
    tell({ kind: "opened", taskId, unit, uphold: opened?.seat.vote === "uphold" });
  }
  await untilAfter(context, revealDeadline);
  await conclude(context, read);
}

async function conclude(context: SeatContext, read: () => Promise<{ dispute: Dispute } | undefined>): Promise<void> {
  const { client, taskId, unit, parameters, tell } = context;
  const helpAtMs = Date.now() + (parameters.concludeAfterMs ?? 5_000);
  const isConcluded = async (): Promise<boolean> => (await read())?.dispute.concluded === true;
  for (;;) {
    if (await persist(context, Number.POSITIVE_INFINITY, [], isConcluded)) break;
    if (Date.now() >= helpAtMs) {
      await persist(context, Number.POSITIVE_INFINITY, ["DisputePanelUndecided"], () =>
        unless("DisputePanelConcluded", concludeDispute(client, { taskId, unit })),
      );
    } else await sleep(napMs);
  }
  const { amount } = await persist(context, Number.POSITIVE_INFINITY, [], () => withdrawFromPanel(client));
  tell({ kind: "withdrawn", taskId, amount });
}

async function untilAfter({ stopping }: SeatContext, second: number): Promise<void> {
  const atMs = (second + 1) * 1_000;
  while (!stopping.aborted && Date.now() < atMs) await sleep(Math.min(napMs, Math.max(1, atMs - Date.now())));
  stopping.throwIfAborted();
}

/** Tries until it succeeds, a rule refuses it for good, its second is over, or the member is to stop. */
async function persist<T>(
  { stopping, taskId, tell }: SeatContext,
  until: number,
  passing: readonly RuleErrorName[],
  action: () => Promise<T>,
): Promise<T> {
  for (;;) {
    stopping.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      const passes = error instanceof RevertedError && passing.some((rule) => rule === error.rule);
      if ((error instanceof RevertedError && !passes) || Date.now() > (until + 1) * 1_000) throw error;
      if (!passes) tell({ kind: "troubled", taskId, error });
      await sleep(retryMs);
    }
  }
}

/** Takes the refusal that says it is done already for success. */
async function unless(rule: RuleErrorName, done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof RevertedError) || error.rule !== rule) throw error;
  });
}
