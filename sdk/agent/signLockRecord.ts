// One record of the sign lock as a file: a flat JSON object whose last member is the keccak256 of the rest, so that
// damage is noticed, under a name that follows from the slot, so that two records for one slot cannot exist.
import { type Hex, isAddress, isHex, keccak256, stringToHex } from "viem";
import { unreachable } from "../../node/types/errors.ts";
import { SignLockError } from "../errors/signLockError.ts";
import { commitmentOf } from "../typedData/commitment.ts";
import {
  type AttestationSlot,
  attestationSlotOf,
  type BidSlot,
  bidSlotOf,
  type DeliverySlot,
  deliverySlotOf,
  type SignLockRecord,
} from "./signLock.ts";

const version = 1;
/** A claim's level is one byte. */
const levelMax = 255;

const keyOf = (...parts: readonly (string | number | bigint)[]): Hex =>
  keccak256(stringToHex(parts.map((part) => String(part).toLowerCase()).join("/")));

export function bidKeyOf({ domain, agentId, tenderId, slot }: BidSlot): Hex {
  return keyOf("bid", domain.salt, domain.chainId, domain.verifyingContract, agentId, tenderId, slot);
}

export function deliveryKeyOf({ domain, agentId, jobId }: DeliverySlot): Hex {
  return keyOf("delivery", domain.salt, domain.chainId, domain.verifyingContract, agentId, jobId);
}

export function attestationKeyOf({ domain, attester, agentId, capability, testRun }: AttestationSlot): Hex {
  const { salt, chainId, verifyingContract } = domain;
  return keyOf("attestation", salt, chainId, verifyingContract, attester, agentId, capability, testRun);
}

export function recordKeyOf(record: SignLockRecord): Hex {
  switch (record.kind) {
    case "bid":
      return bidKeyOf(bidSlotOf(record));
    case "delivery":
      return deliveryKeyOf(deliverySlotOf(record));
    case "attestation":
      return attestationKeyOf(attestationSlotOf(record));
    default:
      return unreachable(record);
  }
}

/** The statement a record stands for, as text: what must never differ for one slot. */
export function statementOf(record: SignLockRecord): string {
  switch (record.kind) {
    case "bid":
      return record.bid.commitment.toLowerCase();
    case "delivery":
      return record.delivery.deliverable.toLowerCase();
    case "attestation":
      return `level ${record.claim.level}, report ${record.claim.report.toLowerCase()}`;
    default:
      return unreachable(record);
  }
}

/** What a record says beside the domain that it is for, as JSON has it. */
function contentOf(record: SignLockRecord) {
  switch (record.kind) {
    case "bid": {
      const { agentId, tenderId, slot, commitment } = record.bid;
      const opening = { bidder: record.bidder, amount: String(record.amount), salt: record.salt };
      return { agentId: String(agentId), tenderId, slot: String(slot), commitment, ...opening };
    }
    case "delivery": {
      const { agentId, jobId, deliverable } = record.delivery;
      return { agentId: String(agentId), jobId: String(jobId), deliverable };
    }
    case "attestation": {
      const { agentId, capability, testRun, level, report } = record.claim;
      return { attester: record.attester, agentId: String(agentId), capability, testRun, level, report };
    }
    default:
      return unreachable(record);
  }
}

export function encodeRecord(record: SignLockRecord): string {
  const { kind, domain } = record;
  const { chainId, salt: networkId, verifyingContract: contract } = domain;
  const body = { version, kind, chainId, networkId, contract, ...contentOf(record) };
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) })}\n`;
}

const checksumOf = (body: object): Hex => keccak256(stringToHex(JSON.stringify(body)));

/** Reads a record back; throws `SIGN_LOCK_DAMAGED` when a single byte is not as it was written. */
export function decodeRecord(text: string, file: string): SignLockRecord {
  const damaged = (reason: string, cause?: unknown) =>
    new SignLockError(
      "SIGN_LOCK_DAMAGED",
      `A record of the sign lock is damaged (${reason}). What was signed under it is no longer known, so nothing more is signed. Restore the file from a copy; if there is none, go on under a new key with a new directory.`,
      { facts: { file }, ...(cause === undefined ? {} : { cause }) },
    );
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw damaged("it is not JSON", error);
  }
  if (typeof fields !== "object" || fields === null) throw damaged("it is not an object");
  const { checksum, ...body } = fields;
  if (checksum !== checksumOf(body)) throw damaged("its checksum is wrong");
  if (body.version !== version) throw damaged(`its version is ${String(body.version)}, this SDK reads ${version}`);
  const record = recordFrom(body);
  if (record === undefined) throw damaged("a field is missing or malformed");
  if (encodeRecord(record) !== text) throw damaged("it is not as this SDK writes it");
  if (record.kind === "bid" && commitmentOf({ ...record, ...record.bid }) !== record.bid.commitment) {
    throw damaged("its opening does not open its commitment");
  }
  return record;
}

function recordFrom(body: Record<string, unknown>): SignLockRecord | undefined {
  const { kind, chainId, networkId, contract } = body;
  if (typeof chainId !== "number" || !isWord(networkId) || !isAddressText(contract)) return undefined;
  const domain = { chainId, verifyingContract: contract, salt: networkId };
  const agentId = count(body.agentId);
  if (agentId === undefined) return undefined;
  if (kind === "bid") {
    const { tenderId, commitment, bidder, salt } = body;
    const slot = count(body.slot);
    const amount = count(body.amount);
    if (slot === undefined || amount === undefined || !isAddressText(bidder)) return undefined;
    if (!isWord(tenderId) || !isWord(commitment) || !isWord(salt)) return undefined;
    return { kind, domain, bid: { tenderId, agentId, slot, commitment }, bidder, amount, salt };
  }
  if (kind === "delivery") {
    const jobId = count(body.jobId);
    const { deliverable } = body;
    if (jobId === undefined || !isWord(deliverable)) return undefined;
    return { kind, domain, delivery: { jobId, agentId, deliverable } };
  }
  if (kind === "attestation") {
    const { attester, capability, testRun, level, report } = body;
    if (!isAddressText(attester) || !isWord(capability) || !isWord(testRun) || !isWord(report)) return undefined;
    if (typeof level !== "number" || !Number.isSafeInteger(level) || level < 0 || level > levelMax) return undefined;
    return { kind, domain, attester, claim: { agentId, capability, level, testRun, report } };
  }
  return undefined;
}

const isWord = (value: unknown): value is Hex => isHex(value) && value.length === 66;
const isAddressText = (value: unknown): value is Hex => typeof value === "string" && isAddress(value);
const count = (value: unknown): bigint | undefined =>
  typeof value === "string" && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined;
