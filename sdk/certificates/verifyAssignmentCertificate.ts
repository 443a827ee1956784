// The chain of reasons by which a certificate convinces, one function per link, each with its own error code:
//   a quorum signed the digest -> the digest is that of the consensus header -> the header commits to the execution
//   header of the block before -> its state root holds TaskMarket's account -> its storage root holds the record.
// Nothing here touches a network, and nothing is believed but the validator set.
import { bytesToHex, fromRlp, type Hex, hexToBigInt, isAddressEqual } from "viem";
import type { AssignmentCertificate, StorageWordProof } from "../../node/types/assignmentCertificate.ts";
import type { UnitStatus } from "../actions/tasks/taskStatus.ts";
import { ruleAddresses } from "../contracts.ts";
import { CertificateError, type CertificateErrorCode } from "../errors/certificateError.ts";
import { type AssignmentRecord, assignmentSlots, decodeAssignment } from "./assignmentRecord.ts";
import { requireCertificate } from "./certificateShape.ts";
import {
  decodeExecutionHeader,
  digestOfConsensusHeader,
  type ExecutionHeaderFields,
  hashOfExecutionHeader,
  storageRootOfAccount,
} from "./headers.ts";
import { verifyMerkleProof } from "./merkleProof.ts";
import type { ValidatorSet } from "./validatorSet.ts";
import { verifyFinalization } from "./verifyFinalization.ts";

/** What a certificate proves: how the unit stood after the block at `height`. */
export interface ProvenAssignment extends Omit<AssignmentRecord, "status"> {
  readonly taskId: bigint;
  readonly unit: number;
  /** `assigned`, or how it ended. A unit that waits for another agent is nobody's, and proves nothing. */
  readonly status: Exclude<UnitStatus, "none" | "offered">;
  readonly height: number;
  /** Hash of the block at `height`. */
  readonly blockHash: Hex;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Epoch of the validators that signed. */
  readonly epoch: number;
}

/**
 * Verifies that a unit of a task belongs to an agent, with nothing but the validator set: no network, no node.
 *
 * Errors: `CertificateError`, whose code names the link that does not hold.
 * @example
 * ```ts
 * const validatorSet = validatorSetOfGenesis(genesis);
 * const { taskId, unit, agentId, provider, price } = await verifyAssignmentCertificate(certificate, validatorSet);
 * ```
 */
export async function verifyAssignmentCertificate(
  certificate: AssignmentCertificate,
  validatorSet: ValidatorSet,
): Promise<ProvenAssignment> {
  const sound = requireCertificate(certificate);
  requireNetwork(sound, validatorSet);
  await verifyFinalization(sound.finalization, validatorSet);
  requireSignedHeader(sound);
  const execution = requireExecutionHeader(sound);
  const storageRoot = provenStorageRoot(sound, execution.stateRoot);
  const record = provenRecord(sound, storageRoot);
  return {
    ...record,
    taskId: hexToBigInt(sound.taskId),
    unit: sound.unit,
    height: execution.height,
    blockHash: hashOfExecutionHeader(sound.executionHeader),
    timestamp: execution.timestamp,
    epoch: sound.finalization.vote.epoch,
  };
}

function requireNetwork({ chainId, networkId, header, contract }: AssignmentCertificate, set: ValidatorSet): void {
  const same = chainId === set.chainId && header.chainId === set.chainId && equalHex(networkId, set.networkId);
  if (!same) {
    throw broken(
      "CERTIFICATE_WRONG_NETWORK",
      "The certificate is of another network than the validator set. Verify it with that network's validators.",
      { certificate: `${chainId} ${networkId}`, validatorSet: `${set.chainId} ${set.networkId}` },
    );
  }
  const { taskMarket = ruleAddresses.taskMarket } = set;
  // Anyone may deploy a contract that holds such records; only one contract's records assign tasks.
  if (!isAddressEqual(contract, taskMarket)) {
    throw broken("CERTIFICATE_WRONG_CONTRACT", "The record lies in a contract that is not the network's TaskMarket.", {
      contract,
      taskMarket,
    });
  }
}

function requireSignedHeader({ header, finalization }: AssignmentCertificate): void {
  const { digest, epoch, view } = finalization.vote;
  const computed = digestOfConsensusHeader(header);
  if (!equalHex(computed, digest) || header.epoch !== epoch || header.view !== view) {
    throw broken("CONSENSUS_HEADER_MISMATCH", "The consensus header is not the one that the validators signed.", {
      signed: digest,
      computed,
    });
  }
}

function requireExecutionHeader({ header, executionHeader }: AssignmentCertificate): ExecutionHeaderFields {
  const computed = hashOfExecutionHeader(executionHeader);
  if (!equalHex(computed, header.parentExecutionHash)) {
    throw broken(
      "EXECUTION_HEADER_MISMATCH",
      "The execution header is not the one that the signed consensus header commits to.",
      { committed: header.parentExecutionHash, computed },
    );
  }
  const execution = decodeExecutionHeader(executionHeader);
  if (execution === undefined || execution.height + 1 !== header.height) {
    throw broken("EXECUTION_HEADER_MALFORMED", "The execution header is not that of the block before.", {
      height: execution?.height,
      headerHeight: header.height,
    });
  }
  return execution;
}

function provenStorageRoot({ contract, accountProof }: AssignmentCertificate, stateRoot: Hex): Hex {
  const proven = verifyMerkleProof(stateRoot, contract, accountProof);
  const storageRoot = proven.outcome === "present" ? storageRootOfAccount(proven.value) : undefined;
  if (storageRoot !== undefined) return storageRoot;
  const reason = proven.outcome === "invalid" ? proven.reason : "the account is not there";
  throw broken("ACCOUNT_PROOF_INVALID", "The proof does not lead from the state root to TaskMarket's account.", {
    reason,
  });
}

function provenRecord(certificate: AssignmentCertificate, storageRoot: Hex): AssignmentRecord & ProvenStatus {
  const { taskId, unit, storage } = certificate;
  const slots = assignmentSlots(hexToBigInt(taskId), unit);
  const words = slots.map((slot, index) => provenWord(storage[index] as StorageWordProof, slot, storageRoot));
  const record = decodeAssignment(words as [bigint, bigint]);
  if (record === undefined || record.status === "none" || record.status === "offered") {
    throw broken(
      "ASSIGNMENT_ABSENT",
      "It is proven that nobody has this unit: it is not assigned yet, or waits for another agent.",
      { taskId: hexToBigInt(taskId), unit, status: record?.status ?? "none" },
    );
  }
  return { ...record, status: record.status };
}

interface ProvenStatus {
  readonly status: ProvenAssignment["status"];
}

function provenWord({ slot, word, proof }: StorageWordProof, expected: Hex, storageRoot: Hex): bigint {
  if (!equalHex(slot, expected)) {
    throw broken("ASSIGNMENT_SLOT_MISMATCH", "The certificate proves other storage than the record of this unit.", {
      slot,
      expected,
    });
  }
  const proven = verifyMerkleProof(storageRoot, expected, proof);
  const value = proven.outcome === "present" ? wordOf(proven.value) : proven.outcome === "absent" ? 0n : undefined;
  if (value === undefined || value !== hexToBigInt(word)) {
    const reason = proven.outcome === "invalid" ? proven.reason : "the proof is of another word";
    throw broken("STORAGE_PROOF_INVALID", "The proof does not lead from the storage root to the record's word.", {
      slot,
      reason,
    });
  }
  return value;
}

/** A storage value is the RLP of a number without leading zeros; undefined when it is none. */
function wordOf(encoded: Uint8Array): bigint | undefined {
  const value: unknown = fromRlp(bytesToHex(encoded), "hex");
  return typeof value === "string" && value.length > 2 && value.length <= 66 ? hexToBigInt(value as Hex) : undefined;
}

const equalHex = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase();

const broken = (code: CertificateErrorCode, sentence: string, facts: CertificateError["facts"]): CertificateError =>
  new CertificateError(code, sentence, { facts });
