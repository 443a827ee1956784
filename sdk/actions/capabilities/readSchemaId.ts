import type { Hex } from "viem";
import { readContract } from "viem/actions";
import { capabilityResolverAbi } from "../../abis/capabilityResolver.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** EAS's id of the schema that capabilities are attested under. */
export function readSchemaId(client: AllotCore): Promise<Hex> {
  const resolver = { address: client.allot.rules.capabilityResolver, abi: capabilityResolverAbi } as const;
  return callRules(readContract(client, { ...resolver, functionName: "schemaId" }));
}
