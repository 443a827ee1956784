// The network of the model made of real cores: blocks, certificates and liars' votes as a trace of the model wants them,
// and what the cores have said since, in the terms of the model.
import { sameContent } from "../../node/consensus/tally.ts";
import type { SealedBlock } from "../../node/types/block.ts";
import { sealBlock } from "../../node/types/blockCodec.ts";
import { type Digest, Height, type ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Certificate, Nullification } from "../../node/types/certificate.ts";
import { InvariantError } from "../../node/types/errors.ts";
import type { SignedVote, Vote, VoteKind } from "../../node/types/vote.ts";
import { finalize, notarize, nullify } from "../consensus/solo.ts";
import type { Random } from "../simulation/random.ts";
import { CoreNode } from "./coreNode.ts";
import { honestPlaces } from "./honestPlaces.ts";
import type { ModelLayout, NetworkState } from "./modelLayout.ts";

export class ModelNetwork {
  readonly nodes: readonly CoreNode[];
  readonly layout: ModelLayout;
  readonly liarsAt: readonly number[];
  /** Blocks by digest, and the digests of the model's blocks by number. */
  readonly bodies = new Map<Digest, SealedBlock>();
  readonly digests: (Digest | undefined)[];
  readonly #random: Random;

  constructor(layout: ModelLayout, liarsAt: readonly number[], random: Random) {
    this.layout = layout;
    this.liarsAt = liarsAt;
    this.#random = random;
    const { validators } = layout.options;
    this.nodes = honestPlaces(validators, liarsAt).map(
      (i) => new CoreNode(i as ValidatorIndex, validators, this.bodies),
    );
    this.digests = new Array(layout.views * layout.variants).fill(undefined);
  }

  get #any(): CoreNode {
    return this.nodes[0] as CoreNode;
  }

  leaderOf(view: number): ValidatorIndex {
    return (view % this.layout.options.validators) as ValidatorIndex;
  }

  /** The honest validator that leads the view. */
  honestLeaderOf(view: number): CoreNode | undefined {
    return this.nodes.find(({ place }) => place === this.leaderOf(view));
  }

  digestOf(view: number, variant: number): Digest {
    const digest = this.digests[this.layout.blockOf(view, variant)];
    if (digest === undefined) throw new InvariantError("NO_SUCH_BLOCK", { view, variant }, "a block was not made yet");
    return digest;
  }

  vote(kind: VoteKind, view: number, variant: number): Vote {
    if (kind === "nullify") return nullify(view);
    const digest = this.digestOf(view, variant);
    return kind === "notarize" ? notarize(view, digest) : finalize(view, digest);
  }

  /** Has the honest validator said it, now or in an earlier life? */
  #hasSigned({ signed }: CoreNode, vote: Vote): boolean {
    return signed.some((other) => sameContent(other, vote));
  }

  signed(signer: ValidatorIndex, vote: Vote): SignedVote {
    return this.#any.solo.vote(signer, vote);
  }

  /** Is there a certificate, if the liars sign whatever is missing? */
  hasQuorum(vote: Vote): boolean {
    const honest = this.nodes.filter((node) => this.#hasSigned(node, vote)).length;
    return honest + this.liarsAt.length >= this.layout.quorum;
  }

  /** Can a block of the view extend this parent, genesis when it is undefined? */
  isJustified(view: number, parent: SealedBlock | undefined): boolean {
    const from = parent?.header.view ?? 0;
    if (from >= view || (parent !== undefined && !this.hasQuorum(notarize(from, parent.digest)))) return false;
    for (let skipped = from + 1; skipped < view; skipped++) if (!this.hasQuorum(nullify(skipped))) return false;
    return true;
  }

  /** A certificate with any quorum of those who signed the vote: the honest who did, and liars. */
  certificate<V extends Vote>(vote: V): Certificate<V> {
    const honest = this.nodes.filter((node) => this.#hasSigned(node, vote)).map(({ place }) => place as number);
    const signers = [...honest, ...this.liarsAt];
    while (signers.length > this.layout.quorum) signers.splice(this.#random.below(signers.length), 1);
    return this.#any.solo.certificate(vote, signers);
  }

  /** A liar's block on any parent for which there are certificates. */
  forge(view: number, parent: SealedBlock | undefined, salt: number): SealedBlock {
    const { solo } = this.#any;
    const parentView = parent?.header.view ?? 0;
    const nullifications: Nullification[] = [];
    for (let skipped = parentView + 1; skipped < view; skipped++)
      nullifications.push(this.certificate(nullify(skipped)));
    const block = sealBlock(
      {
        chainId: solo.config.chainId,
        epoch: solo.config.epoch,
        view: View(view),
        height: Height((parent?.header.height ?? 0) + 1),
        parentView: View(parentView),
        parentDigest: parent?.digest ?? solo.genesis.digest,
        proposer: solo.config.validators[this.leaderOf(view)] as never,
        timestampMs: (parent?.header.timestampMs ?? solo.genesis.timestampMs) + 10 + salt,
        parentExecutionHash: solo.resultOf(parent ?? solo.genesis),
      },
      [],
      {
        parent: parent === undefined ? undefined : this.certificate(notarize(parentView, parent.digest)),
        nullifications,
      },
    );
    this.bodies.set(block.digest, block);
    return block;
  }

  /** Shows a validator a block, as its leader would. */
  propose(node: CoreNode, block: SealedBlock): void {
    const leader = this.leaderOf(block.header.view);
    const vote = this.signed(leader, notarize(block.header.view, block.digest));
    node.receive(leader, { kind: "proposal", block, vote });
    node.supply(() => node.ownVotes(block.header.view)?.notarize !== undefined);
  }

  /** Numbers the blocks that the validator has newly notarized, as the model does: in the order of first votes. */
  noteBlocks(node: CoreNode): void {
    for (let view = 1; view <= this.layout.views; view++) {
      const digest = node.ownVotes(view)?.notarize;
      if (digest === undefined || this.digests.includes(digest)) continue;
      for (const record of node.records) {
        if (record.kind === "block") this.bodies.set(record.block.digest, record.block);
      }
      const from = this.layout.blockOf(view, 0);
      const free = this.digests.findIndex((known, at) => at >= from && known === undefined);
      if (free >= from + this.layout.variants)
        throw new InvariantError("TOO_MANY_BLOCKS", { view }, "more blocks than modelled");
      this.digests[free] = digest;
    }
  }

  /** A validator's word, as the model writes it, restarts left out. */
  wordOf(node: CoreNode): number {
    const { layout } = this;
    let word = layout.withCurrent(0, node.current);
    for (let view = 1; view <= layout.views; view++) {
      const own = node.ownVotes(view);
      if (own === undefined) continue;
      const shift = layout.shiftOf(view);
      if (own.nullify) word |= layout.nullifyBit << shift;
      for (let k = 0; k < layout.variants; k++) {
        const digest = this.digests[layout.blockOf(view, k)];
        if (digest === undefined) continue;
        if (own.notarize === digest) word |= 1 << (shift + k);
        if (own.finalize === digest) word |= 1 << (shift + layout.finalizeShift + k);
      }
    }
    return word;
  }

  /** The parents of all blocks, as the model writes them. */
  get parents(): number {
    let parents = 0;
    for (const [block, digest] of this.digests.entries()) {
      if (digest === undefined) continue;
      const header = this.bodies.get(digest)?.header;
      if (header === undefined)
        throw new InvariantError("NO_BODY", { digest }, "a block was voted for that is not known");
      if (header.parentView === 0) continue;
      const parent = this.digests.indexOf(header.parentDigest);
      if (parent < 0) throw new InvariantError("STRAY_PARENT", { block }, "a parent that nobody honest voted for");
      parents = this.layout.withParent(parents, block, 1 + parent);
    }
    return parents;
  }

  /** Where the cores and a state of the model differ; undefined when they agree. */
  difference({ local, parents }: NetworkState): string | undefined {
    const { layout } = this;
    const plain = (1 << layout.restartShift) - 1;
    for (const [i, node] of this.nodes.entries()) {
      const [core, model] = [this.wordOf(node), (local[i] as number) & plain];
      if (core !== model) return `validator ${node.place}: core ${core.toString(2)}, model ${model.toString(2)}`;
    }
    return parents[0] === this.parents ? undefined : `parents: core ${this.parents}, model ${parents[0]}`;
  }
}
