// Thousands of awards by a rule's contract: many calls in one, because a call of the Hardhat network costs far more than
// an award. What goes in and comes out is encoded here, word by word, after the ABI's text.
import { toBeHex } from "ethers";
import { CALL_BATCH } from "../bytecode.ts";
import type { Rules } from "../fixture.ts";
import type { Award, Bid, Rule } from "./awardRules.ts";

/** What a rule is asked. */
export interface Instance {
  readonly bids: readonly Bid[];
  readonly reserve: bigint;
  readonly units: number;
}

const WORD_HEX = 64;
const AMOUNT_AT = 3;
/** Where the batch's code stands. */
const BATCH_AT = toBeHex(0xba7c4, 20);
/** Data of one batch: some 40 instances of 256 bids, or thousands of small ones. */
const BATCH_HEX_MAX = 1_300_000;
/** More than any batch needs: an award of 256 bids costs less than a million. */
const BATCH_GAS = toBeHex(4_000_000_000n).replace(/^0x0+/, "0x");

const word = (value: bigint | number): string => value.toString(16).padStart(WORD_HEX, "0");

function encode({ bids, reserve, units }: Instance, selector: string): string {
  const list = bids.map(({ bidder, amount }) => bidder.slice(2).padStart(WORD_HEX, "0") + word(amount)).join("");
  return selector.slice(2) + word(AMOUNT_AT * 32) + word(reserve) + word(units) + word(bids.length) + list;
}

function decode(answer: string): Award[] {
  const at = (index: number): string => answer.slice(index * WORD_HEX, (index + 1) * WORD_HEX);
  const count = Number(BigInt(`0x${at(1)}`));
  return Array.from({ length: count }, (_, i) => ({
    winner: `0x${at(2 + 2 * i).slice(24)}`,
    price: BigInt(`0x${at(3 + 2 * i)}`),
  }));
}

/** The awards of a rule's contract for many instances, in their order; undefined where it reverted. */
export async function awardBatch(
  rules: Rules,
  rule: Rule,
  instances: readonly Instance[],
): Promise<(Award[] | undefined)[]> {
  const { networkHelpers, ethers } = rules.connection;
  await networkHelpers.setCode(BATCH_AT, CALL_BATCH);
  const { selector } = rules.contracts[rule].interface.getFunction("award");
  const calls = instances.map((instance) => encode(instance, selector));
  const awards: (Award[] | undefined)[] = [];
  for (let next = 0; next < calls.length; ) {
    let input = `0x${rules.at[rule].slice(2).padStart(WORD_HEX, "0")}`;
    for (; next < calls.length && input.length < BATCH_HEX_MAX; next++) {
      const call = calls[next] as string;
      input += word(call.length / 2) + call;
    }
    const output: string = await ethers.provider.send("eth_call", [
      { to: BATCH_AT, data: input, gas: BATCH_GAS },
      "latest",
    ]);
    for (let at = 2; at < output.length; ) {
      const header = Number(BigInt(`0x${output.slice(at, at + WORD_HEX)}`));
      at += WORD_HEX;
      const size = (header >> 1) * 2;
      awards.push(header % 2 === 1 ? decode(output.slice(at, at + size)) : undefined);
      at += size;
    }
  }
  if (awards.length !== instances.length) throw new RangeError(`${awards.length} answers, ${instances.length} asked`);
  return awards;
}
