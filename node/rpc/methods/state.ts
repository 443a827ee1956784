import { proofSlotsMax } from "../../config/limits.ts";
import { bytesOf, hexOf } from "../../types/hex.ts";
import { requireState } from "../blockReference.ts";
import { quantityOf } from "../format.ts";
import { type Method, method, parameter } from "../method.ts";
import { arrayOf, optional } from "../schema.ts";
import { address, block, latest, slot } from "../values.ts";

const account = parameter("address", address);
const at = parameter("block", optional(block, latest));

export const stateMethods: readonly Method[] = [
  method("eth_getBalance", [account, at], ({ node }, owner, reference) =>
    quantityOf(requireState(node.backend, reference).balanceOf(owner)),
  ),
  method("eth_getTransactionCount", [account, at], ({ node }, sender, reference) =>
    quantityOf(
      reference.by === "tag" && reference.tag === "pending"
        ? node.backend.mempool.pendingNonceOf(sender)
        : requireState(node.backend, reference).nonceOf(sender),
    ),
  ),
  method("eth_getCode", [account, at], ({ node }, owner, reference) =>
    hexOf(requireState(node.backend, reference).codeOf(owner)),
  ),
  method("eth_getStorageAt", [account, parameter("slot", slot), at], ({ node }, owner, key, reference) =>
    hexOf(requireState(node.backend, reference).storageAt(owner, bytesOf(key))),
  ),
  method(
    "eth_getProof",
    [account, parameter("slots", arrayOf(slot, proofSlotsMax)), at],
    ({ node }, owner, slots, reference) =>
      node.callSlots.run(async () => {
        const proof = await requireState(node.backend, reference).proof(owner, slots);
        return {
          address: proof.address,
          accountProof: proof.accountProof,
          balance: quantityOf(proof.account.balance),
          codeHash: proof.account.codeHash,
          nonce: quantityOf(proof.account.nonce),
          storageHash: proof.account.storageRoot,
          storageProof: proof.storageProof.map((each) => ({ ...each, value: quantityOf(each.value) })),
        };
      }),
  ),
];
