// ERC-8469's four normative rules, written from the text's table and not from the contracts: sorting where they use a
// heap, definitions where they use shortcuts.

export interface Bid {
  readonly bidder: string;
  readonly amount: bigint;
}
export interface Award {
  readonly winner: string;
  readonly price: bigint;
}
export type Rule = "FirstPrice" | "Vickrey" | "UniformPrice" | "PostedPrice";

/** Bids by amount; equal ones in the order in which they were committed. */
function ranked(bids: readonly Bid[]): Bid[] {
  return [...bids].sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0));
}

const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The award, in the order in which the contracts return it. */
export function awardBy(rule: Rule, bids: readonly Bid[], reserve: bigint, units: number): Award[] {
  const order = ranked(bids);
  const winners = order.slice(0, units).filter(({ amount }) => amount <= reserve);
  switch (rule) {
    case "FirstPrice":
      return winners.map(({ bidder, amount }) => ({ winner: bidder, price: amount }));
    case "Vickrey": {
      if (units !== 1) throw new RangeError("one unit");
      return winners.map(({ bidder }) => ({ winner: bidder, price: lower(order[1]?.amount ?? reserve, reserve) }));
    }
    case "UniformPrice":
      return winners.map(({ bidder }) => ({ winner: bidder, price: lower(order[units]?.amount ?? reserve, reserve) }));
    case "PostedPrice":
      return bids
        .filter(({ amount }) => amount <= reserve)
        .slice(0, units)
        .map(({ bidder }) => ({ winner: bidder, price: reserve }));
    default:
      return rule satisfies never;
  }
}
