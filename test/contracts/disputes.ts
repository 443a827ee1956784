// Disputes as the tests of the market use them: members of the panel, objections, sealed and opened votes.
import { AbiCoder, id, keccak256 } from "ethers";
import { type Agent, cacheCapability, makeAgent } from "./actors.ts";
import { type Connection, CREDIT, PARAMETERS, type Rules, type Signer } from "./fixture.ts";
import { deliver, marketWorld, settledTask, type TaskOptions } from "./tasks.ts";

export const PANEL_CAPABILITY = id("evaluation");
/** Ruling of IDisputePanel. */
export const RULING = { none: 0n, pending: 1n, silent: 2n, dismissed: 3n, upheld: 4n };
export const BOND = PARAMETERS.market.panel.bond;
/** Of one seat. */
export const PANEL_FEE = PARAMETERS.market.panel.fee;
export const SALT = id("a salt");
/** Windows of a task that can be objected to. */
export const DISPUTE_WINDOW = 300n;
const FIRST_MEMBER = 4;

/** What the first agent is paid in `disputedWorld`. */
export const PRICE = 40n * CREDIT;

/** Members of the panel, from the fifth agent on: the agent of `owners[index]`, holding the evaluating capability. */
export async function makeMember(rules: Rules, index: number, level = 1): Promise<Agent> {
  const member = await makeAgent(rules, index);
  await cacheCapability(rules, member.agentId, PANEL_CAPABILITY, { level });
  await (await rules.contracts.DisputePanel.connect(member.key as never).joinPanel()).wait();
  return member;
}

export async function makeMembers(rules: Rules, count: number, levelOf = (_: number) => 1): Promise<Agent[]> {
  const members: Agent[] = [];
  for (let i = 0; i < count; i++) members.push(await makeMember(rules, FIRST_MEMBER + i, levelOf(i)));
  return members;
}

/** The market with five members of the panel, and all that tests of disputes look at. */
export async function panelWorld(connection: Connection, count = 5, levelOf?: (index: number) => number) {
  const w = await marketWorld(connection);
  const members = await makeMembers(w.rules, count, levelOf);
  await connection.networkHelpers.time.increase(1);
  return { ...w, members, panel: w.rules.contracts.DisputePanel };
}

export type PanelWorld = Awaited<ReturnType<typeof panelWorld>>;

/** A task settled to the first agent and delivered in time. */
export async function deliveredTask(w: PanelWorld, options: Partial<TaskOptions> = {}): Promise<bigint> {
  const { taskId } = await settledTask(w.rules, [[w.first, PRICE]], { disputeWindow: DISPUTE_WINDOW, ...options });
  await deliver(w.rules, taskId, 0, w.first);
  return taskId;
}

/** Gives an account credits and lets the panel take a bond. */
export async function allowBond({ rules, credits }: PanelWorld, account: Signer | Agent["key"]): Promise<void> {
  await (await credits.connect(rules.operator).transfer(account.address, BOND)).wait();
  await (await credits.connect(account as never).approve(rules.at.DisputePanel, BOND)).wait();
}

/** Objects with a bond that just suffices. */
export async function objectTo(w: PanelWorld, taskId: bigint, by: Signer | Agent["key"]) {
  await allowBond(w, by);
  return await w.panel.connect(by as never).objectToVerdict(taskId, 0, id("this is wrong"));
}

export async function voteCommitment(
  { rules }: PanelWorld,
  taskId: bigint,
  voter: string,
  uphold: boolean,
  salt = SALT,
): Promise<string> {
  const { chainId } = await rules.connection.ethers.provider.getNetwork();
  const types = ["uint256", "address", "uint256", "uint256", "address", "bool", "bytes32"];
  const values = [chainId, rules.at.DisputePanel, taskId, 0n, voter, uphold, salt];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

/** Seals these votes; undefined is no vote. */
export async function sealVotes(w: PanelWorld, taskId: bigint, votes: readonly (boolean | undefined)[]): Promise<void> {
  const seats = await w.panel.seatsOf(taskId, 0);
  for (const [i, uphold] of votes.entries()) {
    const voter = seats[i]?.voter;
    if (uphold === undefined || voter === undefined) continue;
    const commitment = await voteCommitment(w, taskId, voter, uphold);
    await (await w.panel.connect(memberOf(w, voter).key as never).commitVote(taskId, 0, commitment)).wait();
  }
}

export async function toVoteReveal({ rules, panel }: PanelWorld, taskId: bigint): Promise<void> {
  const { voteDeadline } = await panel.disputeOf(taskId, 0);
  await rules.connection.networkHelpers.time.increaseTo(voteDeadline + 1n);
}

export async function toRuling({ rules, panel }: PanelWorld, taskId: bigint): Promise<void> {
  const { revealDeadline } = await panel.disputeOf(taskId, 0);
  await rules.connection.networkHelpers.time.increaseTo(revealDeadline + 1n);
}

/** Seals and opens these votes, by seat in the order of the draw, and moves time past the reveal deadline. */
export async function decide(w: PanelWorld, taskId: bigint, votes: readonly (boolean | undefined)[]): Promise<void> {
  await sealVotes(w, taskId, votes);
  await toVoteReveal(w, taskId);
  const seats = await w.panel.seatsOf(taskId, 0);
  for (const [i, uphold] of votes.entries()) {
    const voter = seats[i]?.voter;
    if (uphold === undefined || voter === undefined) continue;
    await (await w.panel.connect(w.rules.stranger).revealVote(taskId, 0, voter, uphold, SALT)).wait();
  }
  await toRuling(w, taskId);
}

export function memberOf({ members }: PanelWorld, voter: string): Agent {
  const member = members.find(({ key }) => key.address === voter);
  if (member === undefined) throw new RangeError(`${voter} is no member's key`);
  return member;
}
