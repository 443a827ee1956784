// From an epoch's validator set to the next one's, link by link as an assignment's certificate.
import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hex,
  hexToBigInt,
  isAddressEqual,
  keccak256,
  numberToHex,
} from "viem";
import { storageSlots } from "../../contracts/deploy/storage.ts";
import type { StorageWordProof } from "../../node/types/assignmentCertificate.ts";
import type { ConsensusHeader } from "../../node/types/block.ts";
import type { EpochCertificate } from "../../node/types/epochCertificate.ts";
import { ruleAddresses } from "../contracts.ts";
import { CertificateError } from "../errors/certificateError.ts";
import { requireEpochCertificate } from "./certificateShape.ts";
import { digestOfConsensusHeader } from "./headers.ts";
import { equalHex, provenStorageRoot, provenWord } from "./provenStorage.ts";
import { requireExecutionHeader } from "./requireExecutionHeader.ts";
import { lastHeightOf, type ValidatorSet } from "./validatorSet.ts";
import { verifyFinalization } from "./verifyFinalization.ts";

/**
 * Verifies which validators an epoch has, with nothing but the set of the epoch before: no network, no node. Following the
 * epochs one by one from genesis gives the set of any.
 *
 * Errors: `CertificateError`, whose code names the link that does not hold.
 * @example
 * ```ts
 * let validatorSet = validatorSetOfGenesis(genesis);
 * for (const certificate of await getEpochCertificates(client, { knownEpoch: 0 })) {
 *   validatorSet = await verifyEpochCertificate(certificate, validatorSet);
 * }
 * ```
 */
export async function verifyEpochCertificate(
  certificate: EpochCertificate,
  before: ValidatorSet,
): Promise<ValidatorSet> {
  const sound = requireEpochCertificate(certificate);
  if (sound.epoch !== before.epoch + 1) {
    throw new CertificateError(
      "CERTIFICATE_WRONG_EPOCH",
      "The certificate is not of the epoch after the validator set's. Follow the epochs one by one.",
      { facts: { certificate: sound.epoch, validatorSet: before.epoch } },
    );
  }
  await verifyFinalization(sound.finalization, before);
  const last = requireLastBlock(sound, before);
  const { stateRoot } = requireExecutionHeader(last, sound.executionHeader);
  const { validatorRegistry = ruleAddresses.validatorRegistry } = before;
  if (!isAddressEqual(sound.contract, validatorRegistry)) {
    throw new CertificateError(
      "CERTIFICATE_WRONG_CONTRACT",
      "The set lies in a contract that is not the network's ValidatorRegistry.",
      { facts: { contract: sound.contract, validatorRegistry } },
    );
  }
  const validators = provenSet(sound, provenStorageRoot(sound, stateRoot));
  return { ...before, epoch: sound.epoch, validators: validators.length === 0 ? before.validators : validators };
}

/** The last block of the epoch before: the first header, from which each is the parent of the next up to the signed one. */
function requireLastBlock({ headers, finalization }: EpochCertificate, before: ValidatorSet): ConsensusHeader {
  const [last] = headers;
  const digests = headers.map(digestOfConsensusHeader);
  const linked = headers.every(
    (header, i) =>
      header.chainId === before.chainId &&
      header.epoch === before.epoch &&
      (i === 0 ||
        (equalHex(header.parentDigest, digests[i - 1] as Hex) && header.height === (headers[i - 1]?.height ?? 0) + 1)),
  );
  const signed = digests.at(-1);
  if (last === undefined || signed === undefined || !linked || !equalHex(signed, finalization.vote.digest)) {
    throw new CertificateError(
      "CONSENSUS_HEADER_MISMATCH",
      "The consensus headers do not lead to the one that the validators signed.",
      { facts: { signed: finalization.vote.digest, computed: signed } },
    );
  }
  if (last.height !== lastHeightOf(before)) {
    throw new CertificateError(
      "CERTIFICATE_WRONG_EPOCH",
      "The certificate does not start from the last block of the epoch before.",
      { facts: { height: last.height, lastHeight: lastHeightOf(before) } },
    );
  }
  return last;
}

const uintPair = [{ type: "uint256" }, { type: "uint256" }] as const;
const slotAt = (first: bigint, index: number): Hex => numberToHex((first + BigInt(index)) % 2n ** 256n, { size: 32 });

/** Members of `_sets[epoch]`, or none where the epoch has no entry. */
function provenSet({ epoch, storage }: EpochCertificate, storageRoot: Hex): readonly Address[] {
  const lengthSlot = keccak256(
    encodeAbiParameters(uintPair, [BigInt(epoch), BigInt(storageSlots.ValidatorRegistry._sets)]),
  );
  const word = (index: number, slot: Hex): bigint =>
    provenWord(storage[index] as StorageWordProof, slot, storageRoot, "EPOCH_SLOT_MISMATCH");
  const length = Number(word(0, lengthSlot));
  if (storage.length !== 1 + length) {
    throw new CertificateError(
      "EPOCH_SLOT_MISMATCH",
      "The certificate proves more or fewer members than the set has.",
      {
        facts: { members: storage.length - 1, length },
      },
    );
  }
  const first = hexToBigInt(keccak256(lengthSlot));
  return Array.from({ length }, (_, i) => {
    const member = word(1 + i, slotAt(first, i));
    return getAddress(numberToHex(member, { size: 20 })).toLowerCase() as Address;
  });
}
