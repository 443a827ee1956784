// The evaluator: does every delivered piece of work again and judges the delivery by the result. As often as the market
// file says it misjudges one that can be objected to.
import { resolve } from "node:path";
import type { AssignedUnit } from "../../../sdk/index.ts";
import { dirnameOf } from "../files.ts";
import { patiently } from "../patience.ts";
import { pause, pauseUntilAfter } from "../pause.ts";
import type { RoleContext } from "../roleContext.ts";
import { specificationOf, type TaskSpecification } from "../specification.ts";
import { doWork } from "../work.ts";

const pollMs = 250;

export async function runEvaluator({ client, config, market, tell, say }: RoleContext): Promise<void> {
  const folder = dirnameOf(config.marketFile);
  let misjudges = market.evaluator.misjudges;
  const specifications = new Map<bigint, TaskSpecification>();
  const judge = async (unit: AssignedUnit): Promise<void> => {
    const deliverable = await untilDelivered(unit);
    const specification = specifications.get(unit.taskId);
    if (deliverable === undefined || specification === undefined) return;
    const answer = await doWork(specification.kind, resolve(folder, specification.file));
    const { disputeWindow } = await patiently(() => client.getTask({ taskId: unit.taskId }));
    // Nothing is awaited in between: several deliveries are judged at once.
    const misjudged = disputeWindow > 0 && misjudges > 0;
    if (misjudged) misjudges--;
    if (deliverable === answer && !misjudged) {
      await client.completeTask({ taskId: unit.taskId, reason: answer });
      return;
    }
    say(`task ${unit.taskId}: ${misjudged ? "rejects what is right" : `${deliverable} is not ${answer}`}`);
    // Where the award binds the price, nothing may be rejected earlier.
    await pauseUntilAfter(unit.deliveryDeadline);
    await client.rejectTask({ taskId: unit.taskId, reason: answer });
  };
  const untilDelivered = async (unit: AssignedUnit) => {
    while (Date.now() / 1_000 <= unit.deliveryDeadline + 1) {
      const { deliverable } = await patiently(() => client.getJob({ jobId: unit.jobId }));
      if (deliverable !== undefined) return deliverable;
      await pause(pollMs);
    }
    return undefined;
  };
  client.watchTasks({
    fromBlock: 0n,
    onTask: ({ taskId, uri }) => void specifications.set(taskId, specificationOf(uri)),
  });
  client.watchAssignments({
    fromBlock: 0n,
    // Not awaited: deliveries come in any order.
    onAssignment: (unit) => void judge(unit).catch((error: Error) => say(`task ${unit.taskId}: ${error.message}`)),
  });
  tell({ kind: "ready" });
}
