import type { AllotCore } from "../clients/context.ts";

export interface Stretch {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** Blocks asked for at once: a node refuses queries over much more. */
const stretchBlocksMax = 50_000n;

/**
 * Reads events over all blocks from `fromBlock` to the newest, as many at once as a node answers.
 * @example
 * ```ts
 * const logs = await inStretches(client, 0n, (stretch) => getContractEvents(client, { address, abi, ...stretch }));
 * ```
 */
export async function inStretches<T>(
  client: AllotCore,
  fromBlock: bigint,
  read: (stretch: Stretch) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const newest = BigInt(await client.request({ method: "eth_blockNumber" }));
  const found: T[] = [];
  for (let from = fromBlock; from <= newest; from += stretchBlocksMax) {
    const to = from + stretchBlocksMax - 1n;
    found.push(...(await read({ fromBlock: from, toBlock: to < newest ? to : newest })));
  }
  return found;
}
