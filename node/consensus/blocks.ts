// Which bodies are held, and how they come in.
import type { SealedBlock } from "../types/block.ts";
import type { Digest, ValidatorIndex } from "../types/brands.ts";
import { joinFinal, lastFinal } from "./commit.ts";
import type { ConsensusConfig } from "./config.ts";
import type { Draft } from "./draft.ts";
import { beginFork } from "./fork.ts";
import { takeJustification } from "./justification.ts";
import { type BlockEntry, type ConsensusState, leaderOf } from "./state.ts";
import { lowestViewHeld } from "./view.ts";

/** Behind the epoch's last block: it only carries that one to finality, and is discarded. */
export const isTail = ({ lastHeight }: ConsensusConfig, height: number): boolean =>
  lastHeight !== undefined && height > lastHeight;

/** What is wrong with a block whatever its parent: chain, epoch, proposer, position, sizes. */
export function staticFault({ state }: Draft, block: SealedBlock): string | undefined {
  const { config } = state;
  const { header, transactions } = block;
  if (header.chainId !== config.chainId) return "WRONG_CHAIN";
  if (header.epoch !== config.epoch) return "WRONG_EPOCH";
  if (header.proposer !== config.validators[leaderOf(state, header.view)]) return "WRONG_PROPOSER";
  if (header.view <= header.parentView || header.height <= config.base.height) return "WRONG_POSITION";
  // "After the boundary height only empty tail blocks follow until the boundary block is final"
  if (isTail(config, header.height) && transactions.length > 0) return "TAIL_NOT_EMPTY";
  if (transactions.length > config.blockTransactionsMax) return "TOO_MANY_TRANSACTIONS";
  if (transactions.reduce((sum, raw) => sum + raw.length, 0) > config.blockBytesMax) return "TOO_MANY_BYTES";
  return undefined;
}

/** Holds a body whose justification has been taken. */
export function addBlock(draft: Draft, block: SealedBlock, change: Partial<BlockEntry> = {}): void {
  const { header, digest } = block;
  if (header.height <= draft.state.committed.height || draft.state.blocks.has(digest)) return;
  makeRoom(draft);
  const record = draft.record(header.view);
  const certified = record?.notarization?.vote.digest === digest || record?.finalization?.vote.digest === digest;
  draft.addBlock({ block, certified, valid: false, persisted: false, execution: "none", ...change });
  if (draft.state.unjoined.size > 0) joinFinal(draft);
}

/** Bodies far above the committed tip are left to be fetched in order, unless they continue what is held. */
export function hasRoomFor(state: ConsensusState, { header }: SealedBlock): boolean {
  return (
    header.height <= state.committed.height + state.config.limits.uncommittedBlocksMax ||
    state.blocks.has(header.parentDigest)
  );
}

/** Bodies that nothing speaks for, or no longer, give way to others. */
function makeRoom(draft: Draft): void {
  const { state } = draft;
  if (state.blocks.size < state.config.limits.uncommittedBlocksMax) return;
  for (const { block, certified, valid } of state.blocks.values()) {
    const { view } = block.header;
    if (certified || view === state.current || (valid && view >= lowestViewHeld(state))) continue;
    draft.dropBlock(block.digest);
  }
}

/** Of bodies that were fetched ahead only the last one lacks proof: the next one's justification proves it. */
function dropUnproven(draft: Draft): void {
  for (const { block, certified, valid } of draft.state.blocks.values()) {
    if (!certified && !valid && block.header.view !== draft.state.current) draft.dropBlock(block.digest);
  }
}

/** A body is logged before anything is said that relies on it, and then served until the retention horizon. */
export function persistBlock(draft: Draft, digest: Digest): void {
  const entry = draft.state.blocks.get(digest);
  if (entry === undefined || entry.persisted) return;
  draft.setBlock(digest, { persisted: true });
  draft.emit({ kind: "persist", record: { kind: "block", block: entry.block } });
}

/** Is the block notarized or finalized, and its body missing here? */
export function isWanted(state: ConsensusState, { digest, header }: SealedBlock): boolean {
  if (state.blocks.has(digest) || header.height <= state.committed.height) return false;
  const record = state.views.get(header.view);
  if (record?.notarization?.vote.digest === digest || record?.finalization?.vote.digest === digest) return true;
  if (state.unjoined.get(header.view)?.vote.digest === digest) return true;
  // The parent of a body that is held: its certificate came with the child.
  return [...state.blocks.values()].some(({ block }) => block.header.parentDigest === digest);
}

/** "An unsigned body is prefetch only": a body that is certified, or one that continues what is held, from a peer that
 * was asked. False when it is of no use. */
export function takeFetchedBlock(draft: Draft, block: SealedBlock, from: ValidatorIndex): boolean {
  const { state } = draft;
  const { height, view } = block.header;
  if (height <= state.committed.height) {
    // Final in a view above my tip's, and no higher than my tip: it cannot descend from it.
    const finalization = state.unjoined.get(view);
    if (finalization?.vote.digest !== block.digest) return true;
    beginFork(draft, finalization);
    // Among its certificates may be the one that convicts.
    return takeJustification(draft, block);
  }
  if (state.blocks.has(block.digest)) return true;
  if (!hasRoomFor(state, block)) return false;
  const wanted = isWanted(state, block);
  if (!wanted && !(state.fetch?.asked.has(from) && continues(state, block))) return false;
  const fault = staticFault(draft, block) ?? (takeJustification(draft, block) ? undefined : "BAD_JUSTIFICATION");
  if (fault !== undefined) {
    draft.emit({ kind: "reportPeer", peer: from, code: fault, facts: { digest: block.digest } });
    return false;
  }
  if (!wanted) dropUnproven(draft);
  state.helper = from;
  addBlock(draft, block, { certified: wanted });
  return true;
}

const continues = (state: ConsensusState, { header }: SealedBlock): boolean =>
  header.parentDigest === lastFinal(state).digest || state.blocks.has(header.parentDigest);
