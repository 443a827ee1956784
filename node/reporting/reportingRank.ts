import type { Address, ValidatorIndex } from "../types/brands.ts";

/**
 * Place of a validator in the order in which the others report an offender; 0 goes first. One is enough, and all would
 * pay for the same: so each waits until those before it have had their time. The order begins behind the offender, so
 * that no single validator comes first every time, and it is the same whichever of the offender's contradictions
 * somebody has seen. Who is not in the set goes last.
 */
export function reportingRank(validators: readonly Address[], self: Address, offender: ValidatorIndex): number {
  const place = validators.indexOf(self);
  const others = validators.length - 1;
  return place === -1 ? others : (place - offender + others) % validators.length;
}
