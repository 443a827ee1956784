import type { ExecutedBlock, StateView } from "../execution/engine.ts";
import { Height } from "../types/brands.ts";
import { unreachable } from "../types/errors.ts";
import type { RpcBackend } from "./backend.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";
import type { BlockReference, BlockTag } from "./values.ts";

/** Every committed block is final, so latest, safe and finalized are the same; so is pending, since nothing is
 * executed for readers before it is committed. */
export function heightOfTag(backend: RpcBackend, tag: BlockTag): Height {
  switch (tag) {
    case "latest":
    case "safe":
    case "finalized":
    case "pending":
      return backend.engine.chain.height;
    case "earliest":
      return Height(0);
    default:
      return unreachable(tag);
  }
}

export function findBlock({ engine }: RpcBackend, reference: BlockReference): ExecutedBlock | undefined {
  switch (reference.by) {
    case "hash":
      return engine.chain.blockByExecutionHash(reference.hash);
    case "height":
      return engine.chain.blockAt(Height(reference.height));
    case "tag":
      return reference.tag === "earliest" ? engine.chain.blockAt(Height(0)) : engine.committed();
    default:
      return unreachable(reference);
  }
}

export function requireBlock(backend: RpcBackend, reference: BlockReference): ExecutedBlock {
  const block = findBlock(backend, reference);
  if (block !== undefined) return block;
  const height = backend.engine.chain.height;
  throw new RpcError(
    serverErrorCode,
    reference.by === "hash"
      ? `block not found: this node has no block ${reference.hash}; its latest is ${height}`
      : `block not found: the latest block is ${height}`,
  );
}

export function requireState(backend: RpcBackend, reference: BlockReference): StateView {
  const { context } = requireBlock(backend, reference);
  const state = backend.engine.stateAt(context.digest);
  if (state !== undefined) return state;
  throw new RpcError(
    serverErrorCode,
    `the state of block ${context.height} is no longer kept; ask for a later block, or a node that keeps more history`,
  );
}
