import type { Cluster, ClusterOptions } from "../cluster.ts";
import type { SigningScheme } from "../simulatedScheme.ts";

/** What the caller decides about a run. */
export interface Given {
  readonly seed: number;
  /** A scenario that needs another number takes its own. */
  readonly validators: number;
  /** The node's own driver on simulated disks, instead of the bare core. Scenarios of disks always use it. */
  readonly driver?: boolean;
  /** Keep a hash over all steps. */
  readonly hashed?: boolean;
  /** Instead of the cheap signatures. */
  readonly scheme?: (validators: number) => SigningScheme;
}

export interface Scenario {
  readonly name: string;
  /** What holds in every run. */
  readonly claim: string;
  /** Runs it to its end. @throws SimulationFailure when something does not hold */
  run(given: Given): Promise<Cluster>;
}

/** Blocks in an epoch, by seed: every scenario also goes through many changes of epoch. */
const epochLengths = [0, 3, 7, 20];

/** A cluster's options out of what the caller and the scenario decide. */
export function optionsOf(given: Given, own: Partial<ClusterOptions> = {}): ClusterOptions {
  const validators = own.validators ?? given.validators;
  const length = epochLengths[given.seed % epochLengths.length] as number;
  // Each epoch begins with the first of the set: in a shorter one the last would hardly ever lead.
  const epochBlocks = length === 0 ? 0 : Math.max(length, validators);
  return {
    seed: given.seed,
    validators,
    ...(given.driver === undefined ? {} : { driver: given.driver }),
    ...(given.hashed === undefined ? {} : { hashed: given.hashed }),
    ...(given.scheme === undefined ? {} : { scheme: given.scheme(validators) }),
    ...own,
    parameters: { epochBlocks, ...own.parameters },
  };
}

export const faultyMax = (validators: number): number => Math.floor((validators - 1) / 3);
