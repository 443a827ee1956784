import { expect } from "chai";
import { id, Signature, Wallet, ZeroHash } from "ethers";
import { network } from "hardhat";
import { govern, PARAMETERS } from "../fixture.ts";
import {
  admit,
  castVote,
  consensusDomain,
  ownerAt,
  STAKE,
  toNextEpoch,
  type ValidatorWorld,
  type VoteKind,
  validatorWorld,
  voteEvidence,
} from "../governance/validators.ts";
import { describeReporting } from "./reporting.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const PLACE = { epoch: 0n, view: 41n };

type Pair = readonly [readonly [VoteKind, string?], readonly [VoteKind, string?]];

const PAIRS: Readonly<Record<string, Pair>> = {
  ConflictingNotarize: [
    ["notarize", "b"],
    ["notarize", "c"],
  ],
  ConflictingFinalize: [
    ["finalize", "b"],
    ["finalize", "c"],
  ],
  NullifyFinalize: [["nullify"], ["finalize", "b"]],
  FinalizeOther: [
    ["notarize", "b"],
    ["finalize", "c"],
  ],
};

/** What an honest validator may cast in one view. */
const HONEST: readonly Pair[] = [
  [["notarize"], ["nullify"]],
  [["nullify"], ["notarize"]],
  [["notarize"], ["finalize"]],
  [["notarize"], ["notarize"]],
  [["nullify"], ["nullify"]],
  [["finalize"], ["finalize"]],
];

const sevenValidators = () => validatorWorld(connection, { count: 7, epochBlocks: 100n });
const world = () => networkHelpers.loadFixture(sevenValidators);

const keyAt = ({ keys }: ValidatorWorld, index: number) => keys[index] as (typeof keys)[number];
const evidenceOf = (w: ValidatorWorld, index: number, [first, second]: Pair, place = PLACE) =>
  voteEvidence(w, keyAt(w, index), place, first, second);
const NULLIFY_FINALIZE = PAIRS.NullifyFinalize as Pair;

function withHighS(signature: string): string {
  const { r, s, v } = Signature.from(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return `${r}${(order - BigInt(s)).toString(16).padStart(64, "0")}${v === 27 ? "1c" : "1b"}`;
}

describe("validator equivocation", () => {
  for (const [name, pair] of Object.entries(PAIRS)) {
    it(`by ${name} costs the whole stake, bars the key, and ends its seat with the epoch`, async () => {
      const w = await world();
      const { rules, registry, module } = w;
      const key = keyAt(w, 2);
      const evidence = await evidenceOf(w, 2, pair);
      const faultId = await module.faultIdOf(key.address, PLACE.epoch, PLACE.view);
      expect(await module.verify(evidence)).to.equal(faultId);
      const epoch = await registry.changeEpoch();
      await expect(module.connect(rules.stranger).report(evidence))
        .to.emit(module, "FaultPunished")
        .withArgs(faultId, BigInt(key.address), await module.subjectOf(PLACE.epoch, PLACE.view), STAKE)
        .and.to.emit(registry, "ValidatorLeft")
        .withArgs(key.address, epoch);
      const { bonded, suspended } = await registry.bondOf(key.address);
      expect([bonded, suspended]).to.deep.equal([0n, true]);
      const others = w.keys.map(({ address }) => address).filter((address) => address !== key.address);
      expect(await registry.validatorSet(epoch)).to.deep.equal(others);
      expect(await registry.validatorSet(epoch - 1n)).to.include(key.address);
      const deposit = registry.connect(rules.requester).deposit(key.address, 1n);
      await expect(deposit).to.be.revertedWithCustomError(registry, "BondAccountRefused").withArgs(key.address);
    });

    it(`by ${name} is the same fault in the other order`, async () => {
      const w = await world();
      const evidence = await evidenceOf(w, 2, [pair[1], pair[0]]);
      await w.module.report(evidence);
      await expect(w.module.report(await evidenceOf(w, 2, pair))).to.be.revertedWithCustomError(
        w.module,
        "EvidenceFaultPunished",
      );
    });
  }

  it("is not what an honest validator casts in one view", async () => {
    const w = await world();
    for (const pair of HONEST) {
      const refused = w.module.report(await evidenceOf(w, 0, pair));
      await expect(refused).to.be.revertedWithCustomError(w.module, "VoteEquivocationConsistent");
    }
  });

  it("does not depend on the digest beside a nullify, which names none", async () => {
    const w = await world();
    const evidence = await evidenceOf(w, 0, [["nullify"], ["nullify"]]);
    const altered = { ...evidence, second: { ...evidence.second, digest: id("another") } };
    await expect(w.module.report(altered)).to.be.revertedWithCustomError(w.module, "VoteEquivocationConsistent");
    const real = await evidenceOf(w, 0, NULLIFY_FINALIZE);
    const twin = { ...real, first: { ...real.first, digest: ZeroHash } };
    const { reporter } = w.rules;
    expect(await w.module.evidenceCommitment(real, reporter.address, ZeroHash)).to.equal(
      await w.module.evidenceCommitment(twin, reporter.address, ZeroHash),
    );
    await w.module.report(twin);
  });

  it("is not proven by votes of another network, chain, version, epoch, view or key", async () => {
    const w = await world();
    const evidence = await evidenceOf(w, 0, NULLIFY_FINALIZE);
    const key = keyAt(w, 0);
    const domain = await consensusDomain(w);
    const foreign = [
      await castVote(w, key, PLACE, "finalize", "b", { ...domain, salt: id("another network") }),
      await castVote(w, key, PLACE, "finalize", "b", { ...domain, chainId: 1n }),
      await castVote(w, key, PLACE, "finalize", "b", { ...domain, version: "2" }),
      await castVote(w, key, PLACE, "finalize", "b", { ...domain, name: "Allot Market" }),
      await castVote(w, key, PLACE, "finalize", "b", { ...domain, verifyingContract: await w.registry.getAddress() }),
      await castVote(w, key, { ...PLACE, epoch: 1n }, "finalize"),
      await castVote(w, key, { ...PLACE, view: 42n }, "finalize"),
      await castVote(w, keyAt(w, 1), PLACE, "finalize"),
    ];
    for (const second of foreign) {
      await expect(w.module.report({ ...evidence, second })).to.be.revertedWithCustomError(
        w.module,
        "VoteEquivocationAuthorInvalid",
      );
    }
    const finalizeAsNotarize = { ...evidence, second: { ...evidence.second, kind: 0n } };
    await expect(w.module.report(finalizeAsNotarize)).to.be.revertedWithCustomError(
      w.module,
      "VoteEquivocationAuthorInvalid",
    );
  });

  it("is not proven by a bad signature, on either side", async () => {
    const w = await world();
    const { module } = w;
    const evidence = await evidenceOf(w, 0, NULLIFY_FINALIZE);
    const { first, second } = evidence;
    for (const bad of [withHighS, () => `0x${"00".repeat(65)}`, () => "0x", (good: string) => good.slice(0, -2)]) {
      const forged = [
        { ...evidence, first: { ...first, signature: bad(first.signature) } },
        { ...evidence, second: { ...second, signature: bad(second.signature) } },
      ] as const;
      for (const [statement, shown] of forged.entries()) {
        await expect(module.report(shown))
          .to.be.revertedWithCustomError(module, "VoteEquivocationSignatureInvalid")
          .withArgs(statement);
      }
    }
  });

  it("is a validator's, in an epoch of whose set it is", async () => {
    const w = await world();
    const { module, registry } = w;
    const stranger = Wallet.createRandom() as never;
    const foreign = await voteEvidence(w, stranger, PLACE, ["nullify"], ["finalize"]);
    await expect(module.report(foreign))
      .to.be.revertedWithCustomError(module, "VoteEquivocationNoValidator")
      .withArgs(foreign.validator, 0n);
    const key = keyAt(w, 3);
    await registry.connect(ownerAt(w.rules, 3)).exit(key.address);
    const { until } = await registry.validatorOf(key.address);
    const after = await voteEvidence(w, key, { epoch: until, view: 41n }, ["nullify"], ["finalize"]);
    await expect(module.report(after))
      .to.be.revertedWithCustomError(module, "VoteEquivocationNoValidator")
      .withArgs(key.address, until);
    await module.report(await voteEvidence(w, key, { epoch: until - 1n, view: 41n }, ["nullify"], ["finalize"]));
  });

  it("reaches stake on its way out, and counts until less than an unbonding delay after it was asked for", async () => {
    const w = await world();
    const { rules, module, registry } = w;
    const key = keyAt(w, 3);
    const asOwner = registry.connect(ownerAt(rules, 3));
    await asOwner.exit(key.address);
    await toNextEpoch(w);
    await asOwner.requestUnbonding(key.address, STAKE - 1n);
    const until = (await registry.retiredAt(key.address)) + PARAMETERS.evidenceAgeSeconds;
    expect((await registry.bondOf(key.address)).readyAt > until).to.equal(true);
    // A second request delays the stake, and not the end of the evidence.
    await asOwner.requestUnbonding(key.address, 1n);
    expect((await registry.retiredAt(key.address)) + PARAMETERS.evidenceAgeSeconds).to.equal(until);
    const evidence = await evidenceOf(w, 3, NULLIFY_FINALIZE);
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(until);
    await module.report(evidence);
    expect(await registry.stakeInReachOf(BigInt(key.address))).to.equal(0n);
    await before.restore();
    await networkHelpers.time.setNextBlockTimestamp(until + 1n);
    await expect(module.report(evidence))
      .to.be.revertedWithCustomError(module, "VoteEquivocationTooOld")
      .withArgs(key.address, until);
  });

  it("needs a network's id", async () => {
    const w = await world();
    const { Permissions: permissions, Parameters: parameters, Operators: governor } = w.rules.at;
    const wiring = { registry: await w.registry.getAddress(), permissions, parameters, governor };
    const factory = await ethers.getContractFactory("VoteEquivocation");
    await expect(factory.deploy(wiring, ZeroHash)).to.be.revertedWithCustomError(
      w.module,
      "VoteEquivocationNetworkIdMissing",
    );
    await factory.deploy(wiring, PARAMETERS.networkId);
  });

  describeReporting(connection, async () => {
    const w = await world();
    const { rules, registry, module, keys } = w;
    const evidence = await evidenceOf(w, 2, NULLIFY_FINALIZE);
    const offender = keys[2]?.address as string;
    return {
      rules,
      module,
      register: registry,
      faultId: await module.faultIdOf(offender, PLACE.epoch, PLACE.view),
      offender: BigInt(offender),
      evidence,
      swapped: { ...evidence, first: evidence.second, second: evidence.first },
      otherForms: await Promise.all(Object.values(PAIRS).map((pair) => evidenceOf(w, 2, pair))),
      accomplice: ownerAt(rules, 2),
      penalty: STAKE,
      unbondingDelay: PARAMETERS.unbondingDelaySeconds,
    };
  });
});

describe("barred validators", () => {
  it("are out of the next set: at most f per epoch, the rest an epoch later, never below four", async () => {
    const w = await world();
    const { rules, registry, module } = w;
    expect(await registry.evictionsMax()).to.equal(2n);
    const report = async (index: number) => await module.report(await evidenceOf(w, index, NULLIFY_FINALIZE));
    await report(0);
    await report(1);
    const epoch = await registry.changeEpoch();
    await expect(report(2)).to.emit(registry, "ValidatorEvictionDeferred").withArgs(keyAt(w, 2).address, epoch);
    expect(await registry.validatorSet(epoch)).to.have.length(5);
    await expect(registry.evict(keyAt(w, 2).address))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryEvictionLimit")
      .withArgs(epoch);
    await toNextEpoch(w);
    expect(await registry.evictionsMax()).to.equal(1n);
    await registry.connect(rules.stranger).evict(keyAt(w, 2).address);
    const next = await registry.changeEpoch();
    expect(await registry.validatorSet(next)).to.deep.equal(w.keys.slice(3).map(({ address }) => address));
    await toNextEpoch(w);
    // Four are left: another that is barred stays until the operators say otherwise.
    await expect(report(3)).to.emit(registry, "ValidatorEvictionDeferred");
    await toNextEpoch(w);
    await expect(registry.evict(keyAt(w, 3).address)).to.be.revertedWithCustomError(
      registry,
      "ValidatorRegistryEvictionLimit",
    );
    const target = await registry.getAddress();
    await govern(rules, target, registry.interface.encodeFunctionData("remove", [keyAt(w, 3).address]));
    expect(await registry.validatorSet(await registry.changeEpoch())).to.have.length(3);
  });

  it("are removed by the operators at once, whatever the limit", async () => {
    const w = await world();
    const { rules, registry, module } = w;
    for (const index of [0, 1, 2]) await module.report(await evidenceOf(w, index, NULLIFY_FINALIZE));
    const target = await registry.getAddress();
    await govern(rules, target, registry.interface.encodeFunctionData("remove", [keyAt(w, 2).address]));
    expect(await registry.validatorSet(await registry.changeEpoch())).to.have.length(4);
  });

  it("are those that were slashed: nobody else is evicted", async () => {
    const w = await world();
    await expect(w.registry.evict(keyAt(w, 0).address))
      .to.be.revertedWithCustomError(w.registry, "ValidatorRegistryNotBarred")
      .withArgs(keyAt(w, 0).address);
    await w.module.report(await evidenceOf(w, 0, NULLIFY_FINALIZE));
    await expect(w.registry.evict(keyAt(w, 0).address))
      .to.be.revertedWithCustomError(w.registry, "ValidatorRegistryNotInSet")
      .withArgs(keyAt(w, 0).address);
  });

  it("lose what is left for a second fault, and no seat of anybody else", async () => {
    const w = await world();
    await w.module.report(await evidenceOf(w, 0, NULLIFY_FINALIZE));
    const size = (await w.registry.validatorSet(await w.registry.changeEpoch())).length;
    const other = await evidenceOf(w, 0, NULLIFY_FINALIZE, { epoch: 0n, view: 42n });
    await expect(w.module.report(other)).to.emit(w.module, "FaultPunished");
    expect((await w.registry.validatorSet(await w.registry.changeEpoch())).length).to.equal(size);
  });

  it("neither join nor rotate", async () => {
    const w = await world();
    const { rules, registry, module } = w;
    for (const index of [0, 1, 2]) await module.report(await evidenceOf(w, index, NULLIFY_FINALIZE));
    const owner = ownerAt(rules, 2);
    const rotated = registry
      .connect(owner)
      .rotateKey(keyAt(w, 2).address, rules.stranger.address, `0x02${"99".repeat(32)}`, [], STAKE);
    await expect(rotated).to.be.revertedWithCustomError(registry, "ValidatorRegistryNotBonded");
    const newcomer = await admit(w, govern, 8);
    expect(await registry.isBonded(newcomer)).to.equal(true);
    await expect(registry.connect(owner).join(newcomer))
      .to.be.revertedWithCustomError(registry, "ValidatorRegistryUnauthorized")
      .withArgs(newcomer, owner.address);
  });
});
