// The chain of reasons by which a certificate convinces, one function per link, each with its own error code:
//   a quorum signed the digest -> the digest is that of the consensus header -> the header commits to the execution
//   header of the block before -> its state root holds TaskMarket's account -> its storage root holds the record.
// Nothing here touches a network, and nothing is believed but the validator set. Where that is an earlier epoch's, the
// certificate brings along how the later ones follow from it.
import { type Hex, hexToBigInt, isAddressEqual } from "viem";
import type { AssignmentCertificate, StorageWordProof } from "../../node/types/assignmentCertificate.ts";
import type { UnitStatus } from "../actions/tasks/taskStatus.ts";
import { ruleAddresses } from "../contracts.ts";
import { CertificateError, type CertificateErrorCode } from "../errors/certificateError.ts";
import { type AssignmentRecord, assignmentSlots, decodeAssignment } from "./assignmentRecord.ts";
import { requireCertificate } from "./certificateShape.ts";
import { digestOfConsensusHeader, hashOfExecutionHeader } from "./headers.ts";
import { equalHex, provenStorageRoot, provenWord } from "./provenStorage.ts";
import { requireExecutionHeader } from "./requireExecutionHeader.ts";
import { requireOfEpoch, type ValidatorSet } from "./validatorSet.ts";
import { verifyEpochCertificate } from "./verifyEpochCertificate.ts";
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
  const signed = await setOfEpoch(sound, validatorSet);
  await verifyFinalization(sound.finalization, signed);
  requireSignedHeader(sound);
  requireOfEpoch(sound.header, signed);
  const execution = requireExecutionHeader(sound.header, sound.executionHeader);
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

/** The set that signed, followed from the one that is known. */
async function setOfEpoch({ finalization, epochs }: AssignmentCertificate, known: ValidatorSet): Promise<ValidatorSet> {
  const { epoch } = finalization.vote;
  let set = known;
  for (const certificate of epochs) {
    if (set.epoch >= epoch || certificate.epoch <= set.epoch) continue;
    set = await verifyEpochCertificate(certificate, set);
  }
  if (set.epoch === epoch) return set;
  const sentence =
    set.epoch > epoch
      ? "The certificate was signed in an earlier epoch than the validator set's. Verify it with the set of its epoch or an earlier one."
      : "The certificate does not say how its validators follow from the set given. Ask for one from that set's epoch on.";
  throw broken("CERTIFICATE_WRONG_EPOCH", sentence, { certificate: epoch, validatorSet: set.epoch });
}

function provenRecord(certificate: AssignmentCertificate, storageRoot: Hex): AssignmentRecord & ProvenStatus {
  const { taskId, unit, storage } = certificate;
  const slots = assignmentSlots(hexToBigInt(taskId), unit);
  const words = slots.map((slot, index) =>
    provenWord(storage[index] as StorageWordProof, slot, storageRoot, "ASSIGNMENT_SLOT_MISMATCH"),
  );
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

const broken = (code: CertificateErrorCode, sentence: string, facts: CertificateError["facts"]): CertificateError =>
  new CertificateError(code, sentence, { facts });
