import type { Address, ValidatorIndex, View } from "../types/brands.ts";

/**
 * Place of a validator in the order in which the others report an offender; 0 goes first. One is enough, and all would
 * pay for the same: so each waits until those before it have had their time. The order rotates with the view, so that
 * no single validator that sleeps, or lies, comes first every time. Who is not in the set goes last.
 */
export function reportingRank(
  validators: readonly Address[],
  self: Address,
  offender: ValidatorIndex,
  view: View,
): number {
  const count = validators.length;
  const order = Array.from({ length: count }, (_, i) => (view + i) % count).filter((index) => index !== offender);
  const place = order.indexOf(validators.indexOf(self));
  return place === -1 ? order.length : place;
}
