// Parameters of the rules in new networks.
import type { ParameterBounds } from "../../contracts/deploy/parameters.ts";
import type { GovernanceParameters, MarketParameters, RulesParameters } from "../../contracts/deploy/plan.ts";
import type { Digest } from "../types/brands.ts";

/** `development`: windows of seconds, so that a whole life can be watched. `default`: windows of days. */
export type RulesPace = "development" | "default";

/** One credit in its smallest units. */
export const credit = 1_000_000n;

const daySeconds = 86_400n;

/** Amounts and shares are the same at every pace. */
const stakes = {
  minStake: 1_000n * credit,
  stakePerUnit: 100n * credit,
  attesterMinStake: 1_000n * credit,
  validatorMinStake: 10_000n * credit,
  equivocationFixed: 500n * credit,
  equivocationShareBps: 5_000n,
  rewardShareBps: 1_000n,
};

/** Bounds of new tasks that are the same at every pace. */
const market = {
  postingFee: credit / 100n,
  lockMin: credit,
  noShowBps: 1_000n,
  unitsMax: 32n,
  reassignmentsMax: 8n,
  candidatesMax: 4n,
};

/** Three of five members decide, and no single one outvotes all others. */
const panel = { bond: 10n * credit, fee: credit, seats: 5n, quorum: 3n, level: 1n, weightMax: 2n };

/** Shortest window at the default pace: ERC-8469 advises against less than a few minutes. */
const windowFloor = 300n;

const marketWindows = {
  development: {
    commitWindowMin: 1n,
    revealWindowMin: 1n,
    deliveryWindowMin: 1n,
    verdictWindowMin: 1n,
    acceptanceWindowMin: 1n,
    windowMax: 30n * daySeconds,
    expiryMargin: 60n,
    panel: { ...panel, voteWindow: 10n, voteRevealWindow: 10n },
  },
  default: {
    commitWindowMin: windowFloor,
    revealWindowMin: windowFloor,
    deliveryWindowMin: windowFloor,
    verdictWindowMin: 3_600n,
    acceptanceWindowMin: windowFloor,
    windowMax: 60n * daySeconds,
    expiryMargin: 7n * daySeconds,
    panel: { ...panel, voteWindow: 2n * daySeconds, voteRevealWindow: daySeconds },
  },
} satisfies Record<RulesPace, Partial<MarketParameters>>;

// Unbonding outlasts the evidence's age by the longest commit and reveal windows of a task: an hour, or two weeks.
const windows = {
  development: { unbondingDelaySeconds: 3_700n, evidenceAgeSeconds: 60n, rewardClaimSeconds: 5n },
  default: { unbondingDelaySeconds: 21n * daySeconds, evidenceAgeSeconds: 7n * daySeconds, rewardClaimSeconds: 3_600n },
} satisfies Record<RulesPace, Partial<RulesParameters>>;

/** Two attesters accuse; whoever is found wrong pays a fifth of the agent's stake, or loses as much. */
const accusation = { shareBps: 2_000n, accusers: 2n };

const accusationWindows = {
  development: { secondingSeconds: 60n, appealSeconds: 60n },
  // The operators' time lock takes two days of the appeal.
  default: { secondingSeconds: 3n * daySeconds, appealSeconds: 14n * daySeconds },
} satisfies Record<RulesPace, object>;

const unbounded = 10n ** 15n;

// What the operators of a network cannot undo whatever they decide: that a bid gets in under attack, that stake stays
// in reach while evidence is found, that money is not held by a clock nobody can meet.
// The shortest unbonding delay outlasts the longest evidence age and the bids of any tender.
const bounds = {
  development: {
    unbondingDelay: { min: 3_700n, max: 365n * daySeconds },
    evidenceAge: { min: 1n, max: 99n },
    commitWindowMin: { min: 1n, max: 1_800n },
    revealWindowMin: { min: 1n, max: 1_800n },
    expiryMargin: { min: 1n, max: 100n },
  },
  default: {
    minStake: { min: 100n * credit, max: unbounded },
    unbondingDelay: { min: 21n * daySeconds, max: 180n * daySeconds },
    rewardClaim: { min: 600n, max: 7n * daySeconds },
    evidenceAge: { min: 2n * daySeconds, max: 9n * daySeconds },
    equivocationShare: { min: 1_000n, max: 10_000n },
    commitWindowMin: { min: 120n, max: daySeconds },
    revealWindowMin: { min: 120n, max: daySeconds },
    deliveryWindowMin: { min: 120n, max: daySeconds },
    verdictWindowMin: { min: 600n, max: 7n * daySeconds },
    acceptanceWindowMin: { min: 120n, max: daySeconds },
    expiryMargin: { min: 3n * daySeconds, max: 10n * daySeconds },
    panelVoteWindow: { min: 3_600n, max: 14n * daySeconds },
    panelVoteRevealWindow: { min: 3_600n, max: 14n * daySeconds },
    falseCapabilityShare: { min: 500n, max: 10_000n },
    accusationWindow: { min: daySeconds, max: 7n * daySeconds },
    appealWindow: { min: 3n * daySeconds, max: 30n * daySeconds },
  },
} satisfies Record<RulesPace, ParameterBounds>;

// Those who disagree with a change have the delay to finish what they do and unbond the rest. Where a network is only
// tried out, nobody waits.
const governance = {
  development: { delaySeconds: 0n, delayMinSeconds: 0n },
  default: { delaySeconds: 2n * daySeconds, delayMinSeconds: daySeconds },
} satisfies Record<RulesPace, GovernanceParameters>;

const longer = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The windows in which somebody must get a transaction ordered, none shorter than the network takes for that. */
function guaranteed(windows: typeof marketWindows.default, inclusionSeconds: bigint): typeof marketWindows.default {
  return {
    ...windows,
    commitWindowMin: longer(windows.commitWindowMin, inclusionSeconds),
    revealWindowMin: longer(windows.revealWindowMin, inclusionSeconds),
    deliveryWindowMin: longer(windows.deliveryWindowMin, inclusionSeconds),
    verdictWindowMin: longer(windows.verdictWindowMin, inclusionSeconds),
    acceptanceWindowMin: longer(windows.acceptanceWindowMin, inclusionSeconds),
  };
}

/** No decision of the operators makes these windows shorter than that either. */
function guaranteedBounds(inclusionSeconds: bigint): ParameterBounds {
  const { commitWindowMin, revealWindowMin, deliveryWindowMin, verdictWindowMin, acceptanceWindowMin } = bounds.default;
  const from = ({ min, max }: { readonly min: bigint; readonly max: bigint }) => ({
    min: longer(min, inclusionSeconds),
    max,
  });
  return {
    ...bounds.default,
    commitWindowMin: from(commitWindowMin),
    revealWindowMin: from(revealWindowMin),
    deliveryWindowMin: from(deliveryWindowMin),
    verdictWindowMin: from(verdictWindowMin),
    acceptanceWindowMin: from(acceptanceWindowMin),
  };
}

/**
 * @param epochBlocks Blocks in an epoch; 0 for one that lasts for ever.
 * @param inclusionSeconds Time within which the network orders a transaction whoever obstructs, see `inclusionSeconds`.
 *   Development networks guarantee nothing of the kind.
 */
export function rulesParameters(
  networkId: Digest,
  pace: RulesPace,
  inclusionSeconds = 0n,
  epochBlocks = 0,
): RulesParameters {
  const windowsOfMarket =
    pace === "development" ? marketWindows.development : guaranteed(marketWindows.default, inclusionSeconds);
  return {
    networkId,
    ...stakes,
    epochBlocks: BigInt(epochBlocks),
    ...windows[pace],
    bounds: pace === "development" ? bounds.development : guaranteedBounds(inclusionSeconds),
    accusation: { ...accusation, ...accusationWindows[pace] },
    governance: governance[pace],
    market: { ...market, ...windowsOfMarket },
  };
}
