import type { Address } from "../../types/brands.ts";

/** A call into an account's code. */
export interface CallMessage {
  readonly kind: "call";
  /** Who msg.sender is. */
  readonly caller: bigint;
  /** Whose storage and balance the code works on. */
  readonly target: Address;
  readonly targetWord: bigint;
  /** Whose code runs: another account's for DELEGATECALL and CALLCODE. */
  readonly codeAddress: Address;
  /** What msg.value is. */
  readonly value: bigint;
  /** Whether `value` moves from `payer` to `target`: not for DELEGATECALL. */
  readonly transfersValue: boolean;
  readonly payer: Address;
  readonly data: Uint8Array;
  readonly gas: number;
  readonly isStatic: boolean;
  readonly depth: number;
}

/** The creation of a contract; its address follows from the creator. */
export interface CreateMessage {
  readonly kind: "create";
  readonly caller: bigint;
  readonly payer: Address;
  readonly target: Address;
  readonly targetWord: bigint;
  readonly value: bigint;
  /** Runs, and returns the contract's code. */
  readonly initCode: Uint8Array;
  readonly gas: number;
  readonly isStatic: false;
  readonly depth: number;
}

export type Message = CallMessage | CreateMessage;

export interface Outcome {
  /** Undefined on success; "revert" keeps the rest of the gas, everything else takes it. */
  readonly error: string | undefined;
  readonly gasLeft: number;
  /** What RETURNDATACOPY sees: nothing after a creation, unless it reverted, nor after any other failure. */
  readonly output: Uint8Array;
  /** Address of the created contract. */
  readonly created: bigint | undefined;
}
