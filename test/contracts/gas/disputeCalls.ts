// The dispute panel: members, an objection, its votes and its end.
import { id } from "ethers";
import {
  allowBond,
  deliveredTask,
  memberOf,
  type PanelWorld,
  SALT,
  toRuling,
  toVoteReveal,
  voteCommitment,
} from "../disputes.ts";
import { pastDelivery } from "../tasks.ts";
import type { GasBook } from "./gasBook.ts";

export async function disputeCalls(gas: GasBook, w: PanelWorld): Promise<void> {
  const { rules, panel, members } = w;
  const [member] = members;
  if (member === undefined) throw new RangeError("a panel without members");
  await gas.send("DisputePanel", "leavePanel", member.key);
  await gas.send("DisputePanel", "joinPanel", member.key);
  await rules.connection.networkHelpers.time.increase(1);
  const taskId = await deliveredTask(w);
  await pastDelivery(rules, taskId);
  await (await w.byEvaluator.giveVerdict(taskId, 0, false, id("no"))).wait();
  await allowBond(w, w.first.key);
  await gas.send("DisputePanel", "objectToVerdict", w.first.key, taskId, 0n, id("this is wrong"));
  const seats = await panel.seatsOf(taskId, 0);
  for (const { voter } of seats.slice(0, 3)) {
    const commitment = await voteCommitment(w, taskId, voter, true);
    await gas.send("DisputePanel", "commitVote", memberOf(w, voter).key, taskId, 0n, commitment);
  }
  await toVoteReveal(w, taskId);
  for (const { voter } of seats.slice(0, 3)) {
    await gas.send("DisputePanel", "revealVote", rules.stranger, taskId, 0n, voter, true, SALT);
  }
  await toRuling(w, taskId);
  await gas.send("DisputePanel", "concludeDispute", rules.stranger, taskId, 0n);
  await gas.send("DisputePanel", "withdrawFor", rules.stranger, w.first.key.address);
  const { organisation, agentId } = members[4] ?? member;
  await gas.sendAs("BidEquivocation", "AgentLedger", "slash", id("lapse"), agentId, 1n, 0n, true);
  await gas.send("DisputePanel", "removeLapsed", rules.stranger, organisation);
}
