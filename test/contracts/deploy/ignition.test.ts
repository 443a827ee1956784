// The rules on an EVM where nothing is fixed beforehand, deployed by Hardhat Ignition.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { encodeDeployData } from "viem";
import { CONTRACT_NAMES, type ContractAddresses, deploymentPlan } from "../../../contracts/deploy/plan.ts";
import AllotRules from "../../../ignition/modules/AllotRules.ts";
import { readRulesFile } from "../../../ignition/rulesFile.ts";
import { artifactReader } from "../../../node/genesis/artifacts.ts";
import type { AllotError } from "../../../node/types/errors.ts";
import type { Connection, Signer } from "../fixture.ts";

const example = new URL("../../../ignition/rules.example.json", import.meta.url).pathname;

/** Deploys with an account that has sent so many transactions before. */
async function deployed(transactionsBefore: number) {
  const connection: Connection = await network.create();
  const [deployer] = (await connection.ethers.getSigners()) as [Signer];
  for (let i = 0; i < transactionsBefore; i++) await deployer.sendTransaction({ to: deployer.address });
  const contracts = await connection.ignition.deploy(AllotRules);
  const entries = CONTRACT_NAMES.map(async (name) => [name, (await contracts[name].getAddress()).toLowerCase()]);
  const at = Object.fromEntries(await Promise.all(entries)) as ContractAddresses;
  return { connection, deployer, at };
}

describe("the rules deployed by Hardhat Ignition", function () {
  this.timeout(180_000);

  for (const transactionsBefore of [0, 200]) {
    it(`are the plan's, argument for argument, by an account with ${transactionsBefore} transactions before`, async () => {
      const { connection, at } = await deployed(transactionsBefore);
      const { provider } = connection.ethers;
      const { parameters, founding } = readRulesFile(example);
      const created = new Map<string, string>();
      for (let height = await provider.getBlockNumber(); height > 0; height--) {
        const block = await provider.getBlock(height, true);
        for (const { hash, to, data } of block?.prefetchedTransactions ?? []) {
          const receipt = to === null ? await provider.getTransactionReceipt(hash) : null;
          if (receipt?.contractAddress) created.set(receipt.contractAddress.toLowerCase(), data);
        }
      }
      const read = artifactReader();
      for (const { name, args } of deploymentPlan(at, parameters, founding)) {
        const { abi, bytecode } = read(name);
        expect(created.get(at[name]) === encodeDeployData({ abi, bytecode, args }), name).to.equal(true);
        expect(await provider.getCode(at[name]), name).to.not.equal("0x");
      }
    });
  }

  it("work: operators govern behind the delay, agents enrol, tasks are posted", async () => {
    const { connection, at } = await deployed(3);
    const [operator, requester] = (await connection.ethers.getSigners()) as [Signer, Signer];
    const operators = await connection.ethers.getContractAt("Operators", at.Operators);
    expect([await operators.quorum(), await operators.delay()]).to.deep.equal([2n, 172_800n]);
    const ledger = await connection.ethers.getContractAt("AgentLedger", at.AgentLedger);
    const identity = await connection.ethers.getContractAt("IdentityRegistry", at.IdentityRegistry);
    await identity.connect(operator)["register()"]();
    await ledger.connect(operator).setCapacity(0, 3);
    expect((await ledger.agentOf(0)).enrolled).to.equal(true);
    const credits = await connection.ethers.getContractAt("Credits", at.Credits);
    expect(await credits.balanceOf(requester)).to.equal(1_000_000n * 1_000_000n);
    const market = await connection.ethers.getContractAt("TaskMarket", at.TaskMarket);
    await credits.connect(requester).approve(at.TaskMarket, 10n ** 12n);
    await market.connect(requester).post({
      requirements: [],
      mechanism: at.Vickrey,
      evaluator: operator,
      reserve: 1_000_000n,
      units: 1,
      maxBidders: 4,
      lock: 1_000_000n,
      commitWindow: 300,
      revealWindow: 300,
      deliveryWindow: 300,
      verdictWindow: 3_600,
      disputeWindow: 0,
      acceptanceWindow: 0,
      maxReassignments: 0,
      specification: connection.ethers.id("a task"),
      uri: "",
    });
    expect(await market.taskCount()).to.equal(1n);
  });
});

describe("the addresses told beforehand", () => {
  it("are those of the creator's next contracts, and said to be wrong when something came between", async () => {
    const { ethers } = await network.create();
    const [creator] = (await ethers.getSigners()) as [Signer];
    for (const nonce of [0, 1, 127, 128, 255, 256]) {
      while ((await ethers.provider.getTransactionCount(creator.address)) < nonce) {
        await creator.sendTransaction({ to: creator.address });
      }
      if ((await ethers.provider.getTransactionCount(creator.address)) > nonce) continue;
      const next = await ethers.deployContract("NextAddresses");
      expect(await next.nonce()).to.equal(BigInt(nonce));
      const after = ethers.getCreateAddress({ from: creator.address, nonce: nonce + 3 });
      expect(await next.addressAfter(2)).to.equal(after);
      expect(await next.requireAddress(2, after)).to.equal(true);
      await expect(next.requireAddress(1, after))
        .to.be.revertedWithCustomError(next, "NextAddressesOutOfOrder")
        .withArgs(1, await next.addressAfter(1), after);
    }
  });
});

describe("a file of rules", () => {
  it("is refused with the place of what is wrong", () => {
    const path = join(tmpdir(), `allot-rules-${process.pid}.json`);
    writeFileSync(path, JSON.stringify({ networkId: "0x12" }));
    expect(() => readRulesFile(path)).to.throw(/networkId: must be 0x and 64 hexadecimal digits/);
    const error = (() => {
      try {
        return readRulesFile(path);
      } catch (refusal) {
        return refusal as AllotError;
      }
    })();
    expect(error).to.include({ code: "BAD_VALUE" });
  });
});
