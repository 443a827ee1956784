// A tender with as many bids as one can take, written straight into storage: 256 agents take too long to make.
import { AbiCoder, dataSlice, id, keccak256, toBeHex } from "ethers";
import { storageSlots } from "../../contracts/deploy/storage.ts";
import { CREDIT, type Rules } from "./fixture.ts";

export const BIDDERS_MAX = 256;
const STAKE = 1_000n * CREDIT;
const LOCK = 10n * CREDIT;
/** A commitment's first 248 bits: nothing that is done to a full tender opens it. */
const SEALED = 1n;

/** Slot of an entry of nested mappings, outermost key first. */
function entry(slot: number, ...keys: readonly string[]): string {
  const word = (place: string, key: string) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [key, place]));
  return keys.reduce(word, toBeHex(slot, 32));
}

/** Bid key of the agent `index`. */
export const keyOf = (index: number): string => dataSlice(id(`bidder ${index}`), 12);
const asWord = (value: bigint | string): string => toBeHex(value, 32);

/** Amounts of 1 to 90 credits, in no order and with ties. */
const mixedAmount = (index: number): bigint => BigInt(((index * 7_919) % 90) + 1) * CREDIT;

/** Fills a tender just opened with 256 bids, as its storage and the ledger's have them after 256 commitments and the
 * reveals of those whose amount is not 0. A silent bidder has 10 credits locked. */
export async function fillTender(
  rules: Rules,
  tenderId: string,
  amountOf: (index: number) => bigint = mixedAmount,
): Promise<void> {
  const { ethers, networkHelpers } = rules.connection;
  const tender = storageSlots.SealedBidTender;
  const ledger = storageSlots.AgentLedger;
  const set = async (at: string, slot: string, value: bigint) =>
    await networkHelpers.setStorageAt(at, slot, asWord(value));
  for (let index = 0; index < BIDDERS_MAX; index++) {
    const key = keyOf(index);
    const amount = amountOf(index);
    const bid = toBeHex(BigInt(entry(tender._bids, tenderId)) + BigInt(index), 32);
    await set(rules.at.SealedBidTender, bid, (amount << 160n) | BigInt(key));
    const commitment = entry(tender._commitments, tenderId, asWord(key));
    await set(rules.at.SealedBidTender, commitment, (SEALED << 8n) | BigInt(index));
    await set(rules.at.AgentLedger, entry(ledger._keys, asWord(key)), BigInt(index + 1));
    // One commitment, enrolled, in an organisation that exists nowhere else.
    const locked = amount === 0n ? LOCK << 64n : 0n;
    const record = STAKE | locked | (1n << 128n) | (100n << 160n) | (BigInt(1_000 + index) << 176n) | (1n << 208n);
    await set(rules.at.AgentLedger, entry(ledger._agents, asWord(BigInt(index))), record);
  }
  await rules.contracts.Credits.connect(rules.operator).transfer(rules.at.AgentLedger, BigInt(BIDDERS_MAX) * STAKE);
  const head = entry(tender._tenders, tenderId);
  const word = BigInt(await ethers.provider.getStorage(rules.at.SealedBidTender, head));
  await set(rules.at.SealedBidTender, head, word + (BigInt(BIDDERS_MAX) << 112n));
}
