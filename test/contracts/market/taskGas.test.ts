// Gas of what requesters, agents and strangers call, intrinsic gas included: a bound each, so that a change that makes a
// call dearer is seen.
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Agent, makeAgents, toFinalize } from "../actors.ts";
import { asContract, CREDIT, deployRules } from "../fixture.ts";
import { BIDDERS_MAX, fillTender } from "../fullTender.ts";
import { bid, DELIVERABLE, FEE, pastDelivery, postTask, RESERVE, taskTerms } from "../tasks.ts";

/** Most gas of a transaction on an Allot network, and on Ethereum since EIP-7825. */
const GAS_MAX = 16_777_216n;

const connection = await network.create();

async function world() {
  const rules = await deployRules(connection);
  return { rules, agents: (await makeAgents(rules, 3)) as [Agent, Agent, Agent] };
}

describe("gas of a task", () => {
  async function within(name: string, gasMax: bigint, sent: Promise<ContractTransactionResponse>) {
    const receipt = await (await sent).wait();
    console.log(`        ${name}: ${receipt?.gasUsed} gas`);
    expect(receipt?.gasUsed, name).to.be.at.most(gasMax);
  }

  it("stays within its bounds from posting to withdrawal", async () => {
    const { rules, agents } = await connection.networkHelpers.loadFixture(world);
    const { TaskMarket: market, JobEscrow: escrow, Credits: credits } = rules.contracts;
    const [first, second, third] = agents;
    await credits.connect(rules.requester).approve(market, 2n * (RESERVE + FEE));
    const terms = taskTerms(rules, { maxReassignments: 1n });
    const asRequester = market.connect(rules.requester);
    await within("post, the first", 428_000n, asRequester.post(terms));
    await within("post", 375_000n, asRequester.post(terms));
    const { tenderId } = await market.taskOf(2);
    await bid(rules, tenderId, [
      [first, 30n * CREDIT],
      [second, 40n * CREDIT],
      [third, 50n * CREDIT],
    ]);
    await within("settle, one award of three bids", 405_000n, market.settle(2));
    await pastDelivery(rules, 2n);
    await within("conclude, a no-show", 220_000n, market.conclude(2, 0));
    await within("acceptReassignment", 290_000n, market.connect(second.key as never).acceptReassignment(2, 0));
    const { jobId } = await market.assignmentOf(2, 0);
    await within("submit", 60_000n, escrow.connect(second.key as never).submit(jobId, DELIVERABLE, "0x"));
    const judged = market.connect(rules.evaluator).giveVerdict(2, 0, true, ZeroHash);
    await within("giveVerdict, accepted and paid", 142_000n, judged);
    await within("withdrawFor", 64_000n, market.withdrawFor(second.key.address));
  });

  // A task that no transaction could settle would never end.
  for (const mechanism of ["UniformPrice", "FirstPrice", "PostedPrice"] as const) {
    it(`lets the largest task under ${mechanism} be settled and reassigned in one transaction each`, async () => {
      const rules = await deployRules(connection);
      const { TaskMarket: market } = rules.contracts;
      const { unitsMax, candidatesMax } = await market.parameters();
      const terms = {
        units: unitsMax,
        maxBidders: BigInt(BIDDERS_MAX),
        mechanism: rules.at[mechanism],
        maxReassignments: 1n,
      };
      const { taskId, tenderId } = await postTask(rules, terms);
      await fillTender(rules, tenderId);
      await toFinalize(rules, tenderId);
      await within("settle, 32 awards of 256 bids", GAS_MAX, market.settle(taskId, { gasLimit: GAS_MAX }));
      await pastDelivery(rules, taskId);
      for (let unit = 0n; unit < unitsMax; unit++) await market.conclude(taskId, unit);
      const { acceptanceWindow } = await market.taskOf(taskId);
      const { decidedAt } = await market.assignmentOf(taskId, 0);
      await connection.networkHelpers.time.increaseTo(decidedAt + acceptanceWindow * (candidatesMax - 1n));
      const { bidder } = await market.candidateOf(taskId, 0);
      const candidate = market.connect(await asContract(rules, bidder));
      const accepted = candidate.acceptReassignment(taskId, 0, { gasLimit: GAS_MAX });
      await within("acceptReassignment, the last turn of 256 bids", GAS_MAX, accepted);
    }).timeout(60_000);
  }
});
