// From flags and the seats' public entries to a new network.
import { checkValue } from "../config/jsonFile.ts";
import { digest } from "../config/schemas.ts";
import type { Founding } from "../genesis/founding.ts";
import { type NewNetwork, randomNetworkId, validatorsOf } from "../genesis/newNetwork.ts";
import { defaultExecution, localConsensus, wideAreaConsensus } from "../genesis/parameters.ts";
import { credit } from "../genesis/rulesParameters.ts";
import type { SeatEntry } from "../genesis/seatEntry.ts";
import { quorumOf } from "../types/quorum.ts";
import type { NetworkFlags } from "./networkFlags.ts";

/** Credits that each founding organisation's operator starts with. */
const treasury = 1_000_000n * credit;

/** Every seat's organisation, with its operator as first member and one of the governors, and its validators' reporters. */
export function foundingOf(entries: readonly SeatEntry[]): Founding {
  const names = [...new Set(entries.map((entry) => entry.organisation))];
  const operators = [...new Set(entries.map((entry) => entry.operator))];
  return {
    organisations: names.map((name) => {
      const seats = entries.filter((entry) => entry.organisation === name);
      const members = [...seats.map(({ operator }) => operator), ...seats.map(({ reporter }) => reporter)];
      return { name, members: [...new Set(members)] };
    }),
    credits: operators.map((holder) => ({ holder, amount: treasury })),
    operators,
    // More than two thirds, as the validators' own quorum.
    operatorQuorum: quorumOf(operators.length),
    // Until they list others.
    attesters: operators,
  };
}

/** The network that these flags describe, with these validators. */
export function networkOf(
  flags: NetworkFlags,
  entries: readonly SeatEntry[],
  pace: "local" | "wide-area",
  founding: Founding = foundingOf(entries),
): NewNetwork {
  const consensus = (flags.pace ?? pace) === "local" ? localConsensus : wideAreaConsensus;
  const { epochBlocks = consensus.epochBlocks } = flags;
  return {
    chainId: flags.chainId,
    networkId: flags.networkId === undefined ? randomNetworkId() : checkValue("--network-id", digest, flags.networkId),
    timestampMs: Date.now(),
    validators: validatorsOf(entries),
    consensus: { ...consensus, epochBlocks },
    execution: defaultExecution,
    accounts: {},
    rules: flags.bare === true ? undefined : { founding, pace: flags.rules },
  };
}
