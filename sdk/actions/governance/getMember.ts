import type { Address } from "viem";
import { readContract } from "viem/actions";
import { permissionsAbi } from "../../abis/permissions.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface Member {
  readonly account: Address;
  /** For good. */
  readonly organisationId: number;
  /** False when it or its organisation is delisted: it may start nothing new. */
  readonly active: boolean;
}

/**
 * Which organisation an account belongs to; undefined for a stranger, whose transactions no validator takes.
 * @example
 * ```ts
 * const member = await getMember(client, { account: owner });
 * ```
 */
export async function getMember(
  client: AllotCore,
  { account }: { readonly account: Address },
): Promise<Member | undefined> {
  const permissions = { address: client.allot.rules.permissions, abi: permissionsAbi, args: [account] } as const;
  const [organisationId, active] = await callRules(
    Promise.all([
      readContract(client, { ...permissions, functionName: "organisationOf" }),
      readContract(client, { ...permissions, functionName: "isActive" }),
    ]),
  );
  return organisationId === 0 ? undefined : { account, organisationId, active };
}
