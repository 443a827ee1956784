import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { marketDomain, openFileSignLock, signBidStatement } from "../../../sdk/index.ts";
import { cellsOf, expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

/** An agent of account 16 that signs two bids for one tender: its id and what proves it. */
export async function contradictoryBids(network: OperatorNetwork, account: number) {
  const signLock = await openFileSignLock({ directory: network.path(`sign-lock-${account}`) });
  const agent = network.client(account, signLock);
  const { agentId } = await agent.registerAgent();
  await agent.setBidKey({ agentId, bidKey: agent.account as LocalAccount });
  await agent.depositStake({ agentId, amount: 3_000_000_000n });
  const requester = network.client(1);
  const { taskId, tenderId } = await requester.postTask({
    specification: keccak256("0x01"),
    mechanism: "vickrey",
    evaluator: network.address(2),
    reserve: 10_000_000n,
    commitWindow: 60,
    revealWindow: 60,
    deliveryWindow: 60,
    verdictWindow: 60,
  });
  const { bid, signature } = await agent.signBid({ tenderId, amount: 2_000_000n });
  await signLock.close();
  const domain = marketDomain({
    ...(await agent.allot.network()),
    verifyingContract: agent.allot.rules.sealedBidTender,
  });
  const other = { ...bid, commitment: keccak256(stringToHex("another bid")) };
  const otherSignature = await signBidStatement(agent.account as LocalAccount, domain, other);
  return { agentId, taskId, first: { bid, signature }, second: { bid: other, signature: otherSignature } };
}

/** Account 0 attests, account 16 is the agent, 3 reports. */
export function describeAttest(network: () => OperatorNetwork): void {
  let agentId: string;
  before(async () => {
    agentId = String((await network().client(16).registerAgent()).agentId);
    await network().text(16, "agents", "set-key", agentId);
  });
  const shown = (capability: string) => network().json(3, "attest", "show", agentId, capability);

  it("gives a capability with level and end, shows it, and revokes it", async () => {
    const until = "2040-06-30T12:00:00Z";
    const flags = ["--level", "2", "--until", until];
    const { uid } = await network().json<{ uid: string }>(0, "attest", "give", agentId, "count-words", ...flags);
    const held = await shown("count-words");
    expect(held).to.include({ held: true, level: 2, validUntil: until });
    expect(String(held.attester).toLowerCase()).to.equal(network().address(0));
    const agent = await network().text(3, "agents", "show", agentId);
    expect(agent).to.match(/^Capabilities\n.*\n0x[0-9a-f]{64} +2 +2040-06-30T12:00:00Z +0x/m);
    await network().text(0, "attest", "revoke", uid);
    const { attestations, ...revoked } = await shown("count-words");
    expect(revoked).to.deep.equal({ agentId, capability: "count-words", held: false });
    expect(attestations).to.have.length(1);
    expect((attestations as readonly object[])[0]).to.deep.include({ uid, level: 2, status: "revoked" });
  });

  it("accepts an attester by proposal, and drops it again", async () => {
    const give = () => network().call(17, "attest", "give", agentId, "digest");
    const attester = network().address(17);
    expectRefusedByRules(await give(), /not on the operators' list.*CapabilityInvalidAttester/);
    await network().text(0, "attest", "accept-attester", attester, "--execute");
    expectRefusedByRules(await give(), /short of stake.*CapabilityInvalidAttester/);
    await network().text(17, "attest", "stake", "1000");
    const standing = await network().json(3, "attest", "attester", attester);
    expect(standing).to.include({ listed: true, counts: true, bonded: "1000", minStake: "1000" });
    expect((await give()).code).to.equal(0);
    expect(await shown("digest")).to.include({ held: true, validUntil: "for ever" });
    await network().text(0, "attest", "drop-attester", attester, "--execute");
    expectRefusedByRules(await give(), /CapabilityInvalidAttester/);
    expect(await shown("digest")).to.include({ held: false });
    await network().text(17, "attest", "unbond", "1000");
    expectRefusedByRules(await network().call(3, "attest", "withdraw", attester), /StakeNotReady/);
  });

  it("refuses levels and dates that cannot be", async () => {
    const give = (...flags: string[]) => network().call(0, "attest", "give", agentId, "digest", ...flags);
    expectMistake(await give("--level", "255"), /--level: must be a whole number from 0 to 254/);
    expectMistake(await give("--until", "someday"), /--until: must be a date such as 2027-06-30/);
    expectMistake(await network().call(0, "attest", "revoke", "0x12"), /<uid>: must be 0x and 64 hexadecimal digits/);
  });
}

/** Account 18's agent contradicts itself; 3 reports it for nothing, so that the reward stays unclaimed. */
export function describeSlash(network: () => OperatorNetwork): void {
  let faultId: string;
  let offender: string;

  it("lists a fault with who judged it, what was taken, and that nobody claimed the reward", async () => {
    expect(await network().text(3, "slash", "faults", "--agent", "4711")).to.equal("No faults.\n");
    const { agentId, first, second } = await contradictoryBids(network(), 18);
    offender = String(agentId);
    await network().client(3).reportBidEquivocation({ first, second, claimReward: false });
    const [fault] = await network().json<readonly Record<string, string>[]>(3, "slash", "faults", "--agent", offender);
    expect(fault).to.include({ judgedBy: "bidEquivocation", taken: "1500", held: "150", reward: "unclaimed" });
    faultId = fault?.faultId ?? "";
    const rows = cellsOf(await network().text(3, "slash", "faults", "--agent", offender));
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ fault: faultId, offender: `agent ${offender}`, taken: "1500", reward: "unclaimed" });
  });

  it("burns a reward when nobody claimed it in time, and not before", async () => {
    const burn = () => network().call(3, "slash", "burn", faultId);
    // A development network leaves seconds for a claim; how many have passed is the machine's affair.
    let outcome = await burn();
    while (outcome.code !== 0) {
      expectRefusedByRules(outcome, /claim.*claimUntil: 20\d\d-/);
      outcome = await burn();
    }
    const [fault] = await network().json<readonly Record<string, string>[]>(3, "slash", "faults", "--agent", offender);
    expect(fault?.reward).to.equal("burned");
    expectRefusedByRules(await burn(), /RewardGone/);
  });

  it("reinstates a suspended agent by proposal", async () => {
    const status = async () => (await network().json(3, "agents", "show", offender)).status;
    expect(await status()).to.equal("suspended");
    await network().text(0, "slash", "reinstate", offender, "--execute");
    expect(await status()).to.equal("active");
  });

  it("shows what a reporter has earned, and refuses to pay before it is ready", async () => {
    const { first, second } = await contradictoryBids(network(), 19);
    const { reward } = await network().client(3).reportBidEquivocation({ first, second });
    expect(reward).to.equal(150_000_000n);
    const earned = await network().json<{ readyAt: string }>(3, "slash", "reward", network().address(3));
    expect(earned).to.include({ amount: "150" });
    expectRefusedByRules(await network().call(3, "slash", "claim"), new RegExp(`readyAt: ${earned.readyAt}`));
  });

  it("refuses ids that cannot be", async () => {
    expectMistake(await network().call(3, "slash", "burn", "7"), /<fault>: must be 0x and 64 hexadecimal digits/);
    expectRefusedByRules(await network().call(3, "slash", "burn", keccak256("0x02")), /FaultUnknown|RewardGone/);
  });
}
