// The agents that lie. One signs two different bids for the same slot and hands them to different validators; the other
// commits one on chain, and hands out its signature under another. They leave the SDK's sign lock aside, which exists to
// make this impossible, and otherwise do their duties.
import { resolve } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import {
  type AllotClient,
  type Bid,
  commitmentOf,
  createAllotClient,
  marketDomain,
  type Opening,
  type PostedTask,
  randomSalt,
  signBidStatement,
} from "../../../sdk/index.ts";
import { dirnameOf } from "../files.ts";
import { costOf } from "../marketFile.ts";
import { pauseUntilAfter } from "../pause.ts";
import type { RoleConfig } from "../roleConfig.ts";
import { chainOf, type RoleContext, transportTo } from "../roleContext.ts";
import { specificationOf } from "../specification.ts";
import { doWork } from "../work.ts";
import { fileSize, join } from "./join.ts";

/** The rules refuse the second bid; its gas cannot be estimated. */
const commitGas = 400_000n;

/** A client of the second account that speaks to one validator only. */
function relayTo(config: RoleConfig, url: string, tell: RoleContext["tell"]): AllotClient {
  return createAllotClient({
    transport: transportTo([url], tell),
    account: privateKeyToAccount(config.relayKey ?? config.privateKey),
    chain: chainOf(config),
    networkId: config.networkId,
  });
}

export async function runEquivocator(context: RoleContext): Promise<void> {
  const { client, config, market, tell, say } = context;
  const { agentId, address } = await join(context);
  const self = market.agents.find((one) => one.name === config.name);
  const [first = "", second = first] = config.rpcUrls;
  const relay = relayTo(config, second, tell);
  const onChain = self?.behaviour === "signs-against-commit";
  const mine = new Map<bigint, PostedTask>();

  const sign = async (tenderId: PostedTask["tenderId"], opening: Opening) => {
    const bid: Bid = {
      tenderId,
      agentId,
      slot: 0n,
      commitment: commitmentOf({ tenderId, bidder: address, ...opening }),
    };
    const network = await client.allot.network();
    const domain = marketDomain({ ...network, verifyingContract: client.allot.rules.sealedBidTender });
    return { bid, signature: await signBidStatement(privateKeyToAccount(config.privateKey), domain, bid) };
  };

  const bidTwice = async (task: PostedTask, cost: bigint): Promise<void> => {
    const { tenderId, taskId } = task;
    const [opening, other] = [cost, cost * 3n].map((amount) => ({ amount, salt: randomSalt() })) as [Opening, Opening];
    if (onChain) {
      say(`commits to a bid for task ${taskId} on chain, and signs another for ${second}`);
      await client.commitBid({ tenderId, agentId, ...opening });
    } else {
      say(`signs two bids for task ${taskId} and hands them to ${first} and ${second}`);
      await client.relayBid({ ...(await sign(tenderId, opening)), gas: commitGas });
    }
    // Refused by the rules, as it must be; but the signature is out.
    await relay.relayBid({ ...(await sign(tenderId, other)), gas: commitGas }).catch(() => undefined);
    await pauseUntilAfter(task.commitDeadline);
    await client.revealBid({ tenderId, bidder: address, ...opening });
  };

  client.watchTasks({
    onTask: async (task) => {
      const { kind, file } = specificationOf(task.uri);
      const cost = self && costOf(self, kind, fileSize(resolve(dirnameOf(config.marketFile), file)));
      if (mine.size > 0 || cost === undefined || cost > task.reserve) return;
      mine.set(task.taskId, task);
      await bidTwice(task, cost).catch((error: Error) => say(error.message));
    },
  });
  client.watchAssignments({
    onAssignment: async ({ taskId, provider, jobId }) => {
      const task = mine.get(taskId);
      if (task === undefined || provider.toLowerCase() !== address.toLowerCase()) return;
      const { kind, file } = specificationOf(task.uri);
      const deliverable = await doWork(kind, resolve(dirnameOf(config.marketFile), file));
      await client.submitDelivery({ jobId, deliverable }).catch((error: Error) => say(error.message));
    },
  });
  tell({ kind: "ready" });
}
