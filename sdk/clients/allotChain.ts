import { type Chain, defineChain } from "viem";

export interface AllotChainParameters {
  readonly chainId: number;
  /** Name for people; "Allot" unless given. */
  readonly name?: string;
  /** HTTP endpoints of validators. */
  readonly rpcUrls: readonly string[];
  readonly webSocketUrls?: readonly string[];
}

/**
 * An Allot network for viem: no fees, blocks final as they appear, 6 decimals for what fees would be paid in.
 * @example
 * ```ts
 * const chain = allotChain({ chainId: 8469, rpcUrls: ["http://127.0.0.1:8545"] });
 * ```
 */
export function allotChain({ chainId, name = "Allot", rpcUrls, webSocketUrls }: AllotChainParameters): Chain {
  return defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: "none", symbol: "NONE", decimals: 18 },
    rpcUrls: {
      default: { http: [...rpcUrls], ...(webSocketUrls === undefined ? {} : { webSocket: [...webSocketUrls] }) },
    },
    fees: {
      estimateFeesPerGas: async () => ({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }),
      maxPriorityFeePerGas: 0n,
    },
    blockTime: 50,
  });
}
