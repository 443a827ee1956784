import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { parameterNames } from "../../../contracts/deploy/parameters.ts";
import { commitBid, openTender } from "../actors.ts";
import {
  type AttestationWorld,
  attest,
  attestationWorld,
  cached,
  DIGEST,
  makeAttester,
  revoke,
  setAttester,
} from "../attestations.ts";
import { asContract, CREDIT, deployRules, govern, PARAMETERS, type Signer, setParameters } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const MIN = PARAMETERS.attesterMinStake;
const FAULT = id("some fault");

const world = () => attestationWorld(connection);
const bare = () => deployRules(connection);

/** The registry as the module that slashes attesters calls it. */
const asSlasher = async ({ rules, attesters }: AttestationWorld) =>
  attesters.connect(await asContract(rules, rules.at.ContradictoryAttestations));

async function expectCounts({ attesters, ledger }: AttestationWorld, attester: Signer, counts: boolean) {
  expect(await attesters.isAttester(attester)).to.equal(counts);
  expect(await ledger.isAttesterStanding(attester)).to.equal(counts);
}

/** A bid that needs what the second attester attested. */
async function bidsWith(w: AttestationWorld) {
  await attest(w, { by: w.second });
  const requirements = [{ capability: DIGEST, level: 2, attester: w.second.address }];
  return async () => await commitBid(w.rules, await openTender(w.rules, { requirements }), w.agent, 5n);
}

describe("AttesterRegistry", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("is kept by the operators, of members alone", async () => {
    const { rules, attesters } = await load();
    for (const call of ["listAttester", "delistAttester", "reinstate"] as const) {
      await expect(attesters.connect(rules.reporter)[call](rules.reporter))
        .to.be.revertedWithCustomError(attesters, "GovernedUnauthorized")
        .withArgs(rules.reporter);
    }
    await expect(setAttester(rules, rules.stranger.address, true))
      .to.be.revertedWithCustomError(attesters, "AttesterRegistryNoMember")
      .withArgs(rules.stranger);
    expect(await attesters.isListed(rules.stranger)).to.equal(false);
  });

  it("begins with attesters whose stake was issued to it", async () => {
    const rules = await networkHelpers.loadFixture(bare);
    const { AttesterRegistry: attesters, Credits: credits } = rules.contracts;
    expect((await attesters.bondOf(rules.operator)).bonded).to.equal(MIN);
    expect(await credits.balanceOf(attesters)).to.equal(MIN);
    expect(await attesters.isAttester(rules.operator)).to.equal(true);
    const { at } = rules;
    const wiring = { permissions: at.Permissions, ledger: at.AgentLedger, governor: at.Operators };
    const minStake = parameterNames.indexOf("attesterMinStake");
    const terms = { credits: at.Credits, parameters: at.Parameters, minStake, slashers: [] };
    await expect(ethers.deployContract("AttesterRegistry", [wiring, terms, [rules.operator]]))
      .to.be.revertedWithCustomError(attesters, "AttesterRegistryUnfunded")
      .withArgs(0n, MIN);
  });

  it("counts an attester that is listed and has the minimum stake, in whichever order", async () => {
    const w = await load();
    const { rules, attesters } = w;
    const { requester, evaluator } = rules;
    await setAttester(rules, requester.address, true);
    await expectCounts(w, requester, false);
    await expect(attest(w, { by: requester })).to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidAttester");
    await rules.contracts.Credits.connect(requester).approve(attesters, MIN);
    await attesters.connect(requester).deposit(requester, MIN - 1n);
    await expectCounts(w, requester, false);
    await attesters.connect(requester).deposit(requester, 1n);
    await expectCounts(w, requester, true);
    await rules.contracts.Credits.connect(evaluator).approve(attesters, MIN);
    await attesters.connect(evaluator).deposit(evaluator, MIN);
    await expectCounts(w, evaluator, false);
    await setAttester(rules, evaluator.address, true);
    await expectCounts(w, evaluator, true);
  });

  it("takes stake of active members alone, which is theirs", async () => {
    const { rules, attesters } = await load();
    const { stranger, requester, evaluator } = rules;
    await rules.contracts.Credits.connect(requester).approve(attesters, MIN);
    await expect(attesters.connect(requester).deposit(stranger, MIN))
      .to.be.revertedWithCustomError(attesters, "BondAccountRefused")
      .withArgs(stranger);
    await attesters.connect(requester).deposit(evaluator, MIN);
    await expect(attesters.connect(requester).requestUnbonding(evaluator, MIN))
      .to.be.revertedWithCustomError(attesters, "BondUnauthorized")
      .withArgs(evaluator, requester);
    await attesters.connect(evaluator).requestUnbonding(evaluator, MIN);
  });

  it("lets what an attester attested fall when it takes its stake below the minimum, and rise with it", async () => {
    const w = await load();
    const bid = await bidsWith(w);
    await bid();
    const own = w.attesters.connect(w.second);
    await own.requestUnbonding(w.second, 1n);
    await expectCounts(w, w.second, false);
    expect((await cached(w)).current).to.equal(false);
    await expect(bid()).to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing");
    await expect(attest(w, { by: w.second })).to.be.revertedWithCustomError(w.resolver, "CapabilityInvalidAttester");
    await w.rules.contracts.Credits.connect(w.second).approve(w.attesters, 1n);
    await own.deposit(w.second, 1n);
    await bid();
  });

  it("lets what an attester attested fall when it is slashed, until it is reinstated with stake enough", async () => {
    const w = await load();
    const { rules, attesters, second } = w;
    const bid = await bidsWith(w);
    const slasher = await asSlasher(w);
    await slasher.slash(FAULT, BigInt(second.address), 1n, 0n, true);
    await expectCounts(w, second, false);
    await expect(bid()).to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing");
    await rules.contracts.Credits.connect(second).approve(attesters, 1n);
    await attesters.connect(second).deposit(second, 1n);
    await expectCounts(w, second, false);
    const reinstate = attesters.interface.encodeFunctionData("reinstate", [second.address]);
    await slasher.openFault(BigInt(second.address));
    await expect(govern(rules, rules.at.AttesterRegistry, reinstate)).to.be.revertedWithCustomError(
      attesters,
      "StakeFaultOpen",
    );
    await slasher.closeFault(BigInt(second.address));
    await govern(rules, rules.at.AttesterRegistry, reinstate);
    await expectCounts(w, second, true);
    await bid();
  });

  it("lets a slash below the minimum without a suspension weigh as much", async () => {
    const w = await load();
    const bid = await bidsWith(w);
    await (await asSlasher(w)).slash(FAULT, BigInt(w.second.address), 1n, 0n, false);
    await expectCounts(w, w.second, false);
    await expect(bid()).to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing");
  });

  it("follows a minimum that the operators change once anybody looks", async () => {
    const w = await load();
    const bid = await bidsWith(w);
    await setParameters(w.rules, { attesterMinStake: MIN + 1n });
    expect(await w.attesters.isAttester(w.second)).to.equal(false);
    await w.attesters.connect(w.rules.stranger).refreshAttester(w.second);
    await expect(bid()).to.be.revertedWithCustomError(w.ledger, "LedgerCapabilityMissing");
    await setParameters(w.rules, { attesterMinStake: MIN });
    await w.attesters.refreshAttester(w.second);
    await bid();
  });

  it("lets a delisted attester out: it revokes, unbonds and withdraws", async () => {
    const w = await load();
    const { rules, attesters, second } = w;
    const uid = await attest(w, { by: second });
    await setAttester(rules, second.address, false);
    const member = rules.contracts.Permissions.interface.encodeFunctionData("delistMember", [second.address]);
    await govern(rules, rules.at.Permissions, member);
    await revoke(w, second, uid);
    await attesters.connect(second).requestUnbonding(second, MIN);
    const { readyAt } = await attesters.bondOf(second);
    await expect(attesters.withdrawUnbonded(second)).to.be.revertedWithCustomError(attesters, "StakeNotReady");
    await networkHelpers.time.increaseTo(readyAt);
    await expect(attesters.connect(rules.stranger).withdrawUnbonded(second)).to.changeTokenBalance(
      ethers,
      rules.contracts.Credits,
      second,
      MIN,
    );
    await expect(makeAttester(rules, second)).to.be.revertedWithCustomError(attesters, "BondAccountRefused");
  });

  it("keeps stake on its way out in reach of slashing, and in place while a fault is open", async () => {
    const w = await load();
    const { attesters, second } = w;
    const offender = BigInt(second.address);
    await attesters.connect(second).requestUnbonding(second, MIN);
    await networkHelpers.time.increaseTo((await attesters.bondOf(second)).readyAt);
    const slasher = await asSlasher(w);
    await slasher.openFault(offender);
    await expect(attesters.withdrawUnbonded(second)).to.be.revertedWithCustomError(attesters, "StakeFaultOpen");
    await slasher.slash(FAULT, offender, 50n * CREDIT, 0n, true);
    await slasher.closeFault(offender);
    expect((await attesters.bondOf(second)).unbonding).to.equal(MIN - 50n * CREDIT);
    await attesters.withdrawUnbonded(second);
  });
});
