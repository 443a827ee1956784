// Validators' seats from outside: what the rules record, and what their owners do with keys of their own.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { allot } from "../runAllot.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

type Seats = readonly Readonly<Record<string, unknown>>[];

interface Listed {
  readonly validators: Seats;
  readonly epoch: number;
  readonly nextChange: number;
}

/** Account 0 governs, account 13 owns the seat, 3 is a stranger to it. */
export function describeValidators(network: () => OperatorNetwork): void {
  /** A seat's public entry, made as its organisation makes it; the key stays in its folder. */
  async function entryOf(name: string): Promise<{ readonly file: string; readonly address: string }> {
    const flags = ["--name", name, "--entry-only", "--addresses", "/dns4/acme.example/tcp/26656", "--json"];
    const { code, stdout, stderr } = await allot(["init", "--dir", network().path(name), ...flags]);
    expect(code, stderr).to.equal(0);
    return { file: network().path(`${name}/validator.json`), address: JSON.parse(stdout).address };
  }
  const seatOf = (validator: string) => network().json(3, "validators", "show", validator);
  const admit = (file: string, ...flags: string[]) =>
    network().call(0, "governance", "admit-validator", file, "--execute", ...flags);

  it("lists the network's validators, with stake, epochs and what joining takes", async () => {
    const { validators, ...epochs } = await network().json<Listed>(3, "validators", "list");
    expect(epochs).to.include({ evictionsMax: 1, minStake: "10000" });
    expect(epochs.nextChange).to.be.greaterThan(epochs.epoch);
    expect(validators.map(({ name }) => name)).to.have.members([0, 1, 2, 3].map((i) => `validator-${i}`));
    for (const seat of validators)
      expect(seat).to.include({ status: "active", from: 0, bonded: "10000", barred: false });
    const [, table = ""] = (await network().text(3, "validators", "list", "--epoch", "0")).split("\n\n");
    expect(cellsOf(table).map((row) => [row.name, row.status])).to.deep.equal(
      validators.map(({ name }) => [name, "active"]),
    );
    const shown = await seatOf(String(validators[0]?.validator));
    expect(shown).to.include({ name: validators[0]?.name, status: "active", locked: "0" });
    expect((shown.addresses as readonly string[])[0]).to.match(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+$/);
  });

  let address: string;
  const join = (account: number) => network().call(account, "validators", "join", address);

  it("takes a new validator from its admission into the next set", async () => {
    const owner = network().address(13);
    const { file, address: made } = await entryOf("seat");
    address = made;
    expectMistake(await admit(file), /is no active member of an organisation.*add-members.*--owner/);
    expectRefusedByRules(await network().call(13, "validators", "deposit", address, "10000"), /BondAccountRefused/);
    const admitted = await admit(file, "--owner", owner, "--json");
    expect(admitted.code, admitted.stderr).to.equal(0);
    expect(JSON.parse(admitted.stdout)).to.include({ validator: address, owner, status: "executed" });
    expect(await seatOf(address)).to.include({ status: "admitted", name: "seat", bonded: "0" });

    expectRefusedByRules(await join(13), /less than the minimum stake/);
    expect(await network().json(3, "validators", "deposit", address, "10000")).to.include({ bonded: "10000" });
    expectRefusedByRules(await join(3), /Only the validator's owner/);
    const joined = await join(13);
    expect(joined.code, joined.stderr).to.equal(0);
    expect((await seatOf(address)).status).to.be.oneOf(["joining", "active"]);
    const unbond = (validator: string, amount: string) => network().call(13, "validators", "unbond", validator, amount);
    expectRefusedByRules(
      await unbond(address, "1"),
      /keeps all of it until an epoch begins.*rest: 9999, minimum: 10000/,
    );
  });

  it("moves a seat to other addresses and to another key, and out of the set, by its owner", async () => {
    const moved = ["/dns4/moved.example/tcp/1", "/ip4/10.0.0.9/tcp/2"];
    await network().text(13, "validators", "set-addresses", address, ...moved);
    expect((await seatOf(address)).addresses).to.deep.equal(moved);
    const wrong = await network().call(13, "validators", "set-addresses", address, "moved.example");
    expectMistake(wrong, /<addresses>: .*must be an address such as/);

    const next = await entryOf("next-seat");
    const rotate = ["validators", "rotate-key", address, next.file];
    expectRefusedByRules(await network().call(3, ...rotate), /Only the validator's owner/);
    const rotated = await network().json(13, ...rotate);
    expect(rotated).to.include({ successor: next.address, stake: "10000" });
    expect((await seatOf(address)).until).to.equal(rotated.fromEpoch);
    expect((await seatOf(next.address)).status).to.be.oneOf(["joining", "active"]);
    expectRefusedByRules(await join(13), /joined before/);
    expectRefusedByRules(await network().call(3, "validators", "evict", next.address), /not barred/);
    await network().text(13, "validators", "exit", next.address);
    expect((await seatOf(next.address)).status).to.be.oneOf(["left", "leaving"]);
    expectRefusedByRules(await network().call(3, "validators", "withdraw", next.address), /StakeNotReady/);
  });

  it("takes one out by the operators' word", async () => {
    const { file, address } = await entryOf("removed");
    expect((await admit(file, "--owner", network().address(13))).code).to.equal(0);
    await network().text(13, "validators", "deposit", address, "10000.5");
    expect(await network().json(13, "validators", "unbond", address, "0.5")).to.include({ amount: "0.5" });
    await network().text(13, "validators", "join", address);
    await network().text(0, "governance", "remove-validator", address, "--execute");
    const removed = await seatOf(address);
    expect(removed).to.include({ bonded: "10000", unbonding: "0.5" });
    expect(removed.status).to.be.oneOf(["left", "leaving"]);
    const again = await network().call(0, "governance", "remove-validator", address, "--execute");
    expectRefusedByRules(again, /not in the newest set/);
  });

  it("tells a validator key from an owner, and an entry from another file", async () => {
    expectMistake(
      await network().call(3, "validators", "show", network().address(13)),
      /is no validator.*not its owner/,
    );
    expectMistake(await network().call(3, "validators", "show", "validator-0"), /<validator>: must be an address/);
    const broken = network().path("broken-entry.json");
    const { peerKey: _, ...rest } = JSON.parse(readFileSync(network().path("seat/validator.json"), "utf8"));
    writeFileSync(broken, JSON.stringify(rest));
    expectMistake(await admit(broken), /broken-entry\.json: peerKey: is missing/);
    expectMistake(await admit(network().path("none.json")), /none\.json does not exist/);
  });
}
