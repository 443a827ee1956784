// Opens everything that the ordering side keeps on disk, and finds out whether the guard and the log still belong
// together.
import { join } from "node:path";
import type { NodeFolder } from "./config/nodeFolder.ts";
import { signHash } from "./crypto/secp256k1Scheme.ts";
import type { DriverStores } from "./driverOptions.ts";
import type { Log } from "./log.ts";
import type { NodeOptions } from "./nodeOptions.ts";
import { latestSigned, signerSteps } from "./recovery.ts";
import { ChainStore } from "./storage/chainStore.ts";
import { ConsensusDatabase } from "./storage/consensusDatabase.ts";
import { crashingFiles } from "./storage/crashingFiles.ts";
import { EpochStore } from "./storage/epochStore.ts";
import { EvidenceStore } from "./storage/evidenceStore.ts";
import { systemFiles } from "./storage/fileSystem.ts";
import { decodeLogRecord, type LogRecord } from "./storage/logRecord.ts";
import { readSignerGuard, SignerGuard } from "./storage/signerGuard.ts";
import { reconcile, type SignerRecord } from "./storage/signerRecord.ts";
import { ViewArchive } from "./storage/viewArchive.ts";
import { WriteAheadLog } from "./storage/writeAheadLog.ts";
import type { Address, Epoch, ValidatorIndex } from "./types/brands.ts";
import { genesisDigest } from "./types/digests.ts";
import { InvariantError } from "./types/errors.ts";
import type { SignedVote, Vote } from "./types/vote.ts";
import { voteHasher } from "./types/votePreimage.ts";

export interface OpenStoresOptions {
  readonly options: Pick<NodeOptions, "genesis" | "validatorKey" | "retentionBlocks" | "crash">;
  readonly folder: NodeFolder;
  readonly address: Address;
  /** The validator's place in the set of the epoch that it votes in. */
  readonly seat: () => ValidatorIndex | undefined;
  readonly log: Log;
}

export interface OpenedStores {
  readonly stores: DriverStores & { close(): Promise<void> };
  readonly records: readonly LogRecord[];
  /** Undefined when it is in doubt what was signed. */
  readonly signer: SignerRecord | undefined;
  readonly signedEpoch: Epoch;
}

/** Signs with the validator key; only the guard is given this. */
function signerOf({ options: { genesis, validatorKey, crash }, seat }: OpenStoresOptions) {
  const hash = voteHasher(genesis);
  return (vote: Vote): SignedVote => {
    const index = seat();
    if (index === undefined)
      throw new InvariantError("NO_SEAT", { epoch: vote.epoch }, "a vote without a seat in the set");
    const signature = signHash(hash(vote), validatorKey);
    crash?.reached("vote.signed");
    return { vote, signer: index, signature };
  };
}

export async function openStores(given: OpenStoresOptions): Promise<OpenedStores> {
  const { options, folder, address, log } = given;
  const identity = { networkId: options.genesis.networkId, validator: address };
  const files = options.crash === undefined ? systemFiles : crashingFiles(systemFiles, options.crash);
  const stored = readSignerGuard(folder.signerGuard, identity, files);
  const opened = WriteAheadLog.open(folder.wal, files);
  if (opened.cutBytes > 0) log.warn({ bytes: opened.cutBytes }, "cut an unfinished write off the write-ahead log");
  const records = opened.records.map(decodeLogRecord);
  const { steps, lagMax } = signerSteps(records, opened.lastFrameRecords);
  const reconciled = reconcile(stored, steps, lagMax);
  const signer = reconciled.verdict === "agree" ? reconciled.record : undefined;
  if (reconciled.verdict === "disagree") {
    log.warn({ reason: reconciled.reason }, "this validator signs nothing until the others have reported their views");
  }
  const guard = await SignerGuard.open({
    path: folder.signerGuard,
    identity,
    sign: signerOf(given),
    record: signer,
    files,
  });
  const database = new ConsensusDatabase(join(folder.data, "consensus"), genesisDigest(options.genesis));
  const stores = {
    log: opened.log,
    guard,
    database,
    chain: new ChainStore(database, options.retentionBlocks),
    archive: new ViewArchive(database, options.retentionBlocks),
    evidence: new EvidenceStore(database),
    epochs: new EpochStore(database),
    async close() {
      await opened.log.close();
      guard.close();
      await database.close();
    },
  };
  return { stores, records, signer, signedEpoch: latestSigned(stored, steps) };
}
