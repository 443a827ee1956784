// A unit from its assignment to its delivery.
import { getAssignment } from "../actions/tasks/getAssignment.ts";
import { getJob } from "../actions/tasks/getJob.ts";
import { submitDelivery } from "../actions/tasks/submitDelivery.ts";
import { type AgentContext, persist, stopped } from "./agentContext.ts";
import type { Job } from "./agentParameters.ts";

/** Resolves when the unit is delivered, or is the agent's no longer. */
export async function deliver(context: AgentContext, job: Job): Promise<void> {
  const { client, signLock, agentId, parameters } = context;
  const { taskId, unit, jobId, deliveryDeadline } = job.assigned;
  const how = { stage: "deliver", until: deliveryDeadline } as const;
  const open = await persist(context, how, async () => {
    const assignment = await getAssignment(client, { taskId, unit });
    if (assignment?.status !== "assigned" || assignment.jobId !== jobId) return false;
    return (await getJob(client, { jobId })).status === "funded";
  });
  if (!open) return;
  context.tell({ kind: "assigned", ...job });
  const locked = signLock.findDelivery({ domain: context.domains.delivery, agentId, jobId });
  const deliverable = locked?.delivery.deliverable ?? (await Promise.race([parameters.work(job), stopped(context)]));
  await persist(context, how, async () => {
    // A try whose answer got lost may have been executed.
    if ((await getJob(client, { jobId })).status !== "funded") return;
    await submitDelivery(client, { jobId, deliverable, agentId, signLock });
  });
  context.tell({ kind: "delivered", ...job, deliverable });
}
