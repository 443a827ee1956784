// A validator as ValidatorRegistry records it, in words.
import type { Address, ContractFunctionReturnType, Hex } from "viem";
import { readContract } from "viem/actions";
import { validatorRegistryAbi } from "../../abis/validatorRegistry.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/**
 * `admitted`: known, and may join. `joining`, `active`, `leaving`: in the sets of epochs to come; in the present one's;
 * in the present one's for the last time. `left`: in none any more, for good.
 */
export type SeatStatus = "admitted" | "joining" | "active" | "leaving" | "left";

/** Amounts in units of 10⁻⁶ credit. */
export interface ValidatorSeat {
  /** Address of the validator key, which signs votes and nothing else. */
  readonly validator: Address;
  readonly name: string;
  readonly organisation: number;
  /** Account that acts for the seat and is paid its stake. */
  readonly owner: Address;
  /** Compressed public key by which it is known on the network. */
  readonly peerKey: Hex;
  /** libp2p multiaddrs without the /p2p part. */
  readonly addresses: readonly string[];
  readonly status: SeatStatus;
  /** First epoch in whose set it is; undefined while it has not joined. */
  readonly from: number | undefined;
  /** First epoch after that in whose set it is no longer; undefined while none is known. */
  readonly until: number | undefined;
  /** Stake that is not on its way out. */
  readonly bonded: bigint;
  readonly locked: bigint;
  /** Stake on its way out, which can still be slashed, and when it can be withdrawn. */
  readonly unbonding: bigint;
  readonly readyAt: bigint;
  /** Convicted: its key never serves again. */
  readonly barred: boolean;
}

type Recorded = ContractFunctionReturnType<typeof validatorRegistryAbi, "view", "validatorOf">;
type Bond = ContractFunctionReturnType<typeof validatorRegistryAbi, "view", "bondOf">;

/** The registry's word for an end that is not known. */
const open = 2n ** 64n - 1n;

export const registryOf = (client: AllotCore) =>
  ({ address: client.allot.rules.validatorRegistry, abi: validatorRegistryAbi }) as const;

function statusOf({ from, until }: Recorded, epoch: bigint): SeatStatus {
  if (until === 0n) return "admitted";
  // It may have left again before its first epoch began.
  if (until <= epoch || until === from) return "left";
  if (from > epoch) return "joining";
  return until === open ? "active" : "leaving";
}

function seatOf(recorded: Recorded, bond: Bond, epoch: bigint): ValidatorSeat {
  const { account, name, organisation, owner, peerKey, addresses, from, until } = recorded;
  const { bonded, locked, unbonding, readyAt, suspended } = bond;
  return {
    ...{ validator: account, name, organisation, owner, peerKey, addresses },
    status: statusOf(recorded, epoch),
    from: until === 0n ? undefined : Number(from),
    until: until === 0n || until === open ? undefined : Number(until),
    ...{ bonded, locked, unbonding, readyAt },
    barred: suspended,
  };
}

/** What the registry has of an account; undefined for a stranger. */
export async function readSeat(client: AllotCore, validator: Address): Promise<ValidatorSeat | undefined> {
  const registry = registryOf(client);
  const [recorded, bond, epoch] = await callRules(
    Promise.all([
      readContract(client, { ...registry, functionName: "validatorOf", args: [validator] }),
      readContract(client, { ...registry, functionName: "bondOf", args: [validator] }),
      readContract(client, { ...registry, functionName: "currentEpoch" }),
    ]),
  );
  return BigInt(recorded.account) === 0n ? undefined : seatOf(recorded, bond, epoch);
}
