// What `startNode` (node/main.ts) takes. Everything here has been checked: the configuration's table, files and flags
// are node/config's and node/cli's business. Nothing below this file reads the environment or a file of settings.
import type { CrashPoint } from "./storage/crashPoints.ts";
import type { Address } from "./types/brands.ts";
import type { Genesis } from "./types/genesis.ts";
import type { WireVersion } from "./types/wireVersion.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";
export type LogFormat = "json" | "pretty";

export interface NodeOptions {
  /**
   * The node's directory; `data/`, `wal/` and `lock` are made inside. Exclusive to one process. `signer-guard.json` must
   * have been made together with the key (`createSignerGuard`, node/storage/signerGuard.ts): where it is missing, the
   * node takes it for lost and signs nothing until n − f other validators have told their views.
   */
  readonly directory: string;
  readonly genesis: Genesis;
  /** secp256k1 private key, 32 bytes; the peer key is derived from it. Without a seat in the set, the node only follows. */
  readonly validatorKey: Uint8Array;
  readonly engine: "ethereumjs" | "hardhat";
  /** How many blocks of past state stay readable for eth_call and eth_getProof. */
  readonly historyBlocks: number;
  /** How many finalized consensus blocks stay served to peers that catch up. */
  readonly retentionBlocks: number;
  readonly network: {
    /** Multiaddrs to listen on; genesis' own addresses of this validator when empty. /tcp/0 takes a free port. */
    readonly listen: readonly string[];
    /** Where to find other validators when it is not where genesis says, by validator address. */
    readonly peerAddresses: Readonly<Record<Address, readonly string[]>>;
    /** Highest version of the protocol between validators to speak. */
    readonly wireVersionMax: WireVersion;
  };
  /** `undefined` serves no JSON-RPC. Port 0 takes a free one. */
  readonly rpc: { readonly host: string; readonly port: number } | undefined;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** Where the process is to kill itself; only tests of recovery set it. */
  readonly crash?: CrashPoint | undefined;
}

/** A node that has replayed its log and listens. */
export interface RunningNode {
  readonly address: Address;
  /** Where JSON-RPC listens, with the port that was taken. */
  readonly rpcUrl: string | undefined;
  /** Multiaddrs the node listens on, with the peer id. */
  readonly multiaddrs: readonly string[];
  /** Resolves when the node has stopped by itself or by `stop`: `reason` is undefined after `stop`. */
  readonly stopped: Promise<{ readonly reason: string | undefined }>;
  /** Finishes the current write and closes every store. Calling it twice waits for the same stop. */
  stop(): Promise<void>;
}
