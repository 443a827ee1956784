// Validators' seats: the operators admit and remove, owners do the rest.
import { expect } from "chai";
import { concat, type Hex, type LocalAccount, sliceHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { AllotClient, ValidatorSeat } from "../../../sdk/index.ts";
import { type Actors, credit, refused } from "./actors.ts";

/** Fewer than this many are left by nobody's own word. */
const validatorsMin = 4;

const addresses = ["/ip4/10.0.0.7/tcp/26656"];

/** A validator key's public side; nobody dials these. */
function newSeat(): { readonly validator: Hex; readonly peerKey: Hex } {
  const key = (): LocalAccount & { publicKey: Hex } => privateKeyToAccount(generatePrivateKey());
  // The compressed form: which half does not matter to the registry.
  return { validator: key().address, peerKey: concat(["0x02", sliceHex(key().publicKey, 1, 33)]) };
}

export function describeValidators(actors: () => Actors): void {
  const execute = async (proposed: ReturnType<AllotClient["proposeCall"]>): Promise<void> => {
    await actors().requester.executeProposal({ proposalId: (await proposed).proposalId });
  };
  const ownerOf = (client: AllotClient) => (client.account as LocalAccount).address;

  /** Admitted, with the minimum stake, and in the next set. */
  async function seated(owner: AllotClient): Promise<Hex> {
    const { validator, peerKey } = newSeat();
    const entry = { validator, owner: ownerOf(owner), name: "acme", peerKey, addresses };
    await execute(actors().governor.proposeValidator(entry));
    await owner.depositValidatorStake({ validator, amount: (await owner.getEpochs()).minStake });
    await owner.joinValidatorSet({ validator });
    return validator;
  }

  it("takes a validator from its admission into the next set, by its owner, with the minimum stake", async function () {
    this.timeout(60_000);
    const { governor, requester, reporter } = actors();
    const { nextChange, minStake } = await requester.getEpochs();
    expect(minStake > 0n).to.equal(true);
    const before = await requester.getValidatorSeats({ epoch: nextChange });
    const { validator, peerKey } = newSeat();
    await refused(requester.depositValidatorStake({ validator, amount: minStake }), "BondAccountRefused");
    const unknown = await requester.getValidatorSeat({ validator }).catch((error: unknown) => error);
    expect(unknown).to.have.property("code", "NOT_FOUND");

    const entry = { validator, owner: ownerOf(requester), name: "acme", peerKey, addresses };
    await execute(governor.proposeValidator(entry));
    const admitted = { ...entry, status: "admitted", from: undefined, until: undefined, bonded: 0n, barred: false };
    expect(await reporter.getValidatorSeat({ validator })).to.deep.include(admitted);
    expect((await requester.getValidatorSeats()).map((seat) => seat.validator)).to.include(validator);
    await refused(requester.joinValidatorSet({ validator }), "ValidatorRegistryNotBonded");
    await reporter.depositValidatorStake({ validator, amount: minStake });
    await refused(reporter.joinValidatorSet({ validator }), "ValidatorRegistryUnauthorized");
    const { epoch } = await requester.joinValidatorSet({ validator });
    expect(epoch).to.be.greaterThanOrEqual(nextChange);
    const joined = { from: epoch, until: undefined, bonded: minStake };
    expect(await reporter.getValidatorSeat({ validator })).to.deep.include(joined);
    const set = (await requester.getValidatorSeats({ epoch })).map((seat) => seat.validator);
    expect(set).to.have.members([...before.map((seat) => seat.validator), validator]);
    expect(set.map((one) => one.toLowerCase())).to.deep.equal(set.map((one) => one.toLowerCase()).sort());

    await requester.setValidatorAddresses({ validator, addresses: ["/dns4/acme.example/tcp/1"] });
    expect((await reporter.getValidatorSeat({ validator })).addresses).to.deep.equal(["/dns4/acme.example/tcp/1"]);
    await refused(reporter.setValidatorAddresses({ validator, addresses }), "ValidatorRegistryUnauthorized");
    await refused(requester.evictValidator({ validator }), "ValidatorRegistryNotBarred");
    await execute(governor.proposeValidatorRemoval({ validator }));
    expect(await reporter.getValidatorSeat({ validator }))
      .to.have.property("until")
      .that.is.a("number");
    await refused(requester.joinValidatorSet({ validator }), "ValidatorRegistryJoinedBefore");
    await refused(requester.evictValidator({ validator }), "ValidatorRegistryNotInSet");
  });

  it("gives a seat to a new key, and lets an owner leave while four are left", async function () {
    this.timeout(60_000);
    const { requester, reporter } = actors();
    const { nextChange, minStake } = await requester.getEpochs();
    const sizeOf = async () => (await requester.getValidatorSeats({ epoch: nextChange })).length;
    let validator = await seated(requester);
    if ((await sizeOf()) <= validatorsMin) {
      await refused(requester.exitValidatorSet({ validator }), "ValidatorRegistryTooFew");
    }
    while ((await sizeOf()) <= validatorsMin) validator = await seated(requester);
    const next = newSeat();
    const rotation = { validator, successor: next.validator, peerKey: next.peerKey, addresses, amount: minStake };
    await refused(reporter.rotateValidatorKey(rotation), "ValidatorRegistryUnauthorized");
    await refused(requester.rotateValidatorKey({ ...rotation, amount: minStake - 1n }), "ValidatorRegistryNotBonded");
    await refused(requester.rotateValidatorKey({ ...rotation, successor: validator }), "ValidatorRegistryAccountUsed");
    const { epoch } = await requester.rotateValidatorKey(rotation);
    const successor = await requester.getValidatorSeat({ validator: next.validator });
    expect(successor).to.deep.include({ name: "acme", from: epoch, bonded: minStake, addresses });
    expect(await requester.getValidatorSeat({ validator })).to.have.property("until", epoch);

    await refused(reporter.exitValidatorSet({ validator: next.validator }), "ValidatorRegistryUnauthorized");
    const left = await requester.exitValidatorSet({ validator: next.validator });
    expect(left.epoch).to.be.greaterThanOrEqual(epoch);
    expect(await requester.getValidatorSeats({ epoch: left.epoch })).to.have.length(validatorsMin);
  });

  it("pays stake back to the owner alone, after its delay, and not while the validator serves", async function () {
    this.timeout(60_000);
    const { governor, requester, reporter } = actors();
    const { validator, peerKey } = newSeat();
    await execute(
      governor.proposeValidator({ validator, owner: ownerOf(requester), name: "bolt", peerKey, addresses }),
    );
    await requester.depositValidatorStake({ validator, amount: 3n * credit });
    const unbond = (client: AllotClient, amount: bigint) => client.requestValidatorUnbonding({ validator, amount });
    await refused(unbond(reporter, credit), "BondUnauthorized");
    await refused(unbond(requester, 4n * credit), "BondStakeShort");
    const { readyAt } = await unbond(requester, 2n * credit);
    const seat: ValidatorSeat = await requester.getValidatorSeat({ validator });
    expect(seat).to.deep.include({ bonded: credit, unbonding: 2n * credit, readyAt });
    await refused(reporter.withdrawValidatorStake({ validator }), "StakeNotReady");
    const serving = await seated(requester);
    const all = requester.requestValidatorUnbonding({ validator: serving, amount: 1n });
    await refused(all, "BondStakeBelowMinimum");
    // Nobody runs it.
    await execute(governor.proposeValidatorRemoval({ validator: serving }));
  });
}
