import type { Address } from "viem";
import { readContract } from "viem/actions";
import { attesterRegistryAbi } from "../../abis/attesterRegistry.ts";
import { permissionsAbi } from "../../abis/permissions.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";
import { readEasNonce } from "../capabilities/readEasNonce.ts";

/** Amounts in units of 10⁻⁶ credit. */
export interface Attester {
  readonly attester: Address;
  /** 0 for a stranger. */
  readonly organisation: number;
  /** Whether the operators accept it. */
  readonly listed: boolean;
  /** Whether it may attest now, and what it attested counts. */
  readonly counts: boolean;
  /** Stake that is not on its way out. */
  readonly bonded: bigint;
  /** Part of it that accusations hold until their decision. */
  readonly locked: bigint;
  /** Stake on its way out, which can still be slashed, and when it can be withdrawn. */
  readonly unbonding: bigint;
  readonly readyAt: bigint;
  /** After a slash, until the operators reinstate it. */
  readonly suspended: boolean;
  /** Least `bonded` of an attester that counts. */
  readonly minStake: bigint;
  /** Number of the next request that it signs for others to send (EAS takes them in order). */
  readonly nextNonce: bigint;
}

/**
 * An attester's standing and stake; of any account.
 * @example
 * ```ts
 * const { counts, bonded } = await getAttester(client, { attester: "0x…" });
 * ```
 */
export async function getAttester(client: AllotCore, { attester }: { readonly attester: Address }): Promise<Attester> {
  const { attesterRegistry, permissions } = client.allot.rules;
  const registry = { address: attesterRegistry, abi: attesterRegistryAbi } as const;
  const members = { address: permissions, abi: permissionsAbi } as const;
  const args = [attester] as const;
  const [organisation, listed, counts, minStake, bond, nextNonce] = await callRules(
    Promise.all([
      readContract(client, { ...members, functionName: "organisationOf", args }),
      readContract(client, { ...registry, functionName: "isListed", args }),
      readContract(client, { ...registry, functionName: "isAttester", args }),
      readContract(client, { ...registry, functionName: "minStake" }),
      readContract(client, { ...registry, functionName: "bondOf", args }),
      readEasNonce(client, attester),
    ]),
  );
  const { bonded, locked, unbonding, readyAt, suspended } = bond;
  const standing = { attester, organisation, listed, counts, suspended, minStake, nextNonce };
  return { ...standing, bonded, locked, unbonding, readyAt };
}
