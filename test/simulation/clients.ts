// Clients that share an object through the ledger: each calls, waits until the validator that it asks serves the answer,
// and calls again. What they saw, and when, is their history.
import type { Cluster } from "./cluster.ts";
import type { Operation } from "./linearizable.ts";
import type { SimulatedNode } from "./node.ts";

const pollMs = 10;
/** After which a client asks another validator. */
const patienceMs = 3_000;

export interface ClientsOptions {
  readonly clients: number;
  /** The next call. */
  readonly draw: () => string;
  /** Reads are answered from what the validator has, without being ordered: not linearizable, and to be found out. */
  readonly glances?: boolean;
}

export class Clients {
  readonly history: Operation<string>[] = [];
  readonly #cluster: Cluster;
  readonly #options: ClientsOptions;
  #calls = 0;
  #isOver = false;

  constructor(cluster: Cluster, options: ClientsOptions) {
    this.#cluster = cluster;
    this.#options = options;
    for (let i = 0; i < options.clients; i++) this.#later(() => this.#call());
  }

  /** No further calls. Those that wait have no answer. */
  stop(): void {
    this.#isOver = true;
  }

  #later(action: () => void): void {
    this.#cluster.scheduler.after(this.#cluster.random.between(1, 40), action);
  }

  #call(): void {
    if (this.#isOver) return;
    const { scheduler, random, nodes } = this.#cluster;
    const call = this.#options.draw();
    const calledAtMs = scheduler.nowMs;
    const asked = random.pick(nodes);
    if (this.#options.glances && call.endsWith("read")) {
      if (asked.isRunning) this.#answered(call, asked.ledger.objects.glance(call), calledAtMs);
      return this.#later(() => this.#call());
    }
    const transaction = `${call}#${this.#calls++}`;
    this.#cluster.submit(transaction);
    // Until it is answered it has no end.
    const place =
      this.history.push({ call, answer: undefined, calledAtMs, answeredAtMs: Number.POSITIVE_INFINITY }) - 1;
    this.#wait(transaction, place, asked, calledAtMs + patienceMs);
  }

  #wait(transaction: string, place: number, asked: SimulatedNode, untilMs: number): void {
    const { scheduler, random, nodes } = this.#cluster;
    scheduler.after(pollMs, () => {
      const answer = asked.isRunning ? asked.ledger.objects.answerOf(transaction) : undefined;
      if (answer !== undefined) {
        const called = this.history[place] as Operation<string>;
        this.history[place] = { ...called, answer, answeredAtMs: scheduler.nowMs };
        return this.#later(() => this.#call());
      }
      if (this.#isOver) return;
      const isLate = scheduler.nowMs >= untilMs;
      this.#wait(
        transaction,
        place,
        isLate ? random.pick(nodes) : asked,
        isLate ? scheduler.nowMs + patienceMs : untilMs,
      );
    });
  }

  #answered(call: string, answer: string, calledAtMs: number): void {
    this.history.push({ call, answer, calledAtMs, answeredAtMs: this.#cluster.scheduler.nowMs });
  }
}
