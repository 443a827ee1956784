import type { StakeRegister } from "../actions/slashing/stakeRegister.ts";
import type { EvidenceKind } from "./evidenceFile.ts";

const registers: Readonly<Record<EvidenceKind, StakeRegister>> = {
  "bid-equivocation": "agents",
  "delivery-equivocation": "agents",
  "vote-equivocation": "validators",
  "contradictory-attestations": "attesters",
};

/** Whose stake a fault of this kind takes: where it is punished, and rewarded. */
export const registerOf = (kind: EvidenceKind): StakeRegister => registers[kind];
