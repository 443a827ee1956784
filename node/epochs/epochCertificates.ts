// Proofs of each epoch's set, made while the state that they speak of is at hand, and kept for good: what light clients
// follow the network by.
import type { ExecutionEngine } from "../execution/engine.ts";
import { encodeHeader } from "../execution/headerEncoding.ts";
import type { ChainStore } from "../storage/chainStore.ts";
import type { ConsensusTables, Table } from "../storage/consensusTables.ts";
import type { EpochStore } from "../storage/epochStore.ts";
import { type Address, type Epoch, Height, type Hex } from "../types/brands.ts";
import type { EpochCertificate } from "../types/epochCertificate.ts";
import { hexOf } from "../types/hex.ts";
import { setSlots } from "./validatorSet.ts";

export interface EpochCertificateSources {
  readonly database: ConsensusTables;
  readonly epochs: EpochStore;
  readonly chain: Pick<ChainStore, "at">;
  readonly engine: Pick<ExecutionEngine, "chain" | "stateAt">;
  /** ValidatorRegistry's address; undefined where a network has no rules, and so nothing to prove. */
  readonly registry: Address | undefined;
}

const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

export class EpochCertificates {
  readonly #sources: EpochCertificateSources;
  readonly #kept: Table<string, string>;
  /** LMDB shows what was written last only after its own commit. */
  #latest: EpochCertificate | undefined;

  constructor(sources: EpochCertificateSources) {
    this.#sources = sources;
    this.#kept = sources.database.texts("epochCertificates");
  }

  of(epoch: Epoch): EpochCertificate | undefined {
    if (this.#latest?.epoch === epoch) return this.#latest;
    const text = this.#kept.get(String(epoch));
    return text === undefined ? undefined : (JSON.parse(text) as EpochCertificate);
  }

  /** Makes and keeps the proof of an epoch that has begun. False when what it takes is not, or no longer, here. */
  async keep(epoch: Epoch): Promise<boolean> {
    if (this.of(epoch) !== undefined) return true;
    const certificate = await this.#make(epoch);
    if (certificate === undefined) return false;
    this.#latest = certificate;
    this.#sources.database.write(() => void this.#kept.put(String(epoch), JSON.stringify(certificate)));
    return true;
  }

  async #make(epoch: Epoch): Promise<EpochCertificate | undefined> {
    const { epochs, chain, engine, registry } = this.#sources;
    const handover = epochs.at(epoch);
    const last = handover && chain.at(handover.base.height)?.block;
    const before = handover && engine.chain.blockAt(Height(handover.base.height - 1));
    const state = before && engine.stateAt(before.context.digest);
    if (handover === undefined || last === undefined || before === undefined) return undefined;
    if (state === undefined || registry === undefined) return undefined;
    const { accountProof, storageProof } = await state.proof(registry, setSlots(state, registry, epoch).map(word));
    return {
      epoch,
      finalization: handover.finalization,
      headers: [last, ...handover.tail].map(({ header }) => header),
      executionHeader: hexOf(encodeHeader(before.header)),
      contract: registry,
      accountProof,
      storage: storageProof.map(({ key, value, proof }) => ({ slot: key, word: word(value), proof })),
    };
  }
}
