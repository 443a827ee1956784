// A chain of blocks in Hardhat's EVM, which knows only one branch at a time: to execute on another one it goes back
// to a snapshot and mines the branch anew.
import type { Address, Digest, Hex } from "../../types/brands.ts";
import { InvariantError } from "../../types/errors.ts";
import type { Transaction } from "../../types/transaction.ts";
import { bloomOf } from "../bloom.ts";
import { prevRandaoOf } from "../buildHeader.ts";
import { bytesToHex, hexToBytes } from "../bytes.ts";
import type { BlockContext } from "../engine.ts";
import type { Log, Receipt } from "../receipt.ts";
import { type EdrClient, EdrError } from "./edrClient.ts";

export interface MinedBlock {
  readonly stateRoot: Digest;
  readonly receiptsRoot: Digest;
  /** Those of the given transactions that are in the block, in order. */
  readonly transactions: readonly Transaction[];
  readonly receipts: readonly Receipt[];
}

export interface EdrBlock {
  readonly context: BlockContext;
  readonly transactions: readonly Transaction[];
}

interface RpcBlock {
  readonly stateRoot: Digest;
  readonly receiptsRoot: Digest;
  readonly transactions: readonly Digest[];
}

interface RpcReceipt {
  readonly status: Hex;
  readonly gasUsed: Hex;
  readonly cumulativeGasUsed: Hex;
  readonly contractAddress: Address | null;
  readonly logs: readonly { readonly address: Address; readonly topics: readonly Digest[]; readonly data: Hex }[];
}

const quantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;

export class EdrChain {
  readonly #client: EdrClient;
  /** The block that the first of `#path` stands on. */
  #root: Digest;
  /** Blocks above the root in the order they were mined, each with the snapshot taken before it. */
  #path: { readonly digest: Digest; readonly snapshot: Hex }[] = [];

  constructor(client: EdrClient, root: Digest) {
    this.#client = client;
    this.#root = root;
  }

  get head(): Digest {
    return this.#path[this.#path.length - 1]?.digest ?? this.#root;
  }

  /** Makes `digest` the head. `blockOf` knows the blocks that are not on the present branch. */
  goTo(digest: Digest, blockOf: (digest: Digest) => EdrBlock | undefined): void {
    if (this.head === digest) return;
    const position = digest === this.#root ? -1 : this.#path.findIndex((entry) => entry.digest === digest);
    if (position >= 0 || digest === this.#root) {
      const next = this.#path[position + 1];
      if (next === undefined) return;
      this.#revert(next.snapshot);
      this.#path = this.#path.slice(0, position + 1);
      return;
    }
    const block = blockOf(digest);
    if (block === undefined) {
      throw new InvariantError(
        "EDR_BLOCK_UNKNOWN",
        { digest },
        `Hardhat's EVM is asked for the unknown block ${digest}`,
      );
    }
    this.goTo(block.context.parentDigest, blockOf);
    this.mine(block.context, block.transactions);
  }

  /** The block has been committed: nobody goes back behind it. */
  forgetBefore(digest: Digest): void {
    const position = this.#path.findIndex((entry) => entry.digest === digest);
    if (position < 0) return;
    this.#root = digest;
    this.#path = this.#path.slice(position + 1);
  }

  /** Mines the next block on the head. Transactions that Hardhat's EVM does not take are left out. */
  mine(context: BlockContext, transactions: readonly Transaction[]): MinedBlock {
    const snapshot = this.#client.request<Hex>("evm_snapshot");
    const mined = this.mineLoose(context, transactions);
    this.#path.push({ digest: context.digest, snapshot });
    return mined;
  }

  /** Goes back to how things are now when `work` is done. */
  aside<T>(work: () => T): T {
    const snapshot = this.#client.request<Hex>("evm_snapshot");
    try {
      return work();
    } finally {
      this.#revert(snapshot);
    }
  }

  #revert(snapshot: Hex): void {
    if (this.#client.request<boolean>("evm_revert", [snapshot])) return;
    throw new InvariantError("EDR_SNAPSHOT_LOST", { snapshot }, `Hardhat's EVM has lost the snapshot ${snapshot}`);
  }

  /** Mines a block that does not become part of the chain: only within `aside`. */
  mineLoose(context: BlockContext, transactions: readonly Transaction[]): MinedBlock {
    this.#client.request("hardhat_setCoinbase", [context.proposer]);
    this.#client.request("hardhat_setPrevRandao", [prevRandaoOf(context.digest)]);
    this.#client.request("hardhat_setNextBlockBaseFeePerGas", ["0x0"]);
    for (const transaction of transactions) this.#submit(transaction);
    this.#client.request("evm_mine", [quantity(Math.floor(context.timestampMs / 1000))]);
    const block = this.#client.request<RpcBlock>("eth_getBlockByNumber", ["latest", false]);
    const mined = new Set(block.transactions);
    for (const { hash } of transactions) {
      if (!mined.has(hash)) this.#client.request("hardhat_dropTransaction", [hash]);
    }
    const byHash = new Map(transactions.map((transaction) => [transaction.hash, transaction]));
    const included = block.transactions.map((hash) => byHash.get(hash) as Transaction);
    const receipts = included.map((transaction) => this.#receipt(transaction));
    return { stateRoot: block.stateRoot, receiptsRoot: block.receiptsRoot, transactions: included, receipts };
  }

  #submit(transaction: Transaction): void {
    try {
      this.#client.request("eth_sendRawTransaction", [bytesToHex(transaction.raw)]);
    } catch (failure) {
      // What the pool refuses cannot be in the block; anything else is not an answer of the EVM.
      if (!(failure instanceof EdrError)) throw failure;
    }
  }

  #receipt(transaction: Transaction): Receipt {
    const receipt = this.#client.request<RpcReceipt>("eth_getTransactionReceipt", [transaction.hash]);
    const logs: Log[] = receipt.logs.map(({ address, topics, data }) => ({ address, topics, data: hexToBytes(data) }));
    return {
      transactionHash: transaction.hash,
      type: transaction.type,
      success: receipt.status === "0x1",
      cumulativeGasUsed: Number(receipt.cumulativeGasUsed),
      gasUsed: Number(receipt.gasUsed),
      contractAddress: receipt.status === "0x1" ? (receipt.contractAddress ?? undefined) : undefined,
      logs,
      logsBloom: bloomOf(logs),
    };
  }
}
