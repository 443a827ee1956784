/** The network's award mechanisms. All but the posted price bind the price and want an independent evaluator. */
export const mechanisms = ["postedPrice", "firstPrice", "vickrey", "uniformPrice"] as const;
export type Mechanism = (typeof mechanisms)[number];
