// What JSON-RPC reads from the running node.
import type { Registry } from "prom-client";
import type { LedgerApplication } from "./application/ledger.ts";
import { certificateSearchBlocksMax } from "./config/limits.ts";
import type { ConsensusState } from "./consensus/state.ts";
import type { Driver } from "./driver.ts";
import type { EpochCertificates } from "./epochs/epochCertificates.ts";
import { baseHeightOf } from "./epochs/epochs.ts";
import type { ValidatorDirectory } from "./epochs/validatorDirectory.ts";
import type { ExecutionEngine } from "./execution/engine.ts";
import type { Network } from "./network/network.ts";
import type { NodeOptions } from "./nodeOptions.ts";
import type { ConsensusStatus, FinalizedHeader, RpcBackend } from "./rpc/backend.ts";
import type { ChainStore } from "./storage/chainStore.ts";
import type { EvidenceStore } from "./storage/evidenceStore.ts";
import type { ConsensusHeader } from "./types/block.ts";
import { type Address, Height } from "./types/brands.ts";
import type { GenesisValidator } from "./types/genesis.ts";
import { allotVersion } from "./version.ts";

export interface BackendParts {
  readonly options: NodeOptions;
  /** Of the own validator key. */
  readonly address: Address;
  readonly directory: ValidatorDirectory;
  readonly engine: ExecutionEngine;
  readonly application: LedgerApplication;
  readonly driver: Driver;
  readonly network: Network;
  readonly stores: { readonly chain: ChainStore; readonly evidence: EvidenceStore };
  readonly certificates: EpochCertificates;
  readonly metrics: Registry;
  /** Why the node stops, if it does. */
  readonly failure: () => string | undefined;
}

/** Views behind the highest finalization heard of, from which on a node says that it is catching up. */
const syncingViewsMin = 8;

/** Height of the highest block known to be final here, committed or not. */
function highestFinalized({ blocks, committed, final, highestFinalization }: ConsensusState): Height {
  const named = highestFinalization && blocks.get(highestFinalization.vote.digest)?.block.header.height;
  return Height(Math.max(committed.height + final.length, named ?? 0));
}

function statusOf(
  state: ConsensusState,
  failure: string | undefined,
): Omit<ConsensusStatus, "validatorAddress" | "role"> {
  const heard = state.highestFinalization?.vote.view ?? 0;
  const behind = heard - state.committed.view >= syncingViewsMin && (state.unjoined.size > 0 || state.final.length > 0);
  const running = behind ? "syncing" : "running";
  const alive = state.phase === "created" ? "starting" : running;
  return {
    phase: failure !== undefined || state.phase === "stopped" ? "stopped" : alive,
    reason: failure,
    epoch: state.config.epoch,
    view: state.current,
    highestFinalized: highestFinalized(state),
  };
}

/** The header at `height` and those above it up to the first that has a finalization of its own. */
function finalizationOf(chain: ChainStore, height: Height): FinalizedHeader | undefined {
  const headers: ConsensusHeader[] = [];
  for (let at = height; at < height + certificateSearchBlocksMax; at = Height(at + 1)) {
    const found = chain.at(at);
    if (found === undefined) return undefined;
    headers.push(found.block.header);
    if (found.finalization !== undefined) return { headers, finalization: found.finalization };
  }
  return undefined;
}

function seatOf(directory: ValidatorDirectory, address: Address): GenesisValidator {
  return directory.entryOf(address) ?? { name: address, address, peerKey: "0x", addresses: [], organisation: 0 };
}

export function nodeBackend(parts: BackendParts): RpcBackend {
  const { options, address, directory, engine, application, driver, network, stores, certificates, metrics, failure } =
    parts;
  const { genesis } = options;
  return {
    version: allotVersion(),
    genesis,
    engine,
    application,
    mempool: application.mempool,
    metrics,
    consensus: () => ({
      ...statusOf(driver.state, failure()),
      role: driver.state.config.self === undefined ? "observer" : "validator",
      validatorAddress: address,
    }),
    validators: (epoch = driver.state.config.epoch) => {
      if (epoch > driver.state.config.epoch) return undefined;
      const first = Height(baseHeightOf(epoch, genesis.consensus.epochBlocks) + 1);
      return { epoch, validators: application.validatorsAt(first).map((one) => seatOf(directory, one)) };
    },
    epochCertificate: (epoch) => certificates.of(epoch),
    finalizationOf: async (height) => finalizationOf(stores.chain, height),
    evidence: () => stores.evidence.all(),
    peers: () =>
      network.peers().map(({ index, name, connected, roundTripMs }) => ({
        name,
        address: directory.addressOf(index),
        connected,
        roundTripMs,
      })),
    onCommitted: (listener) => application.onCommitted(listener),
  };
}
