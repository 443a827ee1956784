import type { Hex } from "viem";
import type { AllotCore } from "../../clients/context.ts";
import { requestAllot } from "./request.ts";

export interface NodeStatus {
  readonly version: string;
  readonly chainId: number;
  readonly networkId: Hex;
  readonly engine: string;
  readonly consensus: {
    readonly phase: "starting" | "syncing" | "running" | "stopped";
    readonly reason?: string;
    readonly epoch: number;
    readonly view: number;
    readonly highestFinalized: number;
    /** Absent on a node that is no validator. */
    readonly validatorAddress?: Hex;
  };
  readonly committed: {
    readonly height: number;
    readonly digest: Hex;
    /** The block hash. */
    readonly executionHash: Hex;
    readonly stateRoot: Hex;
    readonly timestampMs: number;
  };
  readonly mempool: { readonly transactions: number };
  readonly peers: readonly {
    readonly name: string;
    readonly address?: Hex;
    readonly connected: boolean;
    readonly roundTripMs?: number;
  }[];
}

/**
 * How the node that answers is doing.
 * @example
 * ```ts
 * const { consensus, committed } = await getNodeStatus(client);
 * ```
 */
export const getNodeStatus = (client: AllotCore): Promise<NodeStatus> => requestAllot(client, "allot_nodeStatus", []);
