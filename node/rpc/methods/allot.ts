import type { AssignmentCertificate } from "../../types/assignmentCertificate.ts";
import { type Epoch, Height, type Hex } from "../../types/brands.ts";
import { quorumOf } from "../../types/quorum.ts";
import { assignmentSlots } from "../assignmentSlots.ts";
import type { RpcBackend } from "../backend.ts";
import { heightOfTag } from "../blockReference.ts";
import { certifyWords } from "../certifiedState.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { RpcError, serverErrorCode } from "../rpcError.ts";
import { either, optional } from "../schema.ts";
import { type BlockReference, blockNumber, count, countOrQuantity, taskId } from "../values.ts";

function validators({ node: { backend } }: Caller, epoch: number | undefined) {
  const set = backend.validators(epoch as Epoch | undefined);
  if (set === undefined)
    throw new RpcError(
      serverErrorCode,
      `epoch ${epoch} has not begun; the current one is ${backend.consensus().epoch}`,
    );
  return {
    chainId: backend.genesis.chainId,
    networkId: backend.genesis.networkId,
    epoch: set.epoch,
    quorum: quorumOf(set.validators.length),
    validators: set.validators.map((validator, index) => ({ index, ...validator })),
  };
}

async function finalization({ node: { backend } }: Caller, which: number | BlockReference) {
  const height = typeof which === "number" ? Height(which) : heightOf(which);
  return (await backend.finalizationOf(height)) ?? null;

  function heightOf(reference: BlockReference): Height {
    if (reference.by === "tag") return heightOfTag(backend, reference.tag);
    return Height(reference.by === "height" ? reference.height : 0);
  }
}

async function assignmentCertificate(backend: RpcBackend, task: Hex, unit: number): Promise<AssignmentCertificate> {
  const market = backend.genesis.contracts.TaskMarket;
  if (market === undefined) throw new RpcError(serverErrorCode, "this network's genesis has no TaskMarket contract");
  const words = await certifyWords(backend, market, assignmentSlots(BigInt(task), BigInt(unit)));
  if (words.storage.every(({ word }) => BigInt(word) === 0n)) {
    throw new RpcError(
      serverErrorCode,
      `unit ${unit} of task ${BigInt(task)} is not assigned in any finalized state; ask again after its settlement`,
    );
  }
  return { taskId: task, unit, ...words };
}

function nodeStatus({ node: { backend } }: Caller) {
  const committed = backend.engine.committed();
  return {
    version: backend.version,
    chainId: backend.genesis.chainId,
    networkId: backend.genesis.networkId,
    engine: backend.engine.name,
    consensus: backend.consensus(),
    committed: {
      height: committed.context.height,
      digest: committed.context.digest,
      executionHash: committed.executionHash,
      stateRoot: committed.header.stateRoot,
      timestampMs: committed.context.timestampMs,
    },
    mempool: { transactions: backend.mempool.size },
    peers: backend.peers(),
  };
}

const heightOrTag = either((value) => typeof value === "number", count, blockNumber);

export const allotMethods: readonly Method[] = [
  method("allot_getValidators", [parameter("epoch", optional(countOrQuantity))], validators),
  method("allot_getFinalization", [parameter("block", heightOrTag)], finalization),
  method(
    "allot_getAssignmentCertificate",
    [parameter("taskId", taskId), parameter("unit", countOrQuantity)],
    ({ node }, task, unit) => node.callSlots.run(() => assignmentCertificate(node.backend, task, unit)),
  ),
  method("allot_nodeStatus", [], nodeStatus),
];
