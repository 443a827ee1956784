import {
  type Account,
  type Chain,
  type Client,
  createClient,
  type PublicActions,
  publicActions,
  type Transport,
  type WalletActions,
  walletActions,
} from "viem";
import { readContract } from "viem/actions";
import { sealedBidTenderAbi } from "../abis/sealedBidTender.ts";
import type { SignLock } from "../agent/signLock.ts";
import { type RuleAddresses, ruleAddresses } from "../contracts.ts";
import { ClientError } from "../errors/clientError.ts";
import { callRules } from "../transactions/callRules.ts";
import { createTransactionQueue } from "../transactions/transactionQueue.ts";
import type { Network } from "../typedData/domain.ts";
import { type AllotActions, allotActions } from "./allotActions.ts";
import type { AllotContext, AllotCore, BaseClient } from "./context.ts";

export interface CreateAllotClientParameters {
  /** viem's: `http(url)`, `webSocket(url)`, `fallback([http(a), http(b)])`, `custom(provider)`. */
  readonly transport: Transport;
  /** Sends and signs; without one the client only reads. One client per account: it numbers the transactions. */
  readonly account?: Account;
  /** `allotChain(...)`; without one the node is asked, and fees are zero as on every Allot network. */
  readonly chain?: Chain;
  /** Addresses of the rules where they differ from those of every Allot network, as on another EVM. */
  readonly contracts?: Partial<RuleAddresses>;
  /** The network's random id, from its genesis file. Given, a node of another network is refused; else it is asked. */
  readonly networkId?: Network["networkId"];
  /** Where statements are held before they are signed: `await openFileSignLock({ directory })`. */
  readonly signLock?: SignLock;
  /** How often watches ask for news, 100 ms unless given. */
  readonly pollingInterval?: number;
  /** How long to keep trying while no node takes a transaction, 30 s unless given. */
  readonly sendTimeoutMs?: number;
}

export type AllotClient = Client<Transport, Chain | undefined, Account | undefined> & {
  readonly allot: AllotContext;
} & PublicActions &
  WalletActions &
  AllotActions;

/**
 * A viem client with Allot's actions beside viem's public and wallet actions.
 * @example
 * ```ts
 * import { http } from "viem";
 * import { privateKeyToAccount } from "viem/accounts";
 *
 * const client = createAllotClient({
 *   transport: http("http://127.0.0.1:8545"),
 *   account: privateKeyToAccount(key),
 *   signLock: await openFileSignLock({ directory: "./sign-lock" }),
 * });
 * const { agentId } = await client.registerAgent();
 * ```
 */
export function createAllotClient(parameters: CreateAllotClientParameters): AllotClient {
  const { transport, account, chain, pollingInterval = 100, sendTimeoutMs = 30_000, signLock } = parameters;
  const base: BaseClient = createClient({
    transport,
    pollingInterval,
    // Reads may be repeated a few times within one poll; viem would remember the block number for longer than a block.
    cacheTime: 0,
    ...(account === undefined ? {} : { account }),
    ...(chain === undefined ? {} : { chain }),
  });
  const rules: RuleAddresses = { ...ruleAddresses, ...parameters.contracts };
  const network = once(() => readNetwork(base, rules, parameters));
  const transactions =
    account?.type === "local"
      ? createTransactionQueue({
          client: base,
          account,
          chainId: async () => chain?.id ?? (await network()).chainId,
          timeoutMs: sendTimeoutMs,
        })
      : undefined;
  const allot: AllotContext = { rules, network, transactions, sendTimeoutMs, signLock };
  const core: AllotCore = Object.assign(base, { allot });
  return Object.assign(core, publicActions(base), walletActions(base), allotActions(core)) as AllotClient;
}

async function readNetwork(
  client: BaseClient,
  rules: RuleAddresses,
  expected: Pick<CreateAllotClientParameters, "chain" | "networkId">,
): Promise<Network> {
  const tender = { address: rules.sealedBidTender, abi: sealedBidTenderAbi } as const;
  const [chainId, networkId] = await callRules(
    Promise.all([
      client.request({ method: "eth_chainId" }).then(Number),
      readContract(client, { ...tender, functionName: "networkId" }),
    ]),
  );
  requireSame("chainId", expected.chain?.id, chainId);
  requireSame("networkId", expected.networkId?.toLowerCase(), networkId.toLowerCase());
  return { chainId, networkId };
}

function requireSame<T extends string | number>(what: string, expected: T | undefined, actual: T): void {
  if (expected === undefined || expected === actual) return;
  throw new ClientError(
    "WRONG_NETWORK",
    "The node belongs to another network than the client was made for. Nothing was signed. Check the node's address.",
    { facts: { what, expected, actual } },
  );
}

/** Runs once; a failure is forgotten, so that the next call tries again. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= run().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
