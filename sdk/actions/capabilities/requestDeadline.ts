/** How long a delegated request is good for unless its signer says otherwise. */
const requestSeconds = 86_400;

/** The deadline of a delegated request: a day from now, by this machine's clock, unless given. */
export const requestDeadline = (given: bigint | undefined): bigint =>
  given ?? BigInt(Math.floor(Date.now() / 1000) + requestSeconds);
