import type { Address, Digest, Hex } from "./brands.ts";

/** One member of the first validator set. */
export interface GenesisValidator {
  readonly name: string;
  /** Address of the validator key, which only the signer's guard uses. */
  readonly address: Address;
  /** secp256k1 public key of the peer key, 33 bytes compressed; libp2p's peer id follows from it. */
  readonly peerKey: Hex;
  /** libp2p multiaddrs without the /p2p part, for example /ip4/127.0.0.1/tcp/26656. */
  readonly addresses: readonly string[];
  /** Organisation that runs it. */
  readonly organisation: number;
}

/** Parameters that every validator must share. Times in milliseconds of wall clock, sizes in bytes. */
export interface ConsensusParameters {
  readonly blockIntervalMs: number;
  readonly leaderTimeoutMs: number;
  readonly notarizationTimeoutMs: number;
  readonly retryIntervalMs: number;
  readonly maxTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxDriftMs: number;
  readonly maxStepMs: number;
  readonly skipInactiveViews: number;
  /** Blocks in an epoch, after which the validator set may change; 0 for one epoch that lasts for ever. */
  readonly epochBlocks: number;
}

export interface ExecutionParameters {
  readonly blockGasLimit: number;
  readonly transactionGasLimitMax: number;
  readonly blockBytesMax: number;
  readonly blockTransactionsMax: number;
  readonly senderTransactionsPerBlockMax: number;
}

/** State at height 0, as in other Ethereum clients' genesis files. Quantities and words are hex. */
export interface GenesisAccount {
  readonly balance?: Hex;
  readonly nonce?: Hex;
  readonly code?: Hex;
  readonly storage?: Readonly<Record<Hex, Hex>>;
}

export interface Genesis {
  readonly version: 1;
  readonly chainId: number;
  /** Random, drawn once by `allot init`: salt of every signed statement of this network. */
  readonly networkId: Digest;
  readonly timestampMs: number;
  readonly validators: readonly GenesisValidator[];
  readonly consensus: ConsensusParameters;
  readonly execution: ExecutionParameters;
  /** Fixed addresses of the rules, by contract name. */
  readonly contracts: Readonly<Record<string, Address>>;
  readonly alloc: Readonly<Record<Address, GenesisAccount>>;
}
