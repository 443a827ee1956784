import { type Address, type Hex, isAddressEqual } from "viem";
import { getContractEvents } from "viem/actions";
import { agentLedgerAbi } from "../../abis/agentLedger.ts";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import type { RuleAddresses } from "../../contracts.ts";
import { inStretches } from "../../transactions/inStretches.ts";
import { type StakeRegister, stakeRegisterOf } from "./stakeRegister.ts";

/** A fault that was punished. Amounts in units of 10⁻⁶ credit. */
export interface Fault {
  readonly faultId: Hex;
  /** Whose stake was taken. */
  readonly register: StakeRegister;
  /** The agent's, where it was one. */
  readonly agentId: bigint | undefined;
  /** The attester's, or the validator key's, where it was one. */
  readonly account: Address | undefined;
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
  /** Only this agent's; everybody's unless given. */
  readonly agentId?: bigint;
  /** Only this attester's, or this validator key's. */
  readonly account?: Address;
  /** First block to look at; 0 unless given. */
  readonly fromBlock?: bigint;
}

/**
 * Faults that agents, attesters and validators were slashed for, oldest first, and what became of the reporter's share.
 * @example
 * ```ts
 * const faults = await getFaults(client, { agentId: 7n });
 * ```
 */
export async function getFaults(client: AllotCore, parameters: GetFaultsParameters = {}): Promise<readonly Fault[]> {
  const { agentId, account } = parameters;
  const ofAgents = account === undefined ? [agentFaults(client, parameters)] : [];
  const ofAccounts =
    agentId === undefined
      ? (["attesters", "validators"] as const).map((one) => bondFaults(client, one, parameters))
      : [];
  const found = (await Promise.all([...ofAgents, ...ofAccounts])).flat();
  return found.sort((a, b) => Number(a.blockNumber - b.blockNumber));
}

async function agentFaults(client: AllotCore, { agentId, fromBlock = 0n }: GetFaultsParameters): Promise<Fault[]> {
  const { rules } = client.allot;
  const ledger = { address: rules.agentLedger, abi: agentLedgerAbi, strict: true } as const;
  const args = agentId === undefined ? {} : { agentId };
  const [slashed, rewardOf] = await Promise.all([
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "AgentSlashed", args, ...stretch }),
    ),
    rewardsOf(client, "agents", fromBlock),
  ]);
  return slashed.map(({ args: { faultId, module, amount, held, ...of }, blockNumber }) => ({
    ...{ faultId, register: "agents", agentId: of.agentId, account: undefined },
    ...{ module, moduleName: ruleNameOf(rules, module), taken: amount, held, blockNumber },
    ...rewardOf(faultId),
  }));
}

/** Attesters' and validators' stake is held by contracts with the same events. */
async function bondFaults(
  client: AllotCore,
  register: "attesters" | "validators",
  { account, fromBlock = 0n }: GetFaultsParameters,
): Promise<Fault[]> {
  const { rules } = client.allot;
  const registry = { address: stakeRegisterOf(rules, register), abi: attesterRegistryAbi, strict: true } as const;
  const args = account === undefined ? {} : { account };
  const [slashed, rewardOf] = await Promise.all([
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...registry, eventName: "StakeSlashed", args, ...stretch }),
    ),
    rewardsOf(client, register, fromBlock),
  ]);
  return slashed.map(({ args: { faultId, module, taken, reward, ...of }, blockNumber }) => ({
    ...{ faultId, register, agentId: undefined, account: of.account },
    ...{ module, moduleName: ruleNameOf(rules, module), taken, held: reward, blockNumber },
    ...rewardOf(faultId),
  }));
}

/** What became of a fault's reward. */
async function rewardsOf(
  client: AllotCore,
  register: StakeRegister,
  fromBlock: bigint,
): Promise<(faultId: Hex) => Pick<Fault, "reporter" | "rewardBurned">> {
  const ledger = { address: stakeRegisterOf(client.allot.rules, register), abi: agentLedgerAbi, strict: true } as const;
  const [credited, burned] = await Promise.all([
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "RewardCredited", ...stretch }),
    ),
    inStretches(client, fromBlock, (stretch) =>
      getContractEvents(client, { ...ledger, eventName: "RewardBurned", ...stretch }),
    ),
  ]);
  const reporters = new Map(credited.map(({ args }) => [args.faultId, args.reporter]));
  const burnedFaults = new Set(burned.map(({ args }) => args.faultId));
  return (faultId) => ({ reporter: reporters.get(faultId), rewardBurned: burnedFaults.has(faultId) });
}

/** The name of a rule contract; undefined for any other address. */
export function ruleNameOf(rules: RuleAddresses, address: Address): keyof RuleAddresses | undefined {
  const names = Object.keys(rules) as (keyof RuleAddresses)[];
  return names.find((name) => isAddressEqual(rules[name], address));
}
