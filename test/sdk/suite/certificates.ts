// What only validators give: finality, and certificates that need no trust in whoever serves them.
import { expect } from "chai";
import {
  CertificateError,
  type FinalBlock,
  quorumOf,
  type ValidatorSet,
  verifyAssignmentCertificate,
  verifyFinalization,
} from "../../../sdk/index.ts";
import type { TestNetwork } from "../fixtures/testNetwork.ts";
import { type Actors, bringActors, credit, eventually, taskTerms, until } from "./actors.ts";

export function describeCertificates(start: () => Promise<TestNetwork>): void {
  let network: TestNetwork;
  let actors: Actors;
  let set: ValidatorSet;

  before(async function () {
    this.timeout(60_000);
    network = await start();
    set = network.validatorSet as ValidatorSet;
    actors = await bringActors(network, 8);
  });
  after(async () => {
    await actors?.close();
    await network?.close();
  });

  it("certifies an assignment: the same from every validator, verified with the genesis file alone", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors;
    const [agent, other] = agents;
    const task = await requester.postTask(
      taskTerms(actors, { units: 2, mechanism: "uniformPrice", deliveryWindow: 60 }),
    );
    const { taskId, tenderId } = task;
    const early = await requester.getAssignmentCertificate({ taskId }).catch((error: unknown) => error);
    expect(String(early)).to.match(/not assigned in any finalized state/);
    const bids = await Promise.all([
      agent.client.commitBid({ tenderId, amount: 2n * credit }),
      other.client.commitBid({ tenderId, amount: 3n * credit }),
    ]);
    await until(task.commitDeadline);
    await agent.client.revealBid({ tenderId, ...bids[0].opening });
    await other.client.revealBid({ tenderId, ...bids[1].opening });
    await until(task.revealDeadline);
    const { assigned, receipt } = await requester.settleTask({ taskId });
    expect(assigned).to.have.length(2);
    for (const award of assigned) {
      for (const client of [network.client(1), network.otherClient(2)]) {
        const certificate = await eventualCertificate(() => client.getAssignmentCertificate(award));
        // As it would arrive by mail: text.
        const proven = await verifyAssignmentCertificate(JSON.parse(JSON.stringify(certificate)), set);
        expect(proven).to.deep.include({ taskId, unit: award.unit, agentId: award.agentId, price: award.price });
        expect(proven).to.deep.include({ jobId: award.jobId, status: "assigned", round: 0 });
        expect(proven.epoch).to.equal(certificate.finalization.vote.epoch);
        expect(proven.provider).to.equal(award.provider.toLowerCase());
        expect(proven.height).to.be.at.least(Number(receipt.blockNumber));
        const block = await client.getBlock({ blockNumber: BigInt(proven.height) });
        expect(proven.blockHash).to.equal(block.hash);
        expect(certificate.finalization.signers).to.have.length(quorumOf(set.validators.length));
        const elsewhere = { ...set, validators: [...set.validators].reverse() };
        const error = await verifyAssignmentCertificate(certificate, elsewhere).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(CertificateError).and.to.have.property("code", "FINALIZATION_SIGNATURE_INVALID");
      }
    }
  });

  it("names the validators of the genesis file, and shows their signatures under a block", async () => {
    const { requester } = actors;
    const { validators, quorum, networkId } = await requester.getValidators({ epoch: 0 });
    expect(validators.map(({ address }) => address)).to.deep.equal(set.validators);
    expect({ quorum, networkId }).to.deep.equal({ quorum: 3, networkId: set.networkId });
    const final = await requester.getFinalization({ height: 1n });
    if (final === undefined) return expect.fail("height 1 is not final");
    await verifyFinalization(final.finalization, set);
    const { committed, consensus, peers } = await requester.getNodeStatus();
    expect(consensus.phase).to.equal("running");
    expect(committed.height).to.be.at.least(1);
    expect(peers).to.have.length.of.at.least(3);
    expect(await requester.getFinalization({ height: 10n ** 9n })).to.equal(undefined);
  });

  it("shows each final block once, in order and without gaps", async function () {
    this.timeout(60_000);
    const { requester, reporter } = actors;
    const blocks: FinalBlock[] = [];
    const unwatch = network
      .otherClient(0)
      .watchFinality({ fromBlock: 1n, onFinal: (block) => void blocks.push(block) });
    const to = (await reporter.getAddresses())[0] as `0x${string}`;
    for (let i = 0; i < 3; i++) await requester.transferCredits({ to, amount: 1n });
    const height = await requester.getBlockNumber();
    await eventually(() => BigInt(blocks.length) >= height);
    unwatch();
    expect(blocks.map((block) => block.height)).to.deep.equal(blocks.map((_, index) => BigInt(index + 1)));
    const own = await requester.getBlock({ blockNumber: height });
    expect(blocks[Number(height) - 1]).to.deep.include({ hash: own.hash, stateRoot: own.stateRoot });
  });
}

/** The state after a block is certified by the finalization of the next one. */
async function eventualCertificate<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
