// Where a node keeps what: one folder per node, each file with one owner.
import { join } from "node:path";

export interface NodeFolder {
  readonly path: string;
  /** Options, edited by the operator. */
  readonly config: string;
  /** The network's first state; the same on every validator. */
  readonly genesis: string;
  /** What others need to know of the validator: its public entry. */
  readonly entry: string;
  /** The validator key; only the signer's guard uses it. */
  readonly validatorKey: string;
  /** Key of the account that governs for the validator's organisation; no running node reads it. */
  readonly operatorKey: string;
  /** LMDB. */
  readonly data: string;
  /** Consensus write-ahead log. */
  readonly wal: string;
  /** Highest (epoch, view) signed and what. */
  readonly signerGuard: string;
}

export function nodeFolder(path: string): NodeFolder {
  return {
    path,
    config: join(path, "config.json"),
    genesis: join(path, "genesis.json"),
    entry: join(path, "validator.json"),
    validatorKey: join(path, "keys", "validator.key"),
    operatorKey: join(path, "keys", "operator.key"),
    data: join(path, "data"),
    wal: join(path, "wal"),
    signerGuard: join(path, "signer-guard.json"),
  };
}
