// Finds the youngest state that a finalization vouches for, and proves words of it.
import { certificateSearchBlocksMax } from "../config/limits.ts";
import { encodeHeader } from "../execution/headerEncoding.ts";
import type { AssignmentCertificate } from "../types/assignmentCertificate.ts";
import { type Address, Height, type Hex } from "../types/brands.ts";
import { hexOf } from "../types/hex.ts";
import type { RpcBackend } from "./backend.ts";
import { wordOf } from "./format.ts";
import { RpcError, serverErrorCode } from "./rpcError.ts";

export type CertifiedWords = Omit<AssignmentCertificate, "taskId" | "unit" | "epochs">;

/**
 * The state after block h is vouched for by the finalization of h+1, whose header carries the result of h. Blocks that
 * became final through a descendant have none of their own, so the search goes down from the tip.
 */
export async function certifyWords(
  backend: RpcBackend,
  contract: Address,
  slots: readonly Hex[],
): Promise<CertifiedWords> {
  const { engine, genesis } = backend;
  const newest = Math.min(engine.chain.height, backend.consensus().highestFinalized - 1);
  const oldest = Math.max(0, newest - certificateSearchBlocksMax + 1);
  for (let height = newest; height >= oldest; height--) {
    const final = await backend.finalizationOf(Height(height + 1));
    const block = engine.chain.blockAt(Height(height));
    const state = block && engine.stateAt(block.context.digest);
    const header = final?.headers[0];
    if (final?.headers.length !== 1 || header === undefined || block === undefined || state === undefined) continue;
    const proof = await state.proof(contract, slots);
    return {
      version: 2,
      chainId: genesis.chainId,
      networkId: genesis.networkId,
      finalization: final.finalization,
      header,
      executionHeader: hexOf(encodeHeader(block.header)),
      contract,
      accountProof: proof.accountProof,
      storage: slots.map((slot, index) => {
        const found = proof.storageProof[index];
        return { slot, word: wordOf(found?.value ?? 0n), proof: found?.proof ?? [] };
      }),
    };
  }
  throw new RpcError(
    serverErrorCode,
    `no finalization vouches for a state kept here (heights ${oldest} to ${newest}); ask again in a moment`,
  );
}
