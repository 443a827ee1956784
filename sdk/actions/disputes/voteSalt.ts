import { type Hex, keccak256 } from "viem";
import { type AllotCore, requireAccount } from "../../clients/context.ts";
import { marketDomain } from "../../typedData/domain.ts";

const types = {
  VoteSalt: [
    { name: "taskId", type: "uint256" },
    { name: "unit", type: "uint256" },
  ],
} as const;

/**
 * Salt of the account's vote about a unit: the digest of a signature that is never shown. An account signs the same
 * message the same way every time, so a voter that restarts opens its vote without having kept anything.
 */
export async function voteSaltOf(client: AllotCore, taskId: bigint, unit: number): Promise<Hex> {
  const account = requireAccount(client);
  const network = await client.allot.network();
  const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.disputePanel });
  const message = { taskId, unit: BigInt(unit) };
  return keccak256(await account.signTypedData({ domain, types, primaryType: "VoteSalt", message }));
}
