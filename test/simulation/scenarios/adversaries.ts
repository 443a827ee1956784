// Up to f validators lie; all the others stay in agreement, make progress, and keep evidence of every contradiction.
import type { EvidenceKind } from "../../../node/types/evidence.ts";
import type { Byzantine } from "../byzantine/byzantine.ts";
import {
  contradictor,
  contradictsAll,
  doubleFinalizes,
  doubleNotarizes,
  nullifiesAndFinalizes,
} from "../byzantine/contradictor.ts";
import { equivocator, splits } from "../byzantine/equivocator.ts";
import { forger } from "../byzantine/forger.ts";
import { futureFlooder } from "../byzantine/futureFlooder.ts";
import { invalidProposer } from "../byzantine/invalidProposer.ts";
import { lateVoter } from "../byzantine/lateVoter.ts";
import { lyingSyncPeer } from "../byzantine/lyingSyncPeer.ts";
import { malformedSender } from "../byzantine/malformedSender.ts";
import { nullifier } from "../byzantine/nullifier.ts";
import { partialVoter } from "../byzantine/partialVoter.ts";
import { replayer } from "../byzantine/replayer.ts";
import { selectiveSender } from "../byzantine/selectiveSender.ts";
import { silentLeader } from "../byzantine/silentLeader.ts";
import { stranger } from "../byzantine/stranger.ts";
import { voteWithholder } from "../byzantine/voteWithholder.ts";
import { withholder } from "../byzantine/withholder.ts";
import { chaos } from "../chaos.ts";
import { Cluster } from "../cluster.ts";
import { type SigningScheme, simulatedScheme } from "../simulatedScheme.ts";
import { faultyMax, type Given, optionsOf, type Scenario } from "./scenario.ts";

type Make = (scheme: SigningScheme, validators: number) => Byzantine;

interface Expectation {
  /** Kinds of evidence of which the liars are convicted, each of them of at least one. */
  readonly convictedOf?: readonly EvidenceKind[];
  /** What the liars are reported for at least once. */
  readonly reportedFor?: string;
}

function adversary(name: string, claim: string, make: Make, expected: Expectation = {}): Scenario {
  return {
    name,
    claim,
    async run(given: Given) {
      const { seed, validators } = given;
      const liars = Array.from({ length: Math.max(1, faultyMax(validators)) }, (_, i) => (seed + 2 * i) % validators);
      const byzantine = new Map(liars.map((i) => [i, (scheme: SigningScheme) => make(scheme, validators)] as const));
      const network = { latencyMsMax: 60, loss: seed % 2 === 0 ? 0 : 0.1, duplication: 0.05 };
      const cluster = new Cluster(optionsOf(given, { network, byzantine }));
      await chaos(cluster, { transactions: 40, crash: seed % 3 === 0 ? 0.1 : 0, healMs: 60_000 });
      const { evidence, reports } = cluster.checkers;
      for (const liar of expected.convictedOf === undefined ? [] : byzantine.keys()) {
        const kinds = evidence.filter(({ offender }) => offender === liar).map(({ kind }) => kind);
        cluster.expect(kinds.length > 0, `validator ${liar} is convicted`);
        const other = kinds.find((kind) => !expected.convictedOf?.includes(kind));
        cluster.expect(other === undefined, `validator ${liar} is convicted of what it did only, not ${other}`);
      }
      if (expected.reportedFor !== undefined) {
        cluster.expect(reports.has(expected.reportedFor), `somebody is reported for ${expected.reportedFor}`);
      }
      return cluster;
    },
  };
}

const all = ["conflictingFinalize", "conflictingNotarize", "finalizeOther", "nullifyFinalize"] as const;

export const adversaries: readonly Scenario[] = [
  ...Object.entries(splits).map(([split, by]) =>
    adversary(
      `equivocating-leader-${split}`,
      "a leader that shows different blocks neither splits nor stops the chain, and is convicted",
      equivocator(by),
      { convictedOf: ["conflictingNotarize", "finalizeOther"] },
    ),
  ),
  adversary(
    "double-notarizer",
    "two Notarizes in a view convict their signer and nobody else",
    contradictor(doubleNotarizes),
    { convictedOf: ["conflictingNotarize", "finalizeOther"] },
  ),
  adversary("double-finalizer", "two Finalizes in a view convict their signer", contradictor(doubleFinalizes), {
    convictedOf: ["conflictingFinalize", "finalizeOther"],
  }),
  adversary(
    "nullify-and-finalize",
    "Nullify and Finalize in a view convict their signer",
    contradictor(nullifiesAndFinalizes),
    {
      convictedOf: ["nullifyFinalize", "finalizeOther", "conflictingFinalize"],
    },
  ),
  adversary("contradicts-everything", "who contradicts every vote is convicted", contradictor(contradictsAll), {
    convictedOf: all,
  }),
  adversary("silent-leader", "leaders that propose nothing cost their own views only", silentLeader),
  adversary("vote-withholder", "f validators that do not vote are not needed", voteWithholder),
  adversary("selective-sender", "who speaks to half of the others stops nobody", selectiveSender),
  adversary("late-voter", "votes at the edge of the timeout decide nothing wrongly", lateVoter),
  adversary("only-nullifies", "f validators that give every view up stop nobody", nullifier),
  adversary("replayed-certificates", "old certificates and votes change nothing", replayer),
  adversary(
    "wrong-epoch-or-network",
    "votes of another epoch or network count for nothing and are no evidence",
    (scheme, validators) => stranger(simulatedScheme(validators, "another network"))(scheme),
  ),
  adversary("forged-signatures", "forged votes and certificates are refused, and only their sender is blamed", forger, {
    reportedFor: "INVALID_CERTIFICATE",
  }),
  adversary("future-view-flood", "votes far ahead neither move a view nor fill the memory", futureFlooder),
  adversary("malformed-frames", "what is no message is refused with a clear error", malformedSender),
  adversary("invalid-blocks", "no invalid block is notarized, whatever is wrong with it", (scheme) =>
    invalidProposer()(scheme),
  ),
  adversary("lying-sync-peer", "who catches up believes no block without its certificate", lyingSyncPeer),
  adversary("payload-withheld", "a block shown to a bare quorum reaches the others all the same", withholder),
  adversary(
    "withheld-to-f-plus-1-then-silent",
    "votes shown to f + 1 validators, then silence, leave nobody stuck",
    (_scheme, validators) => partialVoter(faultyMax(validators) + 1, 8)(),
  ),
];
