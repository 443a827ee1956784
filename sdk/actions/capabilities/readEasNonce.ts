import type { Address } from "viem";
import { readContract } from "viem/actions";
import { easAbi } from "../../abis/eas.ts";
import type { AllotCore } from "../../clients/context.ts";
import { callRules } from "../../transactions/callRules.ts";

/** Number of an account's next delegated request at EAS. */
export function readEasNonce(client: AllotCore, account: Address): Promise<bigint> {
  const eas = { address: client.allot.rules.eas, abi: easAbi } as const;
  return callRules(readContract(client, { ...eas, functionName: "getNonce", args: [account] }));
}
