// The attester's part: attests, on the Ethereum Attestation Service, what every agent can do and who may vote on
// disputes, and revokes what has lapsed.
import { privateKeyToAccount } from "viem/accounts";
import { allotChain, createAllotClient } from "../../sdk/index.ts";
import type { Market } from "./marketFile.ts";
import type { Person } from "./people.ts";
import { transportTo } from "./roleContext.ts";

export const capabilityLevel = 1;
/** What the members of the panel hold. */
export const panelCapability = "evaluation";

export async function attestAgents(
  network: { readonly chainId: number; readonly rpcUrls: readonly string[] },
  attester: Person,
  market: Market,
  agentIds: ReadonlyMap<string, bigint>,
): Promise<{ readonly attested: number; readonly revoked: number }> {
  const { chainId, rpcUrls } = network;
  const client = createAllotClient({
    transport: transportTo(rpcUrls, () => undefined),
    account: privateKeyToAccount(attester.privateKey),
    chain: allotChain({ chainId, rpcUrls }),
  });
  const wanted = market.agents.flatMap(({ name, work, panel, behaviour }) =>
    [...Object.keys(work), ...(panel ? [panelCapability] : [])].map((capability) => ({
      ...{ agentId: agentIds.get(name), capability },
      lapses: behaviour === "lapses",
    })),
  );
  const revoked = await Promise.all(
    wanted.map(async ({ agentId, capability, lapses }) => {
      if (agentId === undefined) return false;
      const { uid } = await client.attestCapability({ agentId, capability, level: capabilityLevel });
      if (lapses) await client.revokeCapability({ uid });
      return lapses;
    }),
  );
  return { attested: wanted.length, revoked: revoked.filter((one) => one).length };
}
