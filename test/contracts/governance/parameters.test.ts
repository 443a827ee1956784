import { expect } from "chai";
import { network } from "hardhat";
import {
  type ParameterName,
  parameterBounds,
  parameterNames,
  parameterValues,
} from "../../../contracts/deploy/parameters.ts";
import { rulesParameters } from "../../../node/genesis/rulesParameters.ts";
import { Digest } from "../../../node/types/brands.ts";
import { asContract, CREDIT, deployRules, PARAMETERS, setParameters } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;
const DAY = 86_400n;

async function deploy() {
  const rules = await deployRules(connection);
  const { Parameters: parameters, AgentLedger: ledger } = rules.contracts;
  const asOperators = parameters.connect(await asContract(rules, rules.at.Operators));
  /** Changes as the operators' quorum has them made. */
  const set = (changes: Partial<Record<ParameterName, bigint>>) =>
    asOperators.set(
      Object.entries(changes).map(([name, value]) => ({ parameter: number(name as ParameterName), value })),
    );
  return { rules, parameters, ledger, set };
}

const number = (name: ParameterName): number => parameterNames.indexOf(name);
const load = () => networkHelpers.loadFixture(deploy);

describe("Parameters", () => {
  it("has every parameter under its name, with a unit, a range and the network's value in it", async () => {
    const { parameters } = await load();
    expect(await parameters.parameterCount()).to.equal(BigInt(parameterNames.length));
    const values = parameterValues(PARAMETERS);
    for (const [index, name] of parameterNames.entries()) {
      const definition = await parameters.definitionOf(index);
      expect(definition.name).to.equal(name);
      expect(["credit", "second", "share", "number"], name).to.include(definition.unit);
      expect(definition.value, name).to.equal(values[index]);
      expect(await parameters.get(index), name).to.equal(values[index]);
      expect(definition.value >= definition.min && definition.value <= definition.max, name).to.equal(true);
    }
  });

  it("is changed by the operators' proposals alone, says so, and the ledger follows at once", async () => {
    const { rules, parameters, ledger, set } = await load();
    const change = [{ parameter: number("minStake"), value: 7n }];
    await expect(parameters.connect(rules.operator).set(change))
      .to.be.revertedWithCustomError(parameters, "GovernedUnauthorized")
      .withArgs(rules.operator.address);
    await setParameters(rules, { minStake: 7n, stakePerUnit: 3n });
    expect([await ledger.minStake(), await ledger.stakePerUnit()]).to.deep.equal([7n, 3n]);
    await expect(set({ lockMin: 5n }))
      .to.emit(parameters, "ParameterChanged")
      .withArgs(number("lockMin"), PARAMETERS.market.lockMin, 5n);
    await expect(set({ lockMin: 5n })).not.to.emit(parameters, "ParameterChanged");
  });

  it("refuses each value beyond its bounds, and changes all or nothing", async () => {
    const { parameters, set } = await load();
    for (const [index, name] of parameterNames.entries()) {
      const { min, max, value } = await parameters.definitionOf(index);
      for (const wrong of [min - 1n, max + 1n].filter((one) => one >= 0n)) {
        await expect(set({ [name]: wrong }), name)
          .to.be.revertedWithCustomError(parameters, "ParametersOutOfBounds")
          .withArgs(index, wrong, min, max);
      }
      expect(await parameters.get(index)).to.equal(value);
    }
    await expect(set({ lockMin: 5n, panelSeats: 17n })).to.be.revertedWithCustomError(
      parameters,
      "ParametersOutOfBounds",
    );
    expect(await parameters.get(number("lockMin"))).to.equal(PARAMETERS.market.lockMin);
  });

  it("refuses values that do not go together", async () => {
    const { parameters, set } = await load();
    for (const changes of [
      // No window would do.
      { windowMax: 100n, commitWindowMin: 101n },
      { windowMax: 100n, revealWindowMin: 101n },
      { windowMax: 100n, deliveryWindowMin: 101n },
      { windowMax: 100n, verdictWindowMin: 101n },
      { windowMax: 100n, acceptanceWindowMin: 101n },
      // A task's duties would not fit a tender's word: three windows of 64 days and a little voting.
      { windowMax: 64n * DAY, panelVoteWindow: 3n * DAY },
      // A panel would never decide, or one member would.
      { panelQuorum: 6n },
      { panelWeightMax: 3n },
      { panelQuorum: 1n, panelWeightMax: 2n },
      // Fees would not be covered.
      { panelBond: 5n * CREDIT - 1n },
      { panelFee: 2n * CREDIT + 1n },
    ]) {
      const what = Object.keys(changes).join(", ");
      await expect(set(changes), what).to.be.revertedWithCustomError(parameters, "ParametersInconsistent");
    }
    await set({ panelQuorum: 1n, panelWeightMax: 1n });
    await set({ panelBond: 5n * CREDIT });
    await set({ windowMax: 100n, commitWindowMin: 100n });
  });

  it("tells the lower of then and now, the second of a change counting as before it", async () => {
    const { parameters, set } = await load();
    const at = async (value: bigint) => {
      await set({ equivocationFixed: value });
      return BigInt(await time.latest());
    };
    const lower = (since: bigint) => parameters.lowerOf(number("equivocationFixed"), since);
    const start = BigInt(await time.latest());
    const initial = PARAMETERS.equivocationFixed;
    await time.increase(100);
    const low = await at(initial - 10n);
    await time.increase(100);
    const high = await at(initial + 10n);
    await time.increase(100);
    // First: initial; low in between; now: high.
    expect(await lower(start)).to.equal(initial);
    expect(await lower(low)).to.equal(initial);
    expect(await lower(low + 1n)).to.equal(initial - 10n);
    expect(await lower(high)).to.equal(initial - 10n);
    expect(await lower(high + 1n)).to.equal(initial + 10n);
    await at(1n);
    for (const since of [start, low + 1n, high + 1n]) expect(await lower(since)).to.equal(1n);
  });

  it("keeps a network's narrower bounds for ever, and refuses wider or empty ones", async () => {
    const { rules, parameters } = await load();
    const make = (bounds: Parameters<typeof parameterBounds>[0], change: Partial<typeof PARAMETERS> = {}) =>
      ethers.deployContract("Parameters", [
        rules.at.Operators,
        rules.at.AgentLedger,
        [...parameterValues({ ...PARAMETERS, ...change })],
        parameterBounds({ ...PARAMETERS.bounds, ...bounds }),
      ]);
    const narrow = await make({ minStake: { min: 50n * CREDIT, max: 500n * CREDIT } });
    const { min, max } = await narrow.definitionOf(number("minStake"));
    expect([min, max]).to.deep.equal([50n * CREDIT, 500n * CREDIT]);
    const asOperators = narrow.connect(await asContract(rules, rules.at.Operators));
    for (const value of [50n * CREDIT - 1n, 500n * CREDIT + 1n]) {
      await expect(asOperators.set([{ parameter: number("minStake"), value }])).to.be.revertedWithCustomError(
        parameters,
        "ParametersOutOfBounds",
      );
    }
    for (const [name, range] of [
      ["minStake", { min: 0n, max: 1n }],
      ["rewardShare", { min: 0n, max: 1_001n }],
      ["rewardShare", { min: 2n, max: 1n }],
      ["rewardShare", { min: 0n, max: 0n }],
    ] as const) {
      await expect(make({ [name]: range }))
        .to.be.revertedWithCustomError(parameters, "ParametersInvalidBound")
        .withArgs(number(name));
    }
    await expect(make({}, { minStake: 0n })).to.be.revertedWithCustomError(parameters, "ParametersOutOfBounds");
    await expect(ethers.deployContract("Parameters", [rules.at.Operators, rules.at.AgentLedger, [1n], []]))
      .to.be.revertedWithCustomError(parameters, "ParametersInvalidCount")
      .withArgs(1);
  });

  it("refuses bounds under which stake could leave before evidence about it stops to count", async () => {
    const { rules, parameters } = await load();
    const make = (bounds: object) =>
      ethers.deployContract("Parameters", [
        rules.at.Operators,
        rules.at.AgentLedger,
        [...parameterValues(PARAMETERS)],
        parameterBounds({ ...PARAMETERS.bounds, ...bounds }),
      ]);
    for (const [outrun, enough] of [
      // Ten days of unbonding, less a quarter of a day for each of the windows of bids.
      [{ evidenceAge: { min: 1n, max: (19n * DAY) / 2n } }, { evidenceAge: { min: 1n, max: (19n * DAY) / 2n - 1n } }],
      [
        { commitWindowMin: { min: 1n, max: (3n * DAY) / 4n } },
        { commitWindowMin: { min: 1n, max: (3n * DAY) / 4n - 1n } },
      ],
      [
        { revealWindowMin: { min: 1n, max: (3n * DAY) / 4n } },
        { revealWindowMin: { min: 1n, max: (3n * DAY) / 4n - 1n } },
      ],
      [{ expiryMargin: { min: 1n, max: 10n * DAY + 1n } }, { expiryMargin: { min: 1n, max: 10n * DAY } }],
    ]) {
      await expect(make(outrun as object))
        .to.be.revertedWithCustomError(parameters, "ParametersInvalidBound")
        .withArgs(number("unbondingDelay"));
      await make(enough as object);
    }
  });

  for (const pace of ["development", "default"] as const) {
    it(`takes the values and bounds of new networks at ${pace} pace`, async () => {
      const rules = await deployRules(connection, rulesParameters(Digest(PARAMETERS.networkId), pace));
      const { Parameters: parameters, Operators: operators } = rules.contracts;
      const { min } = await parameters.definitionOf(number("commitWindowMin"));
      expect(min).to.equal(pace === "development" ? 1n : 120n);
      expect(await operators.delay()).to.equal(pace === "development" ? 0n : 2n * DAY);
      expect(await operators.delayMin()).to.equal(pace === "development" ? 0n : DAY);
    });
  }
});
