import type { Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { wordFor } from "../tasks/taskStatus.ts";
import { type AccusationRuling, type AccusationStatus, accusationRulings, accusationStatuses } from "./accusation.ts";

/** An accusation of a false capability. Amounts in units of 10⁻⁶ credit, times in seconds of block time. */
export interface Accusation {
  readonly accusationId: bigint;
  /** `gathering` and `deciding` also name one whose deadline has passed and that nobody has closed yet. */
  readonly status: AccusationStatus;
  /** What the operators decided; `none` until then. */
  readonly ruling: AccusationRuling;
  readonly agentId: bigint;
  /** Id of the capability: keccak256 of its name. */
  readonly capability: Hex;
  /** The attestation that is said to be false, and whose it is. */
  readonly uid: Hex;
  readonly attester: Address;
  /** Tender in which the agent bid with it. */
  readonly tenderId: Hex;
  /** In the order in which they came. */
  readonly accusers: readonly Address[];
  /** Accusers without whom the operators are not asked. */
  readonly needed: number;
  /** What each accuser has locked. */
  readonly locked: bigint;
  /** What whoever pays would pay, if it were decided now: of the share then and now, the lower counts. */
  readonly penalty: bigint;
  /** Last second for another accuser, or for the operators. */
  readonly deadline: bigint;
}

/**
 * Reads an accusation. Throws `RevertedError`: `FalseCapabilityUnknown`.
 * @example
 * ```ts
 * const { status, accusers, deadline } = await getAccusation(client, { accusationId: 3n });
 * ```
 */
export async function getAccusation(
  client: AllotCore,
  { accusationId }: { readonly accusationId: bigint },
): Promise<Accusation> {
  const module = { address: client.allot.rules.falseCapability, abi: falseCapabilityAbi } as const;
  const args = [accusationId] as const;
  const [stored, accusers, penalty] = await callRules(
    Promise.all([
      readContract(client, { ...module, functionName: "accusationOf", args }),
      readContract(client, { ...module, functionName: "accusersOf", args }),
      readContract(client, { ...module, functionName: "penaltyOf", args }),
    ]),
  );
  const { agentId, capability, uid, attester, tenderId, needed, deadline } = stored;
  return {
    accusationId,
    status: wordFor(accusationStatuses, stored.status),
    ruling: wordFor(accusationRulings, stored.ruling),
    agentId,
    capability,
    uid,
    attester,
    tenderId,
    accusers,
    needed,
    locked: stored.penalty,
    penalty,
    deadline,
  };
}
