// How an agent joins the market: identity, bid key, stake. Its capabilities are attested by others.
import { statSync } from "node:fs";
import type { Address } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { AllotError } from "../../../node/types/errors.ts";
import type { RoleContext } from "../roleContext.ts";

export interface Membership {
  readonly agentId: bigint;
  /** Owner and bid key at once. */
  readonly address: Address;
}

export async function join({ client, config, market }: RoleContext): Promise<Membership> {
  const self = market.agents.find((one) => one.name === config.name);
  if (self === undefined) {
    throw new AllotError("NO_SUCH_AGENT", { name: config.name }, `${config.marketFile} names no agent ${config.name}`);
  }
  const account = privateKeyToAccount(config.privateKey);
  const { agentId } = await client.registerAgent({ uri: `data:application/json,{"name":"${self.name}"}` });
  await client.setBidKey({ agentId, bidKey: account });
  await client.depositStake({ agentId, amount: self.stake });
  return { agentId, address: account.address };
}

export const fileSize = (path: string): number => statSync(path).size;
