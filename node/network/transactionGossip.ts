// Transactions travel by gossipsub, in batches. Links are authenticated and every transaction carries its sender's
// signature, so messages are not signed; a message's id is a hash of its content, so that nobody can make a validator
// ignore somebody else's batch by using its id first.
import { hash } from "node:crypto";
import { type GossipSub, gossipsub, type Message, TopicValidatorResult } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { gossipBatchBytesMax, gossipQueueBytesMax, transactionBytesMax } from "../config/limits.ts";
import type { PeerIndex } from "../types/brands.ts";
import { AllotError } from "../types/errors.ts";
import { Batcher } from "./batcher.ts";
import type { PeerBook } from "./peerBook.ts";
import { decodeBatch, encodeBatch } from "./transactionBatch.ts";

/** Room for one batch, a bitmap and the envelope; one transaction may make a batch by itself. */
const messageBytesMax = Math.max(gossipBatchBytesMax, transactionBytesMax) + 64 * 1024;
const idBytes = 20;
/** How long ids are remembered: a batch that comes again later costs one look at each of its transactions. */
const seenMs = 30_000;

/** The libp2p service. */
export function transactionGossipService() {
  return gossipsub({
    globalSignaturePolicy: "StrictNoSign",
    msgIdFn: (message: Message) => hash("sha256", message.data, "buffer").subarray(0, idBytes),
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    floodPublish: true,
    batchPublish: true,
    doPX: false,
    emitSelf: false,
    seenTTL: seenMs,
    maxInboundDataLength: messageBytesMax,
    maxOutboundBufferSize: gossipQueueBytesMax,
    // Duplicates are avoided by the bitmap; telling every peer of every batch would cost more than it saves.
    idontwantMinDataSize: messageBytesMax,
    // Several validators of a network may share an address: a machine, a data centre's gateway.
    scoreParams: { IPColocationFactorWeight: 0 },
  });
}

export interface TransactionGossipOptions {
  readonly pubsub: GossipSub;
  readonly topic: string;
  readonly self: () => PeerIndex | undefined;
  readonly book: PeerBook;
  /** Peers with a connection now. */
  readonly connected: () => readonly PeerIndex[];
  readonly onTransactions: (from: PeerIndex, transactions: readonly Uint8Array[]) => void;
  readonly onMisbehaviour: (from: PeerIndex, error: AllotError) => void;
  /** Bytes of a message, for metrics. */
  readonly onMessage: (direction: "in" | "out", bytes: number) => void;
}

export class TransactionGossip {
  readonly #options: TransactionGossipOptions;
  readonly #batcher: Batcher;

  constructor(options: TransactionGossipOptions) {
    this.#options = options;
    this.#batcher = new Batcher((transactions) => this.#publish(transactions));
    options.pubsub.topicValidators.set(options.topic, (from, message) => this.#receive(from, message));
    options.pubsub.subscribe(options.topic);
  }

  /** Tells every validator; alone or with others in one message. */
  publish(transaction: Uint8Array): void {
    this.#batcher.add(transaction);
  }

  stop(): void {
    this.#batcher.stop();
  }

  #publish(transactions: readonly Uint8Array[]): void {
    const { pubsub, topic, self, connected, onMessage } = this.#options;
    const own = self();
    const batch = encodeBatch(own === undefined ? connected() : [own, ...connected()], transactions);
    pubsub.publish(topic, batch).then(
      ({ recipients }) => {
        for (const _ of recipients) onMessage("out", batch.length);
      },
      // A publication that reaches nobody is no fault: the transactions stay in this validator's own mempool.
      () => undefined,
    );
  }

  /** The verdict decides whether gossipsub passes the message on. */
  #receive(source: PeerId, message: Message): TopicValidatorResult {
    const { book, connected, onMessage, onMisbehaviour, onTransactions } = this.#options;
    const from = book.byId(source)?.index;
    if (from === undefined) return TopicValidatorResult.Ignore;
    onMessage("in", message.data.length);
    try {
      const { reached, transactions } = decodeBatch(message.data);
      onTransactions(from, transactions);
      return connected().some((peer) => !reached.has(peer)) ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore;
    } catch (error) {
      if (!(error instanceof AllotError)) throw error;
      onMisbehaviour(from, error);
      return TopicValidatorResult.Reject;
    }
  }
}
