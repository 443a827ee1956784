// An agent that bid with a capability that it does not have: accused by attesters, decided by the operators.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import type { AllotClient, MarketEvent } from "../../../sdk/index.ts";
import { type Actors, credit, eventually, refused, taskTerms, until } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const capability = "translate/de-la";
const report = keccak256(stringToHex("three of four sentences were Italian"));
const attesterStake = 2_000n * credit;

export function describeAccusations(actors: () => Actors): void {
  /** Two attesters of organisations of their own. */
  let accusers: readonly [AllotClient, AllotClient];
  let taskId: bigint;
  let agentId: bigint;

  const attestAndBid = async (): Promise<void> => {
    const { governor, requester, agents } = actors();
    const [, , agent] = agents;
    agentId = agent.agentId;
    await governor.attestCapability({ agentId, capability, level: 2 });
    const requirements = [{ capability, level: 2 }];
    const posted = await requester.postTask(taskTerms(actors(), { requirements, commitWindow: 3 }));
    taskId = posted.taskId;
    await agent.client.commitBid({ tenderId: posted.tenderId, amount: credit });
    const early = accusers[0].accuseFalseCapability({ agentId, capability, taskId });
    await refused(early, "FalseCapabilityTooEarly");
    await bringLater(posted.commitDeadline);
  };

  const decide = async (accusationId: bigint, ruling: "agentAtFault" | "attesterAtFault" | "falseAccusation") => {
    const { proposalId } = await actors().governor.proposeRuling({ accusationId, ruling });
    const { call } = await actors().requester.getProposal({ proposalId });
    expect(call).to.deep.include({ contract: "falseCapability", functionName: "decide" });
    return await actors().requester.executeProposal({ proposalId });
  };

  const change = async (changes: Parameters<AllotClient["proposeParameters"]>[0]["changes"]): Promise<void> => {
    const { proposalId } = await actors().governor.proposeParameters({ changes });
    await actors().governor.executeProposal({ proposalId });
  };

  /** Time of the ledger past a second: a node tries calls at the time of its last block. */
  const bringLater = async (seconds: bigint): Promise<void> => {
    await until(seconds);
    await actors().requester.transferCredits({ to: addressOf(actors().requester), amount: 1n });
  };

  before(async function () {
    this.timeout(60_000);
    const { governor, network } = actors();
    accusers = [network.client(10), network.client(11)];
    for (const accuser of accusers) {
      await accuser.depositAttesterStake({ amount: attesterStake });
      const args = [addressOf(accuser)];
      const contract = "attesterRegistry";
      const { proposalId } = await governor.proposeCall({ contract, functionName: "listAttester", args });
      await governor.executeProposal({ proposalId });
    }
  });

  it("lets attesters without a part in the task accuse, the operators decide, and everybody follow", async function () {
    this.timeout(60_000);
    await attestAndBid();
    const { governor, requester, reporter, agents } = actors();
    const [first, second] = accusers;
    const events: MarketEvent[] = [];
    const unwatch = requester.watchMarket({
      kinds: ["slashing", "capability"],
      onEvent: (one) => void events.push(one),
    });
    const { bonded } = await requester.getAgent({ agentId });

    const { accusationId, locked, uid } = await first.accuseFalseCapability({ agentId, capability, taskId, report });
    expect(locked).to.equal((bonded + 4n) / 5n);
    const again = await refused(
      second.accuseFalseCapability({ agentId, capability, taskId }),
      "FalseCapabilityAccused",
    );
    expect(again.facts).to.deep.include({ accusationId });
    const begun = await requester.getAccusation({ accusationId });
    expect(begun).to.deep.include({ status: "gathering", ruling: "none", agentId, uid, locked, penalty: locked });
    expect(begun).to.deep.include({ attester: addressOf(governor), accusers: [addressOf(first)], needed: 2 });
    expect((await first.getAttester({ attester: addressOf(first) })).locked).to.equal(locked);

    await refused(governor.secondAccusation({ accusationId }), "FalseCapabilityInvolved");
    await refused(reporter.secondAccusation({ accusationId }), "FalseCapabilityNoAttester");
    await refused(first.secondAccusation({ accusationId }), "FalseCapabilityOrganisationIn");
    const early = await governor.proposeRuling({ accusationId, ruling: "agentAtFault" });
    await refused(governor.executeProposal(early), "FalseCapabilityNotDeciding");
    const { decisionDeadline } = await second.secondAccusation({ accusationId, report });
    const complete = await requester.getAccusation({ accusationId });
    expect(complete).to.deep.include({ status: "deciding", deadline: decisionDeadline });
    await refused(requester.closeAccusation({ accusationId }), "FalseCapabilityNotOver");

    await decide(accusationId, "agentAtFault");
    expect(await requester.getAccusation({ accusationId })).to.deep.include({
      status: "decided",
      ruling: "agentAtFault",
    });
    expect((await requester.getAgent({ agentId })).bonded).to.equal(bonded - locked);
    expect(await requester.getCapability({ agentId, capability })).to.equal(undefined);
    const [fault] = (await requester.getFaults({ agentId })).slice(-1);
    expect(fault).to.deep.include({ moduleName: "falseCapability", taken: locked });
    expect((await first.getReward({ reporter: addressOf(first) })).amount).to.equal(locked / 20n);
    expect((await second.getAttester({ attester: addressOf(second) })).locked).to.equal(0n);
    await refused(first.accuseFalseCapability({ agentId, capability, taskId, uid }), "FalseCapabilityDecided");

    const another = await requester.postTask(taskTerms(actors(), { requirements: [{ capability }] }));
    const bid = agents[2].client.commitBid({ tenderId: another.tenderId, amount: credit });
    await refused(bid, "LedgerCapabilityMissing");
    await eventually(() => events.some(({ event }) => event === "AccusationDecided"));
    unwatch();
    const told = events.map(({ event }) => event);
    expect(told).to.include.members([
      "AccusationMade",
      "AccuserJoined",
      "AccusationPutToOperators",
      "CapabilityRemoved",
      "AgentSlashed",
    ]);
    expect((await requester.getAccusations({ agentId })).map((one) => one.accusationId)).to.deep.equal([accusationId]);
  });

  it("makes the attester pay where the agent is not at fault", async function () {
    this.timeout(60_000);
    await attestAndBid();
    const { governor, requester } = actors();
    const [first, second] = accusers;
    const attester = addressOf(governor);
    const { bonded } = await governor.getAttester({ attester });
    const { accusationId, locked } = await first.accuseFalseCapability({ agentId, capability, taskId, attester });
    await second.secondAccusation({ accusationId });
    await decide(accusationId, "attesterAtFault");
    expect((await governor.getAttester({ attester })).bonded).to.equal(bonded - locked);
    const rewards = { reporter: addressOf(second), register: "attesters" } as const;
    expect((await requester.getReward(rewards)).amount).to.equal(locked / 20n);
    expect(await requester.getCapability({ agentId, capability })).to.equal(undefined);
    // It goes on attesting with its stake made up.
    await governor.depositAttesterStake({ amount: locked });
  });

  it("burns the locks of accusers that accused falsely", async function () {
    this.timeout(60_000);
    await attestAndBid();
    const [first, second] = accusers;
    const { accusationId, locked } = await first.accuseFalseCapability({ agentId, capability, taskId });
    await second.secondAccusation({ accusationId });
    await decide(accusationId, "falseAccusation");
    for (const accuser of accusers) {
      const { bonded } = await accuser.getAttester({ attester: addressOf(accuser) });
      expect(bonded).to.equal(attesterStake - locked);
    }
    expect(await first.getCapability({ agentId, capability })).to.deep.include({ level: 2 });
  });

  it("ends by anyone's call when nobody seconds it, or the operators say nothing", async function () {
    this.timeout(60_000);
    await change({ accusationWindow: 3n, appealWindow: 3n });
    await attestAndBid();
    const { requester } = actors();
    const [first, second] = accusers;
    const alone = await first.accuseFalseCapability({ agentId, capability, taskId });
    await until(alone.deadline);
    await requester.closeAccusation({ accusationId: alone.accusationId });
    const { accusationId } = await first.accuseFalseCapability({ agentId, capability, taskId });
    const { decisionDeadline } = await second.secondAccusation({ accusationId });
    await until(decisionDeadline ?? 0n);
    await requester.closeAccusation({ accusationId });
    for (const id of [alone.accusationId, accusationId]) {
      expect((await requester.getAccusation({ accusationId: id })).status).to.equal("lapsed");
    }
    for (const accuser of accusers) {
      expect((await accuser.getAttester({ attester: addressOf(accuser) })).locked).to.equal(0n);
    }
    await change({ accusationWindow: 60n, appealWindow: 60n });
  });

  it("says what is missing: the accusation, the attestation, the bid", async function () {
    this.timeout(60_000);
    const { requester, agents } = actors();
    const [first] = accusers;
    await refused(requester.getAccusation({ accusationId: 4_711n }), "FalseCapabilityUnknown");
    const unattested = first.accuseFalseCapability({ agentId, capability: "unheard-of", taskId });
    await refused(unattested, "FalseCapabilityNoAttestation");
    const [other] = agents;
    await actors().governor.attestCapability({ agentId: other.agentId, capability, level: 2 });
    await attestAndBid();
    const accused = first.accuseFalseCapability({ agentId: other.agentId, capability, taskId });
    await refused(accused, "FalseCapabilityNoBid");
  });
}
