export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Until the second `second` of block time has passed; blocks carry their leader's clock. */
export const pauseUntilAfter = (second: bigint | number): Promise<void> =>
  pause(Math.max(0, (Number(second) + 1) * 1_000 - Date.now()));
