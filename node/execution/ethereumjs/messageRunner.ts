import type { Address, Digest, Hex } from "../../types/brands.ts";
import type { ExecutionHeader } from "../header.ts";
import type { Log } from "../receipt.ts";
import type { JournaledState } from "../state/journaledState.ts";

/** What a message sees of its block. */
export type BlockEnvironment = Pick<
  ExecutionHeader,
  "number" | "coinbase" | "timestamp" | "prevRandao" | "gasLimit"
> & {
  /** Execution hash of one of the 256 blocks before; BLOCKHASH asks for no other. */
  readonly executionHashAt: (height: number) => Digest | undefined;
};

/** The outermost message of a transaction, or a call without one. */
export interface TopMessage {
  readonly from: Address;
  /** Undefined for a contract creation. */
  readonly to: Address | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: number;
  readonly accessList: readonly { readonly address: Address; readonly storageKeys: readonly Hex[] }[];
}

export interface MessageResult {
  /** Undefined on success; otherwise "revert", "out of gas", ... */
  readonly error: string | undefined;
  /** Intrinsic gas included, refunds taken off (EIP-3529). */
  readonly gasUsed: number;
  readonly returnData: Uint8Array;
  readonly logs: readonly Log[];
  readonly contractAddress: Address | undefined;
}

/** Runs messages by Cancun's rules with all fees 0, so that the only balance a sender needs is the value it sends. */
export interface MessageRunner {
  isPrecompile(address: Address): boolean;
  /** Runs one message and everything that ends a transaction. The sender's nonce is raised; the caller has checked
   * the nonce, the balance and that the gas limit covers `intrinsic`. */
  run(
    state: JournaledState,
    environment: BlockEnvironment,
    message: TopMessage,
    intrinsic: number,
  ): Promise<MessageResult> | MessageResult;
  /** Ends what the runner keeps beside it; it runs nothing afterwards. */
  close(): Promise<void>;
}

/** EIP-3529: gas used less what is given back, a fifth of it at most. */
export const afterRefund = (spent: number, refund: number): number => spent - Math.min(refund, Math.floor(spent / 5));
