// An agent's part in disputes: it objects when a right delivery of its own is rejected, and, on the panel, does the work
// in question again and votes by the result.
import { resolve } from "node:path";
import { type Address, type Hex, isAddressEqual } from "viem";
import { type Dispute, RevertedError, runPanelMember } from "../../../sdk/index.ts";
import { panelCapability } from "../attest.ts";
import { dirnameOf } from "../files.ts";
import { patiently } from "../patience.ts";
import { pause, pauseUntilAfter } from "../pause.ts";
import type { RoleContext } from "../roleContext.ts";
import { specificationOf } from "../specification.ts";
import { doWork } from "../work.ts";

const pollMs = 250;
/** Nothing in a dispute is a matter of less than seconds. */
const newsIntervalMs = 1_000;
const attemptsMax = 20;

interface Delivered {
  readonly answer: Hex;
  readonly deliverable: Hex | undefined;
}

/** What was delivered for a unit, and what is right. */
async function workAgain({ client, config }: RoleContext, taskId: bigint): Promise<Delivered> {
  const posting = await client.getPosting({ taskId });
  const { kind, file } = specificationOf(posting?.uri ?? "");
  const { deliverable } = await patiently(async () => {
    const assignment = await client.getAssignment({ taskId });
    return client.getJob({ jobId: assignment?.jobId ?? 0n });
  });
  return { answer: await doWork(kind, resolve(dirnameOf(config.marketFile), file)), deliverable };
}

/** Objects to every rejection of a right delivery, and gets its bond back in the end. */
export function objectWhenWronged(context: RoleContext, address: Address): void {
  const { client, say } = context;
  const object = async (taskId: bigint): Promise<void> => {
    const [assignment, task] = await Promise.all([client.getAssignment({ taskId }), client.getTask({ taskId })]);
    if (assignment === undefined || !isAddressEqual(assignment.provider, address)) return;
    const { answer, deliverable } = await workAgain(context, taskId);
    if (deliverable !== answer || task.disputeTerms === undefined) return;
    const { revealDeadline } = await client.objectToVerdict({ taskId, reason: answer });
    await pauseUntilAfter(revealDeadline);
    await concluded(() => client.concludeDispute({ taskId }));
    await client.withdrawFromPanel();
  };
  client.watchOutcomes({
    pollIntervalMs: newsIntervalMs,
    onOutcome: (outcome) => {
      if (outcome.kind !== "verdict" || outcome.accepted) return;
      // Not awaited: it takes as long as the votes do.
      void object(outcome.taskId).catch((error: Error) => say(`task ${outcome.taskId}: ${error.message}`));
    },
  });
}

/** The ledger's clock may be a moment behind this machine's, and a member of the panel may have been quicker. */
async function concluded(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof RevertedError)) throw error;
      if (error.rule === "DisputePanelConcluded") return;
      if (error.rule !== "DisputePanelUndecided" || attempt === attemptsMax) throw error;
      await pause(pollMs);
    }
  }
}

/** Joins the panel as soon as the capability is attested, and votes whenever it is drawn. */
export function voteOnDisputes(context: RoleContext, agentId: bigint): void {
  const { client, say } = context;
  const judge = async ({ taskId, objector }: Dispute): Promise<boolean> => {
    const [{ answer, deliverable }, task] = await Promise.all([workAgain(context, taskId), client.getTask({ taskId })]);
    const isRight = deliverable === answer;
    // The requester objects to paying, the agent to not being paid.
    return isAddressEqual(objector, task.requester) ? !isRight : isRight;
  };
  runPanelMember(client, {
    pollIntervalMs: newsIntervalMs,
    judge,
    onEvent: (event) => {
      if (event.kind === "troubled") say(`task ${event.taskId}: ${(event.error as Error).message.split("\n")[0]}`);
    },
  });
  const join = async (): Promise<void> => {
    while ((await client.getCapability({ agentId, capability: panelCapability })) === undefined) await pause(pollMs);
    await client.joinPanel();
  };
  void join().catch((error: Error) => say(`cannot join the panel: ${error.message}`));
}
