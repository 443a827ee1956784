// The numbers that the panel stores (IDisputePanel), as words. New states are appended there.

/**
 * `none`: nobody objected. `pending`: votes can still be sealed or opened. `silent`: fewer votes than the quorum were
 * opened. `dismissed`: the verdict, or silence as acceptance, stands. `upheld`: the opposite holds.
 */
export const rulings = ["none", "pending", "silent", "dismissed", "upheld"] as const;
export type Ruling = (typeof rulings)[number];

/** `sealed`: committed and not opened. The others are opened votes: for the objector, or against. */
export const votes = ["none", "sealed", "dismiss", "uphold"] as const;
export type PanelVote = (typeof votes)[number];
