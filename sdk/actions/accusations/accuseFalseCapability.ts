import {
  type Address,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  parseEventLogs,
  zeroAddress,
  zeroHash,
} from "viem";
import { readContract } from "viem/actions";
import { capabilityResolverAbi } from "../../abis/capabilityResolver.ts";
import { falseCapabilityAbi } from "../../abis/falseCapability.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { requireEvent } from "../../transactions/requireEvent.ts";
import { sendTransaction, type WriteParameters, type WriteResult } from "../../transactions/sendTransaction.ts";
import { getBidKeys } from "../agents/getBidKeys.ts";
import { getBids } from "../bids/getBids.ts";
import { type Capability, capabilityIdOf } from "../capabilities/capabilityIdOf.ts";
import { getTask } from "../tasks/getTask.ts";

export interface AccuseFalseCapabilityParameters extends WriteParameters {
  readonly agentId: bigint;
  readonly capability: Capability;
  /** Task that asked for the capability, and for which the agent bid. */
  readonly taskId: bigint;
  /** Whose attestation is false; that of whoever counts where any attester will do, unless given. */
  readonly attester?: Address;
  /** The attestation by its id, where it is none that counts now: revoked or expired since, or corrected. */
  readonly uid?: Hex;
  /** Hash of whatever was found, for the operators to ask for. */
  readonly report?: Hex;
}

export interface AccuseFalseCapabilityResult extends WriteResult {
  readonly accusationId: bigint;
  /** Attestation that is accused. */
  readonly uid: Hex;
  /** Locked from the account's stake as an attester, in units of 10⁻⁶ credit. */
  readonly locked: bigint;
  /** Last second for others to second the accusation. */
  readonly deadline: bigint;
}

/**
 * Accuses an agent of having bid with a capability that it does not have, once the task takes no more bids; by an attester whose organisation has no part
 * in the task and is neither the agent's nor the accused attester's. It locks what the accusation would cost the agent,
 * until the accusation ends; others second it, then the operators decide.
 *
 * Throws `RevertedError`: `FalseCapabilityNoAttester`, `FalseCapabilityInvolved`, `BondStakeShort`,
 * `FalseCapabilityNoAttestation`, `FalseCapabilityNotRequired`, `FalseCapabilityNotStanding`, `FalseCapabilityNoBid`,
 * `FalseCapabilityTooEarly`, `FalseCapabilityTooOld`, `FalseCapabilityDecided`, `FalseCapabilityAccused` (facts: the accusation to second).
 * @example
 * ```ts
 * const { accusationId } = await accuseFalseCapability(client, { agentId: 7n, capability: "count-words", taskId: 12n });
 * ```
 */
export async function accuseFalseCapability(
  client: AllotCore,
  parameters: AccuseFalseCapabilityParameters,
): Promise<AccuseFalseCapabilityResult> {
  const { taskId, report = zeroHash, gas } = parameters;
  const { rules } = client.allot;
  const { tenderId } = await getTask(client, { taskId });
  const [uid, bidder] = await Promise.all([
    parameters.uid ?? cachedAttestation(client, parameters),
    bidderOf(client, parameters.agentId, tenderId),
  ]);
  const charge = { resolver: rules.capabilityResolver, uid, tender: rules.sealedBidTender, tenderId, bidder };
  const data = encodeFunctionData({ abi: falseCapabilityAbi, functionName: "accuse", args: [charge, report] });
  const result = await sendTransaction(client, { to: rules.falseCapability, data, gas });
  const events = parseEventLogs({ abi: falseCapabilityAbi, logs: result.receipt.logs, eventName: "AccusationMade" });
  const { accusationId, penalty, deadline } = requireEvent(events, "AccusationMade").args;
  return { ...result, accusationId, uid, locked: penalty, deadline };
}

/** The attestation that counts, or counted until its attester's standing ended; 0 for none. */
function cachedAttestation(client: AllotCore, parameters: AccuseFalseCapabilityParameters): Promise<Hex> {
  const { agentId, attester } = parameters;
  const capability = capabilityIdOf(parameters.capability);
  const resolver = { address: client.allot.rules.capabilityResolver, abi: capabilityResolverAbi } as const;
  return callRules(
    attester === undefined
      ? readContract(client, { ...resolver, functionName: "cachedAttestationOf", args: [agentId, capability] })
      : readContract(client, {
          ...resolver,
          functionName: "cachedAttestationFrom",
          args: [agentId, capability, attester],
        }),
  );
}

/** The key with which the agent bid; zero where it did not, which the rules then refuse. */
async function bidderOf(client: AllotCore, agentId: bigint, tenderId: Hex): Promise<Address> {
  const [keys, bids] = await Promise.all([getBidKeys(client, { agentId }), getBids(client, { tenderId })]);
  const own = bids.find(({ bidder }) => keys.some(({ bidKey }) => isAddressEqual(bidKey, bidder)));
  return own?.bidder ?? zeroAddress;
}
