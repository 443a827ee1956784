// A network of one validator in one process, for tests: it drives the real application through its real interface,
// with real headers, votes and certificates, and no consensus, since there is nobody to agree with.
import type { LedgerApplication } from "../../node/application/ledger.ts";
import { secp256k1Scheme, signHash } from "../../node/crypto/secp256k1Scheme.ts";
import type { OrderedBlock } from "../../node/types/application.ts";
import type { ConsensusHeader, SealedBlock } from "../../node/types/block.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { type Digest, Epoch, Height, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Certificate, Finalization, Notarization } from "../../node/types/certificate.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import type { Vote } from "../../node/types/vote.ts";
import { voteHasher } from "../../node/types/votePreimage.ts";
import type { Signer } from "../mempool/signing.ts";

export interface SequencedBlock {
  readonly header: ConsensusHeader;
  readonly finalization: Finalization;
}

export class Sequencer {
  readonly #genesis: Genesis;
  readonly #application: LedgerApplication;
  readonly #validator: Signer;
  readonly #blocks: SequencedBlock[] = [];
  readonly #nowMs: () => number;
  #parent: Notarization | undefined;
  #running: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(genesis: Genesis, application: LedgerApplication, validator: Signer, nowMs: () => number = Date.now) {
    this.#genesis = genesis;
    this.#application = application;
    this.#validator = validator;
    this.#nowMs = nowMs;
  }

  /** The block at a height ≥ 1 with its finalization. */
  blockAt(height: Height): SequencedBlock | undefined {
    return this.#blocks[height - 1];
  }

  /** Orders by itself whenever something became executable: a block of it, and an empty one that carries its result. */
  start(): () => void {
    let scheduled = false;
    return this.#application.mempool.onExecutable(() => {
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        this.#running = this.#running
          .then(async () => {
            while (this.#application.hasTransactions(this.#application.info().digest)) await this.produce();
            await this.produce([]);
          })
          .catch((error) => {
            this.#failure ??= error;
          });
      });
    });
  }

  /** Waits until nothing is under way; throws what went wrong meanwhile. */
  async idle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Orders, verifies, executes and commits one block. */
  async produce(transactions?: readonly Uint8Array[]): Promise<OrderedBlock> {
    const sealed = this.propose(transactions);
    const block = orderedBlock(sealed);
    const verdict = await this.#application.verifyProposal(block);
    if (verdict.verdict !== "valid") throw new Error(`own proposal refused: ${JSON.stringify(verdict)}`);
    await this.#application.execute(block);
    const { view } = sealed.header;
    this.#parent = this.#certify({ kind: "notarize", epoch: Epoch(0), view, digest: sealed.digest });
    const finalization = this.#certify({ kind: "finalize", epoch: Epoch(0), view, digest: sealed.digest });
    this.#blocks.push({ header: sealed.header, finalization });
    await this.#application.commit(sealed.digest);
    return block;
  }

  /** The next block, not yet ordered. */
  propose(transactions?: readonly Uint8Array[]): SealedBlock {
    const tip = this.#application.info();
    const previousMs = this.#blocks.at(-1)?.header.timestampMs ?? this.#genesis.timestampMs;
    return sealBlock(
      {
        chainId: this.#genesis.chainId,
        epoch: Epoch(0),
        view: View(tip.height + 1),
        height: Height(tip.height + 1),
        parentView: View(tip.height),
        parentDigest: tip.digest,
        proposer: this.#validator.address,
        timestampMs: Math.max(this.#nowMs(), previousMs + 1),
        parentExecutionHash: tip.executionHash,
      },
      transactions ?? this.#application.buildTransactions(tip.digest),
      { parent: this.#parent, nullifications: [] },
    );
  }

  #certify<V extends Vote>(vote: V): Certificate<V> {
    const domain = { chainId: this.#genesis.chainId, networkId: this.#genesis.networkId };
    const signature = signHash(voteHasher(domain)(vote), this.#validator.key);
    const scheme = secp256k1Scheme(domain, [this.#validator.address]);
    return scheme.form(vote, [{ vote, signer: ValidatorIndex(0), signature }]);
  }
}

export function orderedBlock({ digest, header, transactions }: SealedBlock): OrderedBlock {
  const { parentDigest, height, timestampMs, proposer, parentExecutionHash } = header;
  return { digest: digest as Digest, parentDigest, height, timestampMs, proposer, transactions, parentExecutionHash };
}
