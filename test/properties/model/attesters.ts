// Stake behind attesters: it comes in, is locked by accusations, taken by rulings, and goes out after the delay.
import type { Model } from "./model.ts";

export interface Account {
  bonded: number;
  /** Exceeds `bonded` only after a slash. */
  locked: number;
  leaving: { amount: number; readyAt: number };
  openFaults: number;
}

export const newAccount = (): Account => ({
  bonded: 0,
  locked: 0,
  leaving: { amount: 0, readyAt: 0 },
  openFaults: 0,
});

export const freeStakeOf = ({ bonded, locked }: Account): number => Math.max(bonded - locked, 0);

/** The record of an account that has one. */
export function bondedAccount(m: Model, address: string): Account {
  const account = m.attesters.get(address);
  if (account === undefined) throw new RangeError(`${address} has no stake as an attester`);
  return account;
}

export function depositStake(m: Model, by: string, address: string, amount: number): boolean {
  if (amount === 0 || !m.isActive(address)) return false;
  const account = m.attesters.get(address) ?? newAccount();
  account.bonded += amount;
  m.attesters.set(address, account);
  m.move(by, m.at.attesters, amount);
  return true;
}

export function unbondStake(m: Model, by: string, address: string, amount: number): boolean {
  const account = m.attesters.get(address);
  if (account === undefined || by !== address || amount === 0 || freeStakeOf(account) < amount) return false;
  account.bonded -= amount;
  account.leaving.amount += amount;
  account.leaving.readyAt = m.now + m.figures.unbondingDelay;
  return true;
}

export function withdrawStake(m: Model, address: string): boolean {
  const account = m.attesters.get(address);
  if (account === undefined || account.openFaults > 0) return false;
  if (account.leaving.amount === 0 || m.now < account.leaving.readyAt) return false;
  m.move(m.at.attesters, address, account.leaving.amount);
  account.leaving.amount = 0;
  return true;
}

export function withdrawAttesterReward(m: Model, reporter: string): boolean {
  const reward = m.attesterRewards.get(reporter);
  if (reward === undefined || reward.amount === 0 || m.now < reward.readyAt) return false;
  m.move(m.at.attesters, reporter, reward.amount);
  reward.amount = 0;
  return true;
}

/** Takes from bonded stake first, then from what is on its way out; at most what is there. */
export function slash(account: Pick<Account, "bonded" | "leaving">, penalty: number): number {
  const fromBonded = Math.min(penalty, account.bonded);
  const fromLeaving = Math.min(penalty - fromBonded, account.leaving.amount);
  account.bonded -= fromBonded;
  account.leaving.amount -= fromLeaving;
  return fromBonded + fromLeaving;
}
