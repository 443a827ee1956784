// What every participant's process has: a client that speaks to whichever validator answers, its files, its voice.
import { fallback, http, keccak256, type Transport } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type AllotClient, allotChain, createAllotClient, openFileSignLock } from "../../sdk/index.ts";
import { type Market, readMarketFile } from "./marketFile.ts";
import type { RoleConfig, RoleMessage } from "./roleConfig.ts";

export interface RoleContext {
  readonly config: RoleConfig;
  readonly market: Market;
  readonly client: AllotClient;
  tell(message: RoleMessage): void;
  say(text: string): void;
}

const requestTimeoutMs = 5_000;

/** Tells the parent of every transaction that leaves, so that it can measure the time to finality. */
function reporting(inner: Transport, tell: RoleContext["tell"]): Transport {
  return (parameters) => {
    const transport = inner(parameters);
    const request: typeof transport.request = async (call, options) => {
      const { method, params } = call as { method: string; params?: readonly [`0x${string}`] };
      if (method === "eth_sendRawTransaction" && params !== undefined) {
        tell({ kind: "sent", hash: keccak256(params[0]), atMs: Date.now() });
      }
      return transport.request(call, options);
    };
    return { ...transport, request };
  };
}

/** Speaks to the first of these validators that answers. */
export function transportTo(urls: readonly string[], tell: RoleContext["tell"]): Transport {
  const each = urls.map((url) => http(url, { timeout: requestTimeoutMs, retryCount: 0 }));
  return reporting(fallback(each, { retryCount: 2, retryDelay: 100 }), tell);
}

export const chainOf = ({ chainId, rpcUrls }: RoleConfig) => allotChain({ chainId, rpcUrls });

export async function openRole(config: RoleConfig): Promise<RoleContext> {
  const tell = (message: RoleMessage): void => void process.send?.(message);
  const client = createAllotClient({
    transport: transportTo(config.rpcUrls, tell),
    account: privateKeyToAccount(config.privateKey),
    chain: chainOf(config),
    networkId: config.networkId,
    signLock: await openFileSignLock({ directory: config.directory }),
  });
  const market = readMarketFile(config.marketFile);
  return { config, market, client, tell, say: (text) => tell({ kind: "says", text }) };
}
