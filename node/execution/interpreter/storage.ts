// Yellow paper, appendix H.2: storage (with EIPs 2200, 2929 and 3529), transient storage (EIP-1153), logs and
// self-destruction (EIP-6780).
import type { Digest } from "../../types/brands.ts";
import { bigIntToWordHex } from "../bytes.ts";
import { emptyAccount, isEmpty } from "../state/account.ts";
import type { Frame } from "./frame.ts";
import {
  clearRefund,
  coldAccountGas,
  coldSlotGas,
  logByteGas,
  logTopicGas,
  newAccountGas,
  storeResetGas,
  storeSentryGas,
  storeSetGas,
  warmAccessGas,
} from "./gasPrices.ts";
import type { Instruction, InstructionSet } from "./instruction.ts";
import { addressOf } from "./words.ts";

/** False when the frame must not change anything, and has failed for trying. */
export function mayChange(frame: Frame): boolean {
  if (!frame.message.isStatic) return true;
  frame.fail("state change in a static call");
  return false;
}

const load: Instruction = {
  gas: 0,
  pops: 1,
  pushes: 1,
  run(frame) {
    const { state } = frame.context;
    const entry = state.slotEntry(frame.self, frame.pop());
    if (frame.charge(state.warm(entry) ? coldSlotGas : warmAccessGas)) frame.push(entry.value);
  },
};

const store: Instruction = {
  gas: 0,
  pops: 2,
  pushes: 0,
  run(frame) {
    if (!mayChange(frame)) return;
    if (frame.gas <= storeSentryGas) {
      frame.fail("out of gas");
      return;
    }
    const { context } = frame;
    const entry = context.state.slotEntry(frame.self, frame.pop());
    const value = frame.pop();
    const original = context.state.originalOf(entry);
    const coldGas = context.state.warm(entry) ? coldSlotGas : 0;
    if (!frame.charge(coldGas + storeGas(original, entry.value, value))) return;
    context.refund += storeRefund(original, entry.value, value);
    context.state.setSlotEntry(entry, value);
  },
};

function storeGas(original: bigint, current: bigint, value: bigint): number {
  if (value === current || original !== current) return warmAccessGas;
  return original === 0n ? storeSetGas : storeResetGas;
}

/** What a write adds to the gas that is given back, or takes from it. */
function storeRefund(original: bigint, current: bigint, value: bigint): number {
  if (value === current) return 0;
  if (original === current) return original !== 0n && value === 0n ? clearRefund : 0;
  let refund = 0;
  if (original !== 0n) {
    if (current === 0n) refund -= clearRefund;
    else if (value === 0n) refund += clearRefund;
  }
  if (value === original) refund += (original === 0n ? storeSetGas : storeResetGas) - warmAccessGas;
  return refund;
}

const transientLoad: Instruction = {
  gas: 100,
  pops: 1,
  pushes: 1,
  run(frame) {
    const slot = frame.pop();
    frame.push(frame.self.transient?.get(slot) ?? 0n);
  },
};

const transientStore: Instruction = {
  gas: 100,
  pops: 2,
  pushes: 0,
  run(frame) {
    if (!mayChange(frame)) return;
    const slot = frame.pop();
    frame.context.state.setTransient(frame.self, slot, frame.pop());
  },
};

const log = (topicCount: number): Instruction => ({
  gas: 375 + logTopicGas * topicCount,
  pops: 2 + topicCount,
  pushes: 0,
  run(frame) {
    if (!mayChange(frame)) return;
    const offset = frame.pop();
    const length = frame.pop();
    if (!frame.reserve(offset, length) || !frame.charge(logByteGas * Number(length))) return;
    const topics: Digest[] = [];
    for (let i = 0; i < topicCount; i++) topics.push(bigIntToWordHex(frame.pop()) as Digest);
    const data = length === 0n ? nothing : frame.memory.read(Number(offset), Number(length));
    frame.context.logs.push({ address: frame.self.address, topics, data });
  },
});

const nothing = new Uint8Array(0);

const selfDestruct: Instruction = {
  gas: 5_000,
  pops: 1,
  pushes: 0,
  run(frame) {
    if (!mayChange(frame)) return;
    const { self, context } = frame;
    const { state } = context;
    const heir = state.entry(addressOf(frame.pop()));
    const balance = self.current?.balance ?? 0n;
    const heirIsNew = balance > 0n && (heir.current === undefined || isEmpty(heir.current));
    const cold = state.warm(heir);
    if (!frame.charge((cold ? coldAccountGas : 0) + (heirIsNew ? newAccountGas : 0))) return;
    if (heir !== self && balance > 0n) {
      state.setEntry(heir, { ...(heir.current ?? emptyAccount), balance: (heir.current?.balance ?? 0n) + balance });
    }
    // To itself, a contract of this transaction burns its balance, and any other one keeps it.
    const burns = heir !== self || context.created.includes(self.address);
    if (burns && self.current !== undefined) state.setEntry(self, { ...self.current, balance: 0n });
    context.destroyed.push(self.address);
    frame.status = "returned";
  },
};

export const storage: InstructionSet = new Map<number, Instruction>([
  [0x54, load],
  [0x55, store],
  [0x5c, transientLoad],
  [0x5d, transientStore],
  ...[0, 1, 2, 3, 4].map((topics): [number, Instruction] => [0xa0 + topics, log(topics)]),
  [0xff, selfDestruct],
]);
