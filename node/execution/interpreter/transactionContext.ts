import type { Address, Digest } from "../../types/brands.ts";
import type { Log } from "../receipt.ts";
import type { JournaledState } from "../state/journaledState.ts";
import { Memory } from "./memory.ts";

/** What code sees of its block, as words. */
export interface BlockWords {
  readonly number: number;
  readonly coinbase: bigint;
  readonly timestamp: bigint;
  readonly prevRandao: bigint;
  readonly gasLimit: bigint;
  readonly chainId: bigint;
  readonly executionHashAt: (height: number) => Digest | undefined;
}

export interface PrecompileResult {
  /** Undefined on success; anything else takes all the gas. */
  readonly error: string | undefined;
  readonly gasUsed: number;
  readonly output: Uint8Array;
}

/** A precompiled contract; what takes long answers later. `data` is not kept. */
export type Precompile = (data: Uint8Array, gas: number) => PrecompileResult | Promise<PrecompileResult>;

/** What all frames of a transaction share, and what a failing frame takes back. */
export class TransactionContext {
  readonly state: JournaledState;
  readonly block: BlockWords;
  readonly origin: bigint;
  readonly precompiles: ReadonlyMap<Address, Precompile>;
  readonly logs: Log[] = [];
  /** Accounts that have asked to be destroyed. */
  readonly destroyed: Address[] = [];
  /** Accounts created in this transaction. */
  readonly created: Address[] = [];
  /** Gas to be given back at the end. */
  refund = 0;
  readonly #stacks: bigint[][];
  readonly #memories: Memory[];

  /** @param pools stacks and memories by depth, used again from transaction to transaction */
  constructor(
    state: JournaledState,
    block: BlockWords,
    origin: bigint,
    precompiles: ReadonlyMap<Address, Precompile>,
    pools: FramePools,
  ) {
    this.state = state;
    this.block = block;
    this.origin = origin;
    this.precompiles = precompiles;
    this.#stacks = pools.stacks;
    this.#memories = pools.memories;
  }

  stackAt(depth: number): bigint[] {
    let stack = this.#stacks[depth];
    if (stack === undefined) {
      stack = [];
      this.#stacks[depth] = stack;
    }
    return stack;
  }

  memoryAt(depth: number): Memory {
    let memory = this.#memories[depth];
    if (memory === undefined) {
      memory = new Memory();
      this.#memories[depth] = memory;
    }
    memory.clear();
    return memory;
  }
}

export interface FramePools {
  readonly stacks: bigint[][];
  readonly memories: Memory[];
}

export const framePools = (): FramePools => ({ stacks: [], memories: [] });
