import type { LogFilter } from "../execution/chainReader.ts";
import { Height } from "../types/brands.ts";
import type { RpcBackend } from "./backend.ts";
import { heightOfTag, requireBlock } from "./blockReference.ts";
import type { LogCriteria } from "./filters.ts";
import { invalidParametersCode, RpcError } from "./rpcError.ts";
import type { ValueOf } from "./schema.ts";
import type { BlockReference, logFilter } from "./values.ts";

type GivenFilter = ValueOf<typeof logFilter>;

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Which logs a filter object means, whatever the block. An empty list allows everything, as in other clients. */
export function logMatchOf({ address, topics }: GivenFilter): Pick<LogFilter, "addresses" | "topics"> {
  const addresses = address === undefined ? [] : listOf(address);
  return {
    addresses: addresses.length === 0 ? undefined : addresses,
    topics: (topics ?? []).map((topic) => {
      const allowed = topic === undefined ? [] : listOf(topic);
      return allowed.length === 0 ? undefined : allowed;
    }),
  };
}

/** Adds the blocks. Without `toBlock`, or with a tag for the end of the chain, the filter follows the chain. */
export function logCriteriaOf(backend: RpcBackend, given: GivenFilter): LogCriteria {
  const match = logMatchOf(given);
  if (given.blockHash !== undefined) {
    if (given.fromBlock !== undefined || given.toBlock !== undefined) {
      throw new RpcError(invalidParametersCode, "filter.blockHash excludes filter.fromBlock and filter.toBlock");
    }
    const { height } = requireBlock(backend, { by: "hash", hash: given.blockHash }).context;
    return { ...match, fromHeight: height, toHeight: height };
  }
  const fromHeight = heightOf(backend, given.fromBlock ?? { by: "tag", tag: "latest" });
  const toHeight = followsChain(given.toBlock) ? undefined : heightOf(backend, given.toBlock as BlockReference);
  if (toHeight !== undefined && toHeight < fromHeight) {
    throw new RpcError(invalidParametersCode, `filter.toBlock ${toHeight} lies before filter.fromBlock ${fromHeight}`);
  }
  return { ...match, fromHeight, toHeight };
}

function followsChain(reference: BlockReference | undefined): boolean {
  return reference === undefined || (reference.by === "tag" && reference.tag !== "earliest");
}

function heightOf(backend: RpcBackend, reference: BlockReference): Height {
  switch (reference.by) {
    case "tag":
      return heightOfTag(backend, reference.tag);
    case "height":
      return Height(reference.height);
    case "hash":
      return requireBlock(backend, reference).context.height;
  }
}

/** The criteria as a query over what is committed now; undefined when the range lies wholly ahead of it. */
export function logQueryOf(backend: RpcBackend, criteria: LogCriteria): LogFilter | undefined {
  const height = backend.engine.chain.height;
  const toHeight = Height(Math.min(criteria.toHeight ?? height, height));
  return criteria.fromHeight > toHeight ? undefined : { ...criteria, toHeight };
}
