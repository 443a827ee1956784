// A unit whose agent failed: ranked losers are asked in turn.
import { isAddressEqual } from "viem";
import { acceptReassignment } from "../actions/tasks/acceptReassignment.ts";
import { getCandidate } from "../actions/tasks/getCandidate.ts";
import type { PostedTask } from "../actions/watch/postedTask.ts";
import { type AgentContext, persist, untilAfter } from "./agentContext.ts";

/** Waits for the agent's turn, if it comes, and takes the unit over if the agent wants to. */
export async function takeOver(context: AgentContext, task: PostedTask, unit: number): Promise<void> {
  const { client, address, parameters } = context;
  const { taskId } = task;
  for (;;) {
    // Turns end by the clock; nothing of this makes sense for longer than a day.
    const until = Math.floor(Date.now() / 1_000) + 86_400;
    const how = { stage: "take over", until } as const;
    const candidate = await persist(context, how, () => getCandidate(client, { taskId, unit }));
    if (candidate === undefined) return;
    if (isAddressEqual(candidate.bidder, address)) {
      if (parameters.takeOver?.(task, candidate) !== true) return;
      const turn = { ...how, until: candidate.until, passing: ["TaskMarketNotCandidate"] } as const;
      await persist(context, turn, () => acceptReassignment(client, { taskId, unit }));
      return;
    }
    if (!(await untilAfter(context, candidate.until))) return;
  }
}
