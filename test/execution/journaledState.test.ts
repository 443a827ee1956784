import { expect } from "chai";
import { type Account, emptyAccount } from "../../node/execution/state/account.ts";
import { JournaledState } from "../../node/execution/state/journaledState.ts";
import type { StateReader } from "../../node/execution/state/stateReader.ts";
import type { Address } from "../../node/types/brands.ts";
import { InvariantError } from "../../node/types/errors.ts";
import { Random } from "./random.ts";

const addresses = Array.from({ length: 4 }, (_, i) => `0x${`${i}`.repeat(40)}` as Address);
const slots = [0n, 1n, 2n ** 255n];

const account = (nonce: number, balance: bigint): Account => ({ ...emptyAccount, nonce, balance });

/** The state before the block: some accounts and slots. */
const base: StateReader = {
  account: (address) => (address === addresses[0] ? account(1, 10n) : undefined),
  slot: (address, slot) => (address === addresses[0] && slot === 1n ? 7n : 0n),
  code: () => new Uint8Array(0),
};

/** The same as plain copies of everything: slow, and too simple to be wrong. */
class Model {
  accounts = new Map<Address, Account | undefined>(addresses.map((address) => [address, base.account(address)]));
  slots = new Map<string, bigint>();
  original = new Map<string, bigint>();
  warm = new Set<string>();
  transient = new Map<string, bigint>();
  readonly #saved: {
    accounts: Model["accounts"];
    slots: Model["slots"];
    warm: Set<string>;
    transient: Map<string, bigint>;
  }[] = [];

  constructor() {
    for (const address of addresses)
      for (const slot of slots) this.slots.set(`${address} ${slot}`, base.slot(address, slot));
    this.original = new Map(this.slots);
  }

  checkpoint(): void {
    const { accounts, slots: stored, warm, transient } = this;
    this.#saved.push({
      accounts: new Map(accounts),
      slots: new Map(stored),
      warm: new Set(warm),
      transient: new Map(transient),
    });
  }

  commit(): void {
    this.#saved.pop();
  }

  revert(): void {
    Object.assign(this, this.#saved.pop());
  }

  get depth(): number {
    return this.#saved.length;
  }

  endTransaction(): void {
    for (const [address, value] of this.accounts) {
      if (value?.nonce === 0 && value.balance === 0n) this.accounts.set(address, undefined);
    }
    this.original = new Map(this.slots);
    this.warm.clear();
    this.transient.clear();
  }
}

describe("the journaled state", () => {
  const random = Random.fromEnvironment();

  it(`does what plain copies would do (seed ${random.seed})`, () => {
    const state = new JournaledState(base);
    const model = new Model();
    for (let step = 0; step < 20_000; step++) {
      const address = random.pick(addresses);
      const slot = random.pick(slots);
      const name = `${address} ${slot}`;
      switch (random.below(10)) {
        case 0:
        case 1: {
          const changed = random.chance(0.2) ? undefined : account(random.below(2), BigInt(random.below(3)));
          state.setAccount(address, changed);
          model.accounts.set(address, changed);
          break;
        }
        case 2:
        case 3:
          state.setSlot(address, slot, BigInt(step % 3));
          model.slots.set(name, BigInt(step % 3));
          break;
        case 4:
          expect(state.warm(state.slotEntry(state.entry(address), slot))).to.equal(!model.warm.has(name));
          model.warm.add(name);
          break;
        case 5:
          state.setTransient(state.entry(address), slot, BigInt(step));
          model.transient.set(name, BigInt(step));
          break;
        case 6:
          state.checkpoint();
          model.checkpoint();
          break;
        case 7:
          if (model.depth > 0) {
            state.revert();
            model.revert();
          }
          break;
        case 8:
          if (model.depth > 0) {
            state.commit();
            model.commit();
          }
          break;
        default:
          if (model.depth === 0) {
            state.endTransaction();
            model.endTransaction();
          }
      }
      compare(state, model, step);
    }
  });

  function compare(state: JournaledState, model: Model, step: number): void {
    const address = addresses[step % addresses.length] as Address;
    const slot = slots[step % slots.length] as bigint;
    const name = `${address} ${slot}`;
    expect(state.account(address), `step ${step}`).to.deep.equal(model.accounts.get(address));
    expect(state.slot(address, slot), `step ${step}`).to.equal(model.slots.get(name));
    expect(state.originalSlot(address, slot), `step ${step}`).to.equal(model.original.get(name));
    const transient = state.entry(address).transient?.get(slot) ?? 0n;
    expect(transient, `step ${step}`).to.equal(model.transient.get(name) ?? 0n);
  }

  it("reports what the block changed, and nothing that ended as it began", () => {
    const [known, fresh] = addresses as [Address, Address];
    const state = new JournaledState(base);
    state.setSlot(known, 1n, 8n);
    state.setSlot(known, 1n, 7n);
    state.setSlot(known, 0n, 3n);
    state.setAccount(fresh, account(0, 5n));
    state.checkpoint();
    state.setAccount(fresh, account(9, 9n));
    state.revert();
    state.endTransaction();
    const changes = state.changes();
    expect([...changes.accounts.keys()].sort()).to.deep.equal([known, fresh]);
    expect(changes.accounts.get(fresh)).to.deep.equal({ before: undefined, after: account(0, 5n) });
    expect([...(changes.slots.get(known) ?? [])]).to.deep.equal([[0n, { before: 0n, after: 3n }]]);
  });

  it("stops at a checkpoint that was never closed", () => {
    const state = new JournaledState(base);
    state.checkpoint();
    expect(() => state.endTransaction()).to.throw(InvariantError);
    state.revert();
    expect(() => state.revert()).to.throw(InvariantError);
  });
});
