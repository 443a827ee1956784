import type { Hex } from "viem";
import type { AssignedUnit } from "../actions/tasks/assignedUnit.ts";
import type { Candidate } from "../actions/tasks/getCandidate.ts";
import type { PostedTask } from "../actions/watch/postedTask.ts";

/** A unit that the agent is to work on. */
export interface Job {
  readonly task: PostedTask;
  readonly assigned: AssignedUnit;
}

/** What an agent tells of itself. Amounts in units of 10⁻⁶ credit. */
export type AgentEvent =
  | { readonly kind: "committed"; readonly task: PostedTask; readonly amount: bigint }
  | { readonly kind: "revealed"; readonly task: PostedTask; readonly amount: bigint }
  | { readonly kind: "assigned"; readonly task: PostedTask; readonly assigned: AssignedUnit }
  | {
      readonly kind: "delivered";
      readonly task: PostedTask;
      readonly assigned: AssignedUnit;
      readonly deliverable: Hex;
    }
  | { readonly kind: "paid"; readonly taskId: bigint; readonly unit: number; readonly price: bigint }
  | { readonly kind: "withdrawn"; readonly amount: bigint }
  /** The rules or the sign lock refused a step: the agent leaves this task. `stage` says which step. */
  | { readonly kind: "refused"; readonly taskId: bigint; readonly stage: AgentStage; readonly error: Error }
  /** Something failed that may pass, as a node that does not answer: the agent tries again. */
  | { readonly kind: "troubled"; readonly stage: AgentStage; readonly error: unknown };

export type AgentStage = "watch" | "commit" | "reveal" | "settle" | "deliver" | "take over" | "withdraw";

export interface AgentParameters {
  /** The agent of the client's account; looked up unless given. */
  readonly agentId?: bigint;
  /**
   * Price per unit that the agent asks for a task, undefined to leave it. Called again after a restart only for a task
   * that the sign lock holds no bid for.
   */
  readonly decide: (task: PostedTask) => bigint | undefined | Promise<bigint | undefined>;
  /**
   * Does the work and gives what stands for it, 32 bytes. Called again after a restart if nothing was delivered. Throw,
   * or resolve after the deadline, and the agent is slashed for not delivering.
   */
  readonly work: (job: Job) => Promise<Hex>;
  /** Whether to take over a unit whose agent failed; never, unless given. */
  readonly takeOver?: (task: PostedTask, offer: Candidate) => boolean;
  /** File that remembers from which block on to look after a restart; without one, and on the first start, the present. */
  readonly cursorFile?: string;
  /** First block to look at when there is no cursor. */
  readonly fromBlock?: bigint;
  readonly onEvent?: (event: AgentEvent) => void;
  /** How often to ask for news, 150 ms unless given. */
  readonly pollIntervalMs?: number;
  /** A task that nobody settles for this long after its reveal deadline is settled by the agent; 5 s unless given. */
  readonly settleAfterMs?: number;
}
