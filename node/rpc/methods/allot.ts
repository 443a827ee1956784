import { epochCertificatesMax, rpcEvidenceCountMax } from "../../config/limits.ts";
import type { AssignmentCertificate } from "../../types/assignmentCertificate.ts";
import { type Address, Epoch, Height, type Hex } from "../../types/brands.ts";
import type { EpochCertificate } from "../../types/epochCertificate.ts";
import { quorumOf } from "../../types/quorum.ts";
import { assignmentSlots } from "../assignmentSlots.ts";
import type { RpcBackend } from "../backend.ts";
import { heightOfTag } from "../blockReference.ts";
import { certifyWords } from "../certifiedState.ts";
import { type Caller, type Method, method, parameter } from "../method.ts";
import { RpcError, serverErrorCode } from "../rpcError.ts";
import { either, optional } from "../schema.ts";
import { address, type BlockReference, blockNumber, count, countOrQuantity, taskId } from "../values.ts";

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

/** Certificates of the epochs behind the one that the caller knows, up to `to`. */
function epochsBetween(backend: RpcBackend, known: number, to: number): readonly EpochCertificate[] {
  if (to - known > epochCertificatesMax) {
    throw new RpcError(
      serverErrorCode,
      `${to - known} epochs lie between ${known} and ${to}, more than ${epochCertificatesMax} in one answer; follow them with allot_getEpochCertificates, and ask again from the last one known`,
    );
  }
  return Array.from({ length: Math.max(0, to - known) }, (_, i) => {
    const certificate = backend.epochCertificate(Epoch(known + 1 + i));
    if (certificate !== undefined) return certificate;
    throw new RpcError(serverErrorCode, `this node has no certificate of epoch ${known + 1 + i}; ask another one`);
  });
}

function epochCertificates({ node: { backend } }: Caller, known: number) {
  const { epoch } = backend.consensus();
  return epochsBetween(backend, known, Math.min(epoch, known + epochCertificatesMax));
}

async function assignmentCertificate(
  backend: RpcBackend,
  task: Hex,
  unit: number,
  known: number,
): Promise<AssignmentCertificate> {
  const market = backend.genesis.contracts.TaskMarket;
  if (market === undefined) throw new RpcError(serverErrorCode, "this network's genesis has no TaskMarket contract");
  const words = await certifyWords(backend, market, assignmentSlots(BigInt(task), BigInt(unit)));
  if (words.storage.every(({ word }) => BigInt(word) === 0n)) {
    throw new RpcError(
      serverErrorCode,
      `unit ${unit} of task ${BigInt(task)} is not assigned in any finalized state; ask again after its settlement`,
    );
  }
  return { taskId: task, unit, ...words, epochs: epochsBetween(backend, known, words.header.epoch) };
}

/** Offenders by address, since their positions are those of their epoch's set. */
function evidence({ node: { backend } }: Caller, validator: Address | undefined) {
  const named = backend.evidence().flatMap(({ kind, offender, first, second }) => {
    const { epoch, view } = first.vote;
    const address = backend.validators(epoch)?.validators[offender]?.address;
    if (address === undefined || (validator !== undefined && address !== validator)) return [];
    const statements = [first, second].map(({ vote, signature }) => ({ vote, signature }));
    return [{ kind, validator: address, epoch, view, statements }];
  });
  return named.slice(0, rpcEvidenceCountMax);
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
    [
      parameter("taskId", taskId),
      parameter("unit", countOrQuantity),
      parameter("knownEpoch", optional(countOrQuantity)),
    ],
    ({ node }, task, unit, known = 0) =>
      node.callSlots.run(() => assignmentCertificate(node.backend, task, unit, known)),
  ),
  method("allot_getEpochCertificates", [parameter("knownEpoch", countOrQuantity)], epochCertificates),
  method("allot_getEvidence", [parameter("validator", optional(address))], evidence),
  method("allot_nodeStatus", [], nodeStatus),
];
