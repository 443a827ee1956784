// Validators' seats and stake, and what their contradicting votes cost: on a registry of seven, in epochs, since the
// automatic limit lets nobody be evicted from the one of the other calls.
import { type BaseWallet, getAddress, id } from "ethers";
import type { Hex } from "viem";
import { PARAMETERS } from "../fixture.ts";
import {
  contactOf,
  ownerAt,
  peerKeyOf,
  STAKE,
  toNextEpoch,
  type ValidatorWorld,
  VOTE,
  validatorWorld,
  voteEvidence,
} from "../governance/validators.ts";
import type { GasBook, Sender } from "./gasBook.ts";
import { reporting } from "./slashingCalls.ts";

const PLACE = { epoch: 0n, view: 41n };
/** After every other in the set's order: where an account is put decides how many words of the set are written. */
const lastAccount = (position: number): string => getAddress(`0x${"ff".repeat(19)}0${position}`);

export async function validatorCalls(others: GasBook): Promise<void> {
  const w = await validatorWorld(others.rules.connection, { count: 7, epochBlocks: 100n });
  const { registry, module, rules } = w;
  const contracts = { ...rules.contracts, ValidatorRegistry: registry, VoteEquivocation: module };
  const [registryAt, moduleAt] = [await registry.getAddress(), await module.getAddress()];
  const at = { ...rules.at, ValidatorRegistry: registryAt as Hex, VoteEquivocation: moduleAt as Hex };
  const gas = others.on({ ...rules, contracts, at });
  const accounts = w.keys.map(({ address }) => address);
  const [, , , third, fourth, , sixth] = accounts as [string, string, string, string, string, string, string];
  await seatCalls(gas, w);
  await gas.send("ValidatorRegistry", "exit", ownerAt(rules, 6), sixth);
  await toNextEpoch(w);
  await stakeCalls(gas, w, sixth);
  await voteCalls(gas, w);
  await toNextEpoch(w);
  await gas.send("ValidatorRegistry", "evict", rules.stranger, third);
  await gas.sendAs("Operators", "ValidatorRegistry", "remove", fourth);
  await gas.view("ValidatorRegistry", registry.getFunction("validators").fragment, [0n, 4n]);
}

/** A newcomer's way into the set, and its change of key. */
async function seatCalls(gas: GasBook, w: ValidatorWorld): Promise<void> {
  const { rules, registry } = w;
  const owner = ownerAt(rules, 7);
  const [newcomer, successor] = [lastAccount(1), lastAccount(2)];
  await gas.sendAs("Operators", "ValidatorRegistry", "admit", newcomer, owner.address, contactOf("newcomer"));
  await rules.contracts.Credits.connect(owner).approve(registry, 2n * STAKE);
  await gas.send("ValidatorRegistry", "deposit", owner, newcomer, STAKE);
  await gas.send("ValidatorRegistry", "join", owner, newcomer);
  await gas.send("ValidatorRegistry", "setAddresses", owner, newcomer, ["/dns4/validator.example/tcp/26656"]);
  const contact = [peerKeyOf("successor"), ["/ip4/127.0.0.1/tcp/26656"]] as const;
  await gas.send("ValidatorRegistry", "rotateKey", owner, newcomer, successor, ...contact, STAKE);
}

/** What the slashing module and the owner do with the stake of a validator that has left. */
async function stakeCalls(gas: GasBook, { rules }: ValidatorWorld, account: string): Promise<void> {
  const offender = BigInt(account);
  const asModule = (name: string, ...args: readonly unknown[]) =>
    gas.sendAs("VoteEquivocation", "ValidatorRegistry", name, ...args);
  const send = (name: string, by: Sender, ...args: readonly unknown[]) =>
    gas.send("ValidatorRegistry", name, by, ...args);
  await asModule("lockStake", account, 1n);
  await asModule("unlockStake", account, 1n);
  await asModule("openFault", offender);
  await asModule("closeFault", offender);
  for (const name of ["rewarded", "unclaimed"]) await asModule("slash", id(name), offender, 1_000_000n, 1_000n, false);
  await asModule("payRewardPart", id("rewarded"), rules.evaluator.address, 1n);
  await asModule("payReward", id("rewarded"), rules.evaluator.address);
  await send("requestUnbonding", ownerAt(rules, 6), account, 10n);
  await rules.connection.networkHelpers.time.increase(PARAMETERS.unbondingDelaySeconds + 1n);
  await send("withdrawUnbonded", rules.stranger, account);
  await send("withdrawReward", rules.stranger, rules.evaluator.address);
  await send("burnUnclaimedReward", rules.stranger, id("unclaimed"));
}

/** Three convictions, of which the automatic limit leaves the last one seated. */
async function voteCalls(gas: GasBook, w: ValidatorWorld): Promise<void> {
  const { rules, module, keys } = w;
  const evidence = (index: number) => voteEvidence(w, keys[index] as BaseWallet, PLACE, ["nullify"], ["finalize", "b"]);
  await reporting(gas, "VoteEquivocation", [await evidence(1), await evidence(2)]);
  await gas.send("VoteEquivocation", "report", rules.stranger, await evidence(3));
  const view = (name: "faultIdOf" | "subjectOf" | "voteDigest", ...args: readonly unknown[]) =>
    gas.view("VoteEquivocation", module.getFunction(name).fragment, args);
  await view("faultIdOf", keys[1]?.address, PLACE.epoch, PLACE.view);
  await view("subjectOf", PLACE.epoch, PLACE.view);
  await view("voteDigest", VOTE.notarize, PLACE.epoch, PLACE.view, id("b"));
}
