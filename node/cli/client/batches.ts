/** Requests that a node is asked at once. */
const atOnce = 16;

/** Reads something for each of many items without flooding the node. */
export async function inBatches<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += atOnce) {
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(read))));
  }
  return results;
}

/** The newest `count` of the ids from `first` to `last`, in ascending order. */
export function newestIds(first: bigint, last: bigint, count: number): readonly bigint[] {
  const least = last - BigInt(count) + 1n;
  const from = least > first ? least : first;
  return last < from ? [] : Array.from({ length: Number(last - from + 1n) }, (_, i) => from + BigInt(i));
}
