import { type Address, type Hex, isAddressEqual } from "viem";
import { readContract } from "viem/actions";
import { sealedBidTenderAbi } from "../../abis/sealedBidTender.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { type Mechanism, mechanisms } from "../tasks/mechanism.ts";
import { type TenderPhase, tenderPhases, wordFor } from "../tasks/taskStatus.ts";

/** Amounts in units of 10⁻⁶ credit, times in seconds since 1970. */
export interface Tender {
  readonly tenderId: Hex;
  readonly phase: TenderPhase;
  /** Undefined when the mechanism is none that the client knows the address of. */
  readonly mechanism: Mechanism | undefined;
  /** Highest price per unit. */
  readonly reserve: bigint;
  readonly units: number;
  readonly openedAt: bigint;
  /** Last second for commitments. */
  readonly commitDeadline: bigint;
  /** Last second for reveals. */
  readonly revealDeadline: bigint;
  readonly maxBidders: number;
  /** Commitments so far. */
  readonly bidCount: number;
  /** Organisation whose agents may not bid. */
  readonly requesterOrganisation: number;
  /** Stake that each bidder locks until it reveals. */
  readonly lock: bigint;
  readonly requirements: readonly { readonly capability: Hex; readonly level: number; readonly attester: Address }[];
}

/**
 * Reads a tender. Throws `RevertedError` (`TenderUnknown`) for an id that does not exist.
 * @example
 * ```ts
 * const { commitDeadline, reserve } = await getTender(client, { tenderId });
 * ```
 */
export async function getTender(client: AllotCore, { tenderId }: { readonly tenderId: Hex }): Promise<Tender> {
  const { rules } = client.allot;
  const tender = { address: rules.sealedBidTender, abi: sealedBidTenderAbi, args: [tenderId] } as const;
  const [terms, market, phase, openedAt, bidCount] = await callRules(
    Promise.all([
      readContract(client, { ...tender, functionName: "termsOf" }),
      readContract(client, { ...tender, functionName: "marketTermsOf" }),
      readContract(client, { ...tender, functionName: "phaseOf" }),
      readContract(client, { ...tender, functionName: "openedAt" }),
      readContract(client, { ...tender, functionName: "bidCount" }),
    ]),
  );
  return {
    tenderId,
    phase: wordFor(tenderPhases, phase),
    mechanism: mechanisms.find((name) => isAddressEqual(rules[name], terms.mechanism)),
    reserve: terms.reserve,
    units: Number(terms.units),
    openedAt,
    commitDeadline: terms.commitDeadline,
    revealDeadline: terms.revealDeadline,
    maxBidders: Number(terms.maxBidders),
    bidCount: Number(bidCount),
    requesterOrganisation: market.requesterOrganisation,
    lock: market.lock,
    requirements: market.requirements,
  };
}
