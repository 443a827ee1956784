// Accusations of false capabilities: begun, seconded, decided each way, and closed; the dearest ruling with as many
// accusers as there can be.
import { type AccusationWorld, accuseTogether, bidAgain, pastDeadline, REPORT, RULING } from "../accusations.ts";
import { attest, DIGEST, makeAttester } from "../attestations.ts";
import { CREDIT, govern, type Signer, setParameters } from "../fixture.ts";
import type { ContractName, GasBook } from "./gasBook.ts";

const MODULE: ContractName = "FalseCapability";
const ACCUSERS_MAX = 16;
const STAKE = 2_000n * CREDIT;

export async function accusationCalls(gas: GasBook, w: AccusationWorld): Promise<void> {
  const { rules, module, accusers, agent, charge } = w;
  const [first, second] = accusers;
  await gas.view("SealedBidTender", w.rules.contracts.SealedBidTender.interface.getFunction("isParty"), [
    w.tenderId,
    5,
  ]);
  await gas.send(MODULE, "accuse", first, charge, REPORT);
  await gas.send(MODULE, "second", second, 1n, REPORT);
  await moduleViews(gas, w);
  await pastDeadline(w, 1n);
  await gas.send(MODULE, "close", rules.stranger, 1n);
  for (const ruling of Object.values(RULING).slice(1)) {
    const accusationId = await accuseTogether(w, await freshCharge(w));
    await gas.sendAs("Operators", MODULE, "decide", accusationId, ruling);
  }
  const many = await manyAccusers(w);
  await setParameters(rules, { accusers: BigInt(ACCUSERS_MAX) });
  for (const ruling of [RULING.agent, RULING.falseAccusation]) {
    const charged = await freshCharge(w);
    const accusationId = (await module.accusationCount()) + 1n;
    const [one, ...others] = many;
    await (await module.connect(one as Signer).accuse(charged, REPORT)).wait();
    for (const other of others) await (await module.connect(other).second(accusationId, REPORT)).wait();
    const governor = await rules.connection.ethers.getSigner(rules.at.Operators);
    const label = `${ACCUSERS_MAX} accusers, ${ruling === RULING.agent ? "agent at fault" : "false accusation"}`;
    await gas.sendCase(label, MODULE, "decide", governor, accusationId, ruling);
  }
  await gas.sendAs("Operators", MODULE, "addSource", rules.at.EAS);
  for (const register of ["AgentLedger", "AttesterRegistry"] as const) {
    const offender = register === "AgentLedger" ? agent.agentId : BigInt(w.first.address);
    await gas.sendAs(MODULE, register, "slash", REPORT, offender, 100n, 1_000n, false);
    await gas.sendAs(MODULE, register, "payRewardPart", REPORT, first.address, 1n);
  }
  await gas.sendAs(MODULE, "AgentLedger", "removeCapability", agent.agentId, DIGEST);
}

async function moduleViews(gas: GasBook, { module, charge, agent }: AccusationWorld): Promise<void> {
  const { resolver, uid, tender, tenderId } = charge;
  const views = {
    accusationOf: [1n],
    accusersOf: [1n],
    penaltyOf: [1n],
    openAccusationOn: [resolver, uid, tender, tenderId],
    isDecided: [resolver, uid],
    faultIdOf: [RULING.agent, agent.agentId, resolver, uid],
    subjectOf: [resolver, uid],
  } as const;
  for (const [name, args] of Object.entries(views)) {
    await gas.view(MODULE, module.interface.getFunction(name as "isDecided"), args);
  }
}

/** A new attestation, and a bid with it. */
async function freshCharge(w: AccusationWorld) {
  await w.rules.connection.networkHelpers.time.increase(1);
  const uid = await attest(w);
  return { ...w.charge, uid, tenderId: await bidAgain(w) };
}

/** As many attesters as can be needed, each of another organisation without a part in anything. */
async function manyAccusers({ rules, accusers }: AccusationWorld): Promise<Signer[]> {
  const { Permissions: permissions, Credits: credits } = rules.contracts;
  const { stranger } = rules;
  await govern(rules, rules.at.Permissions, permissions.interface.encodeFunctionData("addOrganisation", ["another"]));
  const organisation = await permissions.organisationCount();
  const joined = permissions.interface.encodeFunctionData("addMembers", [organisation, [stranger.address]]);
  await govern(rules, rules.at.Permissions, joined);
  await (await credits.connect(rules.requester).transfer(stranger, STAKE)).wait();
  const others = rules.owners.slice(2).filter((owner) => owner !== accusers[2]);
  const many = [...accusers, ...others, stranger].slice(0, ACCUSERS_MAX);
  for (const attester of many) await makeAttester(rules, attester, STAKE);
  return many;
}
