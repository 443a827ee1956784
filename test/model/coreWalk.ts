// A run of real cores in which anything may happen next: any message that was ever sent reaches anybody, liars say
// anything, any timer fires, and a validator is restarted with any log that it may be left with, at any point of an
// input. The model must know every step.
import type { Effect } from "../../node/consensus/effect.ts";
import type { TimerName } from "../../node/consensus/input.ts";
import type { ValidatorIndex } from "../../node/types/brands.ts";
import type { PeerMessage } from "../../node/types/message.ts";
import type { Vote } from "../../node/types/vote.ts";
import { finalize, notarize, nullify } from "../consensus/solo.ts";
import type { Random } from "../simulation/random.ts";
import type { CoreNode } from "./coreNode.ts";
import type { ModelLayout, NetworkState } from "./modelLayout.ts";
import { ModelNetwork } from "./modelNetwork.ts";
import { type Mishap, ModelShadow } from "./modelShadow.ts";

const timers: readonly TimerName[] = [
  "leader",
  "notarization",
  "pace",
  "retry",
  "verify",
  "fetch",
  "heartbeat",
  "reply",
];
/** Those that make a validator speak in its current view. */
const timersOfView = new Set<TimerName>(["leader", "notarization", "pace", "retry"]);

interface Sent {
  readonly from: ValidatorIndex;
  readonly message: PeerMessage;
}

export class CoreWalk {
  readonly network: ModelNetwork;
  readonly #layout: ModelLayout;
  readonly #random: Random;
  readonly #shadow: ModelShadow;
  readonly #sent: Sent[] = [];
  readonly #restarts: number[];
  readonly #told: string[] = [];
  #losses = 0;
  /** How much had been sent when a validator lost everything. */
  readonly #lossAt = new Map<CoreNode, number>();

  constructor(layout: ModelLayout, liarsAt: readonly number[], random: Random) {
    this.#layout = layout;
    this.#random = random;
    this.network = new ModelNetwork(layout, liarsAt, random);
    this.#shadow = new ModelShadow(layout);
    this.#restarts = this.network.nodes.map(() => 0);
  }

  /** Where the model says that the cores are. */
  get state(): NetworkState {
    return this.#shadow.state;
  }

  /** One more input to some core; a sentence when the model does not know what came of it. */
  step(): string | undefined {
    const i = this.#random.below(this.network.nodes.length);
    const node = this.network.nodes[i] as CoreNode;
    const mishap = this.#mishap(i);
    if (mishap === "loss") this.#lose(node);
    else {
      const durable = node.durableRecords.length;
      const effects = this.#act(node);
      if (mishap === "restart") this.#restart(i, node, durable);
      else this.#keep(node, effects);
    }
    this.network.noteBlocks(node);
    if (this.#shadow.follow(i, this.network.wordOf(node), this.network.parents, mishap)) return undefined;
    const difference = this.network.difference(this.state);
    return `the model knows no way to where validator ${node.place} stands: ${difference}\n${this.#told.join("\n")}`;
  }

  #mishap(i: number): Mishap {
    const { restarts, losses } = this.#layout.options;
    if ((this.#restarts[i] as number) < restarts && this.#random.chance(1 / 25)) return "restart";
    return this.#losses < losses && this.#random.chance(1 / 60) ? "loss" : "none";
  }

  #lose(node: CoreNode): void {
    this.#losses++;
    this.#tell(node, "loses log and guard");
    node.loseEverything();
    this.#lossAt.set(node, this.#sent.length);
    this.#keep(node, node.solo.effects);
  }

  /** Nothing of what the last input brought about has left, and any part of it may be lost. */
  #restart(i: number, node: CoreNode, durable: number): void {
    this.#restarts[i] = (this.#restarts[i] as number) + 1;
    const { records } = node;
    const kept = durable + this.#random.below(records.length - durable + 1);
    this.#told.push(`  ... and is restarted with ${kept} of ${records.length} records`);
    node.restart(records.slice(0, kept));
    this.#keep(node, node.solo.effects);
  }

  #keep(node: CoreNode, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "persist" && effect.record.kind === "block") {
        this.network.bodies.set(effect.record.block.digest, effect.record.block);
      }
      if (effect.kind !== "broadcast" && effect.kind !== "send") continue;
      const { message } = effect;
      if (message.kind === "fetchBlock" || message.kind === "fetchHeights" || message.kind === "fetchViews") continue;
      this.#sent.push({ from: node.place, message });
    }
  }

  #tell(node: CoreNode, what: string): void {
    this.#told.push(`${node.place} in view ${node.current}: ${what}`);
  }

  #act(node: CoreNode): readonly Effect[] {
    const dice = this.#random.below(10);
    if (dice < 4) return this.#hear(node, this.#overheard(node));
    if (dice < 5) return this.#hear(node, this.#lie());
    if (dice < 6) return this.#hear(node, this.#certificate());
    if (dice < 7) return this.#hear(node, this.#forged(node));
    if (dice < 8) return this.#supply(node);
    return this.#fire(node);
  }

  /** Something that was sent at any time. What was sent to a life that is over went with its connections: only a liar that
   * kept it still passes it on. */
  #overheard(node: CoreNode): Sent | undefined {
    const sent = this.#random.pick(this.#sent.filter(({ from }) => from !== node.place));
    if (sent === undefined || this.#sent.indexOf(sent) >= (this.#lossAt.get(node) ?? 0)) return sent;
    return { ...sent, from: this.#liar };
  }

  #hear(node: CoreNode, sent: Sent | undefined): readonly Effect[] {
    if (sent === undefined) return [];
    const { from, message } = sent;
    this.#tell(node, `hears ${message.kind}${"vote" in message ? ` ${textOf(message.vote.vote)}` : ""} from ${from}`);
    return node.receive(from, message);
  }

  #fire(node: CoreNode): readonly Effect[] {
    const isBeyond = node.current > this.#layout.views;
    const running = timers.filter((name) => node.isRunning(name) && !(isBeyond && timersOfView.has(name)));
    if (running.length === 0) return [];
    const timer = this.#random.pick(running);
    this.#tell(node, `timer ${timer} fires`);
    return node.fire(timer);
  }

  /** A vote for any block that is known, or for none. */
  #anyVote(): Vote {
    const known = [...this.network.bodies.values()].filter(({ header }) => header.view <= this.#layout.views);
    const view = 1 + this.#random.below(this.#layout.views);
    if (known.length === 0 || this.#random.chance(1 / 3)) return nullify(view);
    const { digest, header } = this.#random.pick(known);
    return this.#random.chance(1 / 2) ? notarize(header.view, digest) : finalize(header.view, digest);
  }

  get #liar(): ValidatorIndex {
    return this.#random.pick(this.network.liarsAt) as ValidatorIndex;
  }

  #lie(): Sent {
    const from = this.#liar;
    return { from, message: { kind: "vote", vote: this.network.signed(from, this.#anyVote()) } };
  }

  /** A certificate that the votes so far make. */
  #certificate(): Sent | undefined {
    const vote = this.#anyVote();
    if (vote.view > this.#layout.views || !this.network.hasQuorum(vote)) return undefined;
    return { from: this.#liar, message: { kind: "certificate", certificate: this.network.certificate(vote) } };
  }

  /** A liar's block, on any parent that there is a justification for; or one of those made before. */
  #forged(node: CoreNode): Sent | undefined {
    const view = Math.min(node.current + this.#random.below(2), this.#layout.views);
    const leader = this.network.leaderOf(view);
    if (!this.network.liarsAt.includes(leader)) return undefined;
    const bodies = [...this.network.bodies.values()];
    const made = bodies.filter(({ header }) => header.view === view);
    const parents = [undefined, ...bodies].filter((parent) => this.network.isJustified(view, parent));
    const isOld = made.length > 0 && (made.length >= this.#layout.variants || this.#random.chance(1 / 2));
    if (!isOld && parents.length === 0) return undefined;
    const block = isOld ? this.#random.pick(made) : this.network.forge(view, this.#random.pick(parents), made.length);
    const vote = this.network.signed(leader, notarize(view, block.digest));
    return { from: leader, message: { kind: "proposal", block, vote } };
  }

  #supply(node: CoreNode): readonly Effect[] {
    if (!node.isRunning("fetch")) return [];
    this.#tell(node, "is given what it asks for");
    const before = node.solo.effects.length;
    node.supply(() => false);
    return node.solo.effects.slice(before);
  }
}

const textOf = (vote: Vote): string =>
  `${vote.kind} ${vote.view} ${vote.kind === "nullify" ? "" : vote.digest.slice(0, 8)}`;
