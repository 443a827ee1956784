// The rules' numbers as the Parameters contract counts them; a test compares the names with the contract's.
import type { RulesParameters } from "./plan.ts";

/** Names by number: IParameters.Parameter in its order. */
export const parameterNames = [
  "minStake",
  "stakePerUnit",
  "attesterMinStake",
  "validatorMinStake",
  "unbondingDelay",
  "rewardClaim",
  "evidenceAge",
  "equivocationFixed",
  "equivocationShare",
  "rewardShare",
  "commitWindowMin",
  "revealWindowMin",
  "deliveryWindowMin",
  "verdictWindowMin",
  "acceptanceWindowMin",
  "windowMax",
  "expiryMargin",
  "postingFee",
  "lockMin",
  "noShowShare",
  "unitsMax",
  "reassignmentsMax",
  "candidatesMax",
  "panelBond",
  "panelFee",
  "panelVoteWindow",
  "panelVoteRevealWindow",
  "panelSeats",
  "panelQuorum",
  "panelLevel",
  "panelWeightMax",
  "falseCapabilityShare",
  "accusers",
  "accusationWindow",
  "appealWindow",
] as const;

export type ParameterName = (typeof parameterNames)[number];

/** Ranges narrower than those that hold everywhere, for one network for ever. */
export type ParameterBounds = Partial<Record<ParameterName, { readonly min: bigint; readonly max: bigint }>>;

/** The initial values, by number. */
export function parameterValues(p: RulesParameters): readonly bigint[] {
  const { market } = p;
  const values: Readonly<Record<ParameterName, bigint>> = {
    minStake: p.minStake,
    stakePerUnit: p.stakePerUnit,
    attesterMinStake: p.attesterMinStake,
    validatorMinStake: p.validatorMinStake,
    unbondingDelay: p.unbondingDelaySeconds,
    rewardClaim: p.rewardClaimSeconds,
    evidenceAge: p.evidenceAgeSeconds,
    equivocationFixed: p.equivocationFixed,
    equivocationShare: p.equivocationShareBps,
    rewardShare: p.rewardShareBps,
    commitWindowMin: market.commitWindowMin,
    revealWindowMin: market.revealWindowMin,
    deliveryWindowMin: market.deliveryWindowMin,
    verdictWindowMin: market.verdictWindowMin,
    acceptanceWindowMin: market.acceptanceWindowMin,
    windowMax: market.windowMax,
    expiryMargin: market.expiryMargin,
    postingFee: market.postingFee,
    lockMin: market.lockMin,
    noShowShare: market.noShowBps,
    unitsMax: market.unitsMax,
    reassignmentsMax: market.reassignmentsMax,
    candidatesMax: market.candidatesMax,
    panelBond: market.panel.bond,
    panelFee: market.panel.fee,
    panelVoteWindow: market.panel.voteWindow,
    panelVoteRevealWindow: market.panel.voteRevealWindow,
    panelSeats: market.panel.seats,
    panelQuorum: market.panel.quorum,
    panelLevel: market.panel.level,
    panelWeightMax: market.panel.weightMax,
    falseCapabilityShare: p.accusation.shareBps,
    accusers: p.accusation.accusers,
    accusationWindow: p.accusation.secondingSeconds,
    appealWindow: p.accusation.appealSeconds,
  };
  return parameterNames.map((name) => values[name]);
}

/** The bounds as the contract takes them. */
export function parameterBounds(bounds: ParameterBounds) {
  return Object.entries(bounds).map(([name, range]) => ({
    parameter: parameterNames.indexOf(name as ParameterName),
    ...range,
  }));
}
