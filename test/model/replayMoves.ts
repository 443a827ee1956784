// Follows a trace of the model with real cores: each action becomes the inputs that bring it about, and after each one
// every core must stand exactly where the model says.
import type { SealedBlock } from "../../node/types/block.ts";
import type { Digest } from "../../node/types/brands.ts";
import type { ConsensusRecord } from "../../node/types/record.ts";
import type { Vote } from "../../node/types/vote.ts";
import { notarize, nullify } from "../consensus/solo.ts";
import type { Random } from "../simulation/random.ts";
import type { CoreNode } from "./coreNode.ts";
import { describeMove, type Move } from "./counterexample.ts";
import type { ModelLayout, NetworkState } from "./modelLayout.ts";
import { ModelNetwork } from "./modelNetwork.ts";

/** The first difference between model and cores, in words; undefined when the cores followed to the end. */
export function replayMoves(
  layout: ModelLayout,
  liarsAt: readonly number[],
  moves: readonly Move[],
  random: Random,
): string | undefined {
  const network = new ModelNetwork(layout, liarsAt, random);
  for (const [at, move] of moves.entries()) {
    const node = network.nodes[move.action.validator] as CoreNode;
    act(network, node, move);
    network.noteBlocks(node);
    const difference = network.difference(move.state);
    if (difference === undefined) continue;
    const told = moves.slice(0, at + 1).map((one) => describeMove(layout, one));
    return `${difference}\n${told.join("\n")}`;
  }
  return undefined;
}

function act(network: ModelNetwork, node: CoreNode, { action, state }: Move): void {
  const { kind, view, variant } = action;
  switch (kind) {
    case "timeout":
      node.arm();
      node.fire("notarization");
      return;
    case "notarize":
      return notarizeBlock(network, node, { action, state });
    case "acceptNotarization":
      return accept(network, node, network.vote("notarize", view, variant));
    case "acceptNullification":
      return accept(network, node, network.vote("nullify", view, variant));
    case "acceptFinalization":
      return accept(network, node, network.vote("finalize", view, variant));
    case "acceptAndRestart": {
      const before = node.records.length;
      accept(network, node, network.vote("notarize", view, variant));
      // The notarization became durable, the Finalize did not.
      const added = node.records.slice(before);
      const lost = added.findIndex((record: ConsensusRecord) => record.kind === "vote");
      return node.restart(node.records.slice(0, before + lost));
    }
    case "restart":
      return node.restart(node.durableRecords);
    case "loseEverything":
    case "liarsSign":
      return;
  }
}

/** A certificate comes from whoever likes. */
function accept(network: ModelNetwork, node: CoreNode, vote: Vote): void {
  const from = network.leaderOf(node.place + 1);
  node.receive(from, { kind: "certificate", certificate: network.certificate(vote) });
}

function notarizeBlock(network: ModelNetwork, node: CoreNode, { action, state }: Move): void {
  const { view, variant, isNew } = action;
  const parent = parentIn(network, state, view, variant);
  if (!isNew) return network.propose(node, network.bodies.get(network.digestOf(view, variant)) as SealedBlock);
  if (network.honestLeaderOf(view) !== node) return network.propose(node, network.forge(view, parent, variant));
  const parentView = parent?.header.view ?? 0;
  if (parent !== undefined) accept(network, node, notarize(parentView, parent.digest));
  for (let skipped = parentView + 1; skipped < view; skipped++) accept(network, node, nullify(skipped));
  node.supply(() => false);
  node.arm();
  if (node.isRunning("pace")) node.fire("pace");
}

function parentIn({ layout, digests, bodies }: ModelNetwork, { parents }: NetworkState, view: number, variant: number) {
  const parent = layout.parentOf(parents[0] as number, layout.blockOf(view, variant));
  return parent === 0 ? undefined : bodies.get(digests[parent - 1] as Digest);
}
