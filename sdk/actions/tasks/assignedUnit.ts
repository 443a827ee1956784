import type { Address } from "viem";

/** A unit that has just been given to an agent. */
export interface AssignedUnit {
  readonly taskId: bigint;
  readonly unit: number;
  readonly agentId: bigint;
  /** The agent's bid key: only it can submit, and it is paid. */
  readonly provider: Address;
  /** In units of 10⁻⁶ credit. */
  readonly price: bigint;
  readonly jobId: bigint;
  /** 0 for the award, n for the n-th reassignment. */
  readonly round: number;
  /** Last second at which a delivery counts. */
  readonly deliveryDeadline: number;
}

/** From the arguments of the event UnitAssigned. */
export const assignedUnitOf = (args: Omit<AssignedUnit, "unit"> & { readonly unit: bigint }): AssignedUnit => ({
  ...args,
  unit: Number(args.unit),
});
