import { readContract } from "viem/actions";
import { permissionsAbi } from "../../abis/permissions.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

export interface Organisation {
  readonly organisationId: number;
  readonly name: string;
  /** False when it is delisted: its members may start nothing new. */
  readonly active: boolean;
}

/**
 * Every organisation of the network, in the order of their ids, which count from 1.
 * @example
 * ```ts
 * const listed = (await getOrganisations(client)).filter(({ active }) => active);
 * ```
 */
export async function getOrganisations(client: AllotCore): Promise<readonly Organisation[]> {
  const permissions = { address: client.allot.rules.permissions, abi: permissionsAbi } as const;
  const count = await callRules(readContract(client, { ...permissions, functionName: "organisationCount" }));
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const organisationId = index + 1;
      const read = readContract(client, { ...permissions, functionName: "organisation", args: [organisationId] });
      const [name, active] = await callRules(read);
      return { organisationId, name, active };
    }),
  );
}
