// What happened on the panel, told as it happens and judged at the end, from the chain's events alone.
import { type Address, decodeEventLog } from "viem";
import { disputePanelAbi } from "../../sdk/abis/disputePanel.ts";
import { type Ruling, rulings } from "../../sdk/actions/disputes/dispute.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { FollowedBlock } from "./follow.ts";
import { inCredits } from "./inCredits.ts";

export interface DisputeRecord {
  readonly taskId: bigint;
  readonly objector: Address;
  seats: number;
  /** Opened votes. */
  votes: number;
  /** Undefined until the bond is shared out. */
  ruling: Ruling | undefined;
}

export interface DisputeBoard {
  readonly disputes: ReadonlyMap<bigint, DisputeRecord>;
  /** When each organisation's agent joined the panel, in seconds of block time, by agent id. */
  readonly members: ReadonlyMap<bigint, number>;
  take(block: FollowedBlock): void;
}

export interface DisputeBoardOptions {
  /** Name of an address; the address itself when it is nobody's. */
  readonly nameOf: (address: Address) => string;
  readonly say: (text: string) => void;
}

export function createDisputeBoard({ nameOf, say }: DisputeBoardOptions): DisputeBoard {
  const panel = ruleAddresses.disputePanel.toLowerCase();
  const disputes = new Map<bigint, DisputeRecord>();
  const members = new Map<bigint, number>();

  const tell = ({ data, topics }: FollowedBlock["logs"][number], timestamp: number): void => {
    const event = decodeEventLog({ abi: disputePanelAbi, data, topics });
    if (event.eventName === "PanelJoined") members.set(event.args.agentId, timestamp);
    if (!("taskId" in event.args)) return;
    const { taskId } = event.args;
    const label = `task ${String(taskId).padStart(2)}`;
    const dispute = disputes.get(taskId);
    switch (event.eventName) {
      case "ObjectionMade": {
        const { objector, bond } = event.args;
        disputes.set(taskId, { taskId, objector, seats: 0, votes: 0, ruling: undefined });
        say(`${label}  ${nameOf(objector)} objects, with a bond of ${inCredits(bond)} credits`);
        return;
      }
      case "SeatDrawn":
        if (dispute !== undefined) dispute.seats++;
        say(`${label}  ${nameOf(event.args.voter)} is drawn for the panel`);
        return;
      case "VoteRevealed": {
        const { voter, uphold } = event.args;
        if (dispute !== undefined) dispute.votes++;
        say(`${label}  ${nameOf(voter)} votes ${uphold ? "for the objection" : "for the verdict"}`);
        return;
      }
      case "DisputeConcluded": {
        const { returned, paid } = event.args;
        const ruling = rulings[event.args.ruling];
        if (dispute !== undefined) dispute.ruling = ruling;
        const bond = `${inCredits(returned)} credits of the bond go back, ${inCredits(paid)} to the voters`;
        say(`${label}  the panel's ruling: ${ruling}; ${bond}`);
        return;
      }
      default:
    }
  };

  return {
    disputes,
    members,
    take(block) {
      for (const log of block.logs) if (log.address.toLowerCase() === panel) tell(log, block.timestamp);
    },
  };
}
