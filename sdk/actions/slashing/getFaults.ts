import { type Address, type Hex, isAddressEqual } from "viem";
import { getContractEvents } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { RuleAddresses } from "../../contracts.ts";
import { inStretches } from "../../transactions/inStretches.ts";

/** A fault that was punished. Amounts in units of 10⁻⁶ credit. */
export interface Fault {
  readonly faultId: Hex;
  readonly agentId: bigint;
  /** Contract that judged it. */
  readonly module: Address;
  /** That contract's name among the rules, "bidEquivocation" for instance; undefined when it is none of them. */
  readonly moduleName: keyof RuleAddresses | undefined;
  /** Taken from the stake. */
  readonly taken: bigint;
  /** Part of it that waits, or waited, for a reporter; the rest was burned at once. */
  readonly held: bigint;
  /** Who was credited with the reward; undefined while nobody was. */
  readonly reporter: Address | undefined;
  /** True when the reward was burned because nobody claimed it in time. */
  readonly rewardBurned: boolean;
  readonly blockNumber: bigint;
}

export interface GetFaultsParameters {
  /** Only this agent's; every agent's unless given. */
  readonly agentId?: bigint;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Faults that agents were slashed for, oldest first, and what became of the reporter's share.
 * @example
 * ```ts
 * const faults = await getFaults(client, { agentId: 7n });
 * ```
 */
export async function getFaults(client: AllotCore, parameters: GetFaultsParameters = {}): Promise<readonly Fault[]> {
  const { agentId, fromBlock = 0n } = parameters;
  const { rules } = client.allot;
  const ledger = { address: rules.agentLedger, abi: agentLedgerAbi, strict: true } as const;
  const args = agentId === undefined ? {} : { agentId };
  const [slashed, credited, burned] = await Promise.all([
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "AgentSlashed", args, ...stretch }),
    ),
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "RewardCredited", ...stretch }),
    ),
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "RewardBurned", ...stretch }),
    ),
  ]);
  const reporters = new Map(credited.map((event) => [event.args.faultId, event.args.reporter]));
  const burnedFaults = new Set(burned.map((event) => event.args.faultId));
  return slashed.map((event) => {
    const { faultId, module, amount, held } = event.args;
    return {
      faultId,
      agentId: event.args.agentId,
      module,
      moduleName: ruleNameOf(rules, module),
      taken: amount,
      held,
      reporter: reporters.get(faultId),
      rewardBurned: burnedFaults.has(faultId),
      blockNumber: event.blockNumber,
    };
  });
}

/** The name of a rule contract; undefined for any other address. */
export function ruleNameOf(rules: RuleAddresses, address: Address): keyof RuleAddresses | undefined {
  const names = Object.keys(rules) as (keyof RuleAddresses)[];
  return names.find((name) => isAddressEqual(rules[name], address));
}
