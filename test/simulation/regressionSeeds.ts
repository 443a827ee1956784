export interface RegressionSeed {
  readonly scenario: string;
  readonly seed: number;
  readonly validators: number;
  readonly driver?: boolean;
  /** What the run found, in the product or in the simulator, when it was first made. */
  readonly found: string;
}

/** Runs that found something once, and are repeated before any fresh seed. */
export const regressionSeeds: readonly RegressionSeed[] = [
  {
    scenario: "chaos",
    seed: 1,
    validators: 4,
    driver: true,
    found: "simulator: two commits overtook each other in the tables, which real batches cannot",
  },
  {
    scenario: "stale-backup",
    seed: 0,
    validators: 4,
    found: "a power cut beside a lost log left a state whose tip nothing knew: the node refused with TIP_UNKNOWN",
  },
  {
    scenario: "one-engine-errs",
    seed: 2,
    validators: 4,
    found: "simulator: the blame that the erring node itself earns was counted as blame of an honest one",
  },
  {
    scenario: "colluders-above-a-third",
    seed: 561_614_536,
    validators: 5,
    found: "simulator: two of five share no two quorums; a fork takes three",
  },
  {
    scenario: "colluders-above-a-third",
    seed: 2_004,
    validators: 4,
    found: "a node stopped at a fork before it had the certificate that convicts all colluders",
  },
  {
    scenario: "colluders-above-a-third",
    seed: 500_026,
    validators: 4,
    found: "a fork of a block no higher than one's own tip was not named",
  },
  {
    scenario: "colluders-above-a-third",
    seed: 800_000,
    validators: 4,
    found: "blocks were asked for only above a notarized block that the other chain had passed over",
  },
  {
    scenario: "power-cuts",
    seed: 1_362_635_146,
    validators: 4,
    found: "simulator: a node was started though the power had been cut while `allot init` made its guard",
  },
];
