/**
 * Gas limits of the calls that the clock permits or forbids. They are not tried before they are sent: a node tries a
 * call at the time of its last block, and while nothing happens that block, and with it the ledger's time, stands
 * still. Those that compute awards follow from the bids (taskGas). Each limit is far above the cost; on an Allot network
 * unused gas costs nothing.
 */
export const gasOf = {
  burnReward: 200_000n,
  claimRefund: 300_000n,
  /** With 16 accusers. */
  closeAccusation: 2_000_000n,
  revealBid: 400_000n,
  giveVerdict: 1_000_000n,
  /** With 64 members to draw from and 16 seats. */
  objectToVerdict: 8_000_000n,
  vote: 300_000n,
  concludeDispute: 2_000_000n,
  withdrawStake: 200_000n,
  reportEquivocation: 1_000_000n,
} as const;
