// Evidence of equivocation: committed and shown, and shown without a commitment.
import { AbiCoder, type BaseContract, id, ZeroAddress, ZeroHash } from "ethers";
import { type Agent, commitmentOf, domainOf, openingOf, openTender, signBid } from "../actors.ts";
import { ATTEST_TYPES } from "../attestations.ts";
import type { PanelWorld } from "../disputes.ts";
import { CREDIT, PARAMETERS, type Signer } from "../fixture.ts";
import { DELIVERABLE, settledTask } from "../tasks.ts";
import type { ContractName, GasBook } from "./gasBook.ts";

const SALT = id("a reporter's salt");
const DELIVERY_TYPES = {
  Delivery: [
    { name: "jobId", type: "uint256" },
    { name: "agentId", type: "uint256" },
    { name: "deliverable", type: "bytes32" },
  ],
};

export async function slashingCalls(gas: GasBook, w: PanelWorld): Promise<void> {
  const [, , third, fourth] = w.agents;
  const tenderId = await openTender(w.rules);
  const bids = [await bidEvidence(w, tenderId, third), await bidEvidence(w, tenderId, fourth)] as const;
  const { taskId } = await settledTask(w.rules, [[w.first, 50n * CREDIT]]);
  const other = await settledTask(w.rules, [[w.second, 50n * CREDIT]]);
  const deliveries = [
    await deliveryEvidence(w, taskId, w.first),
    await deliveryEvidence(w, other.taskId, w.second),
  ] as const;
  await reporting(gas, "BidEquivocation", bids);
  await reporting(gas, "DeliveryEquivocation", deliveries);
  const attesters = [w.first.owner, w.second.owner] as const;
  for (const attester of attesters) {
    await w.rules.contracts.Credits.connect(attester).approve(w.rules.at.AttesterRegistry, CREDIT);
    await w.rules.contracts.AttesterRegistry.connect(attester).deposit(attester, CREDIT);
  }
  const attestations = [
    await attestationEvidence(w, attesters[0], w.first),
    await attestationEvidence(w, attesters[1], w.first),
  ] as const;
  await reporting(gas, "ContradictoryAttestations", attestations);
}

/** Evidence committed and shown, and other evidence shown without a commitment. */
export async function reporting(
  gas: GasBook,
  module: ContractName & (`${string}Equivocation` | "ContradictoryAttestations"),
  evidence: readonly [object, object],
) {
  const { rules } = gas;
  const [committed, bare] = evidence;
  const target = rules.contracts[module] as unknown as BaseContract;
  const ofModule = (name: string) => target.getFunction(name).fragment;
  await gas.view(module, ofModule("evidenceCommitment"), [committed, rules.reporter.address, SALT]);
  await gas.view(module, ofModule("verify"), [committed]);
  const commitment = await target.getFunction("evidenceCommitment")(committed, rules.reporter.address, SALT);
  await gas.send(module, "commitEvidence", rules.reporter, commitment);
  await gas.send(module, "reportCommitted", rules.reporter, committed, SALT);
  await gas.send(module, "report", rules.stranger, bare);
  await gas.sendAs("Operators", module, "addSource", rules.at.EAS);
}

async function bidEvidence({ rules }: PanelWorld, tenderId: string, { agentId, key }: Agent) {
  const commitment = (amount: bigint) => commitmentOf(tenderId, key.address, openingOf(amount));
  const sign = async (amount: bigint) => await signBid(rules, tenderId, agentId, key, commitment(amount));
  return {
    tender: rules.at.SealedBidTender,
    tenderId,
    agentId,
    slot: 0n,
    commitmentA: commitment(1n),
    signatureA: await sign(1n),
    commitmentB: commitment(2n),
    signatureB: await sign(2n),
    bidderB: ZeroAddress,
  };
}

async function deliveryEvidence({ rules, market }: PanelWorld, taskId: bigint, { agentId, key }: Agent) {
  const { jobId } = await market.assignmentOf(taskId, 0);
  const domain = await domainOf(rules, rules.at.JobEscrow);
  const sign = async (deliverable: string) =>
    await key.signTypedData(domain, DELIVERY_TYPES, { jobId, agentId, deliverable });
  const [deliverableA, deliverableB] = [DELIVERABLE, id("another answer")];
  const signatures = { signatureA: await sign(deliverableA), signatureB: await sign(deliverableB) };
  return { escrow: rules.at.JobEscrow, jobId, agentId, deliverableA, deliverableB, ...signatures };
}

/** Two attestations of one test run that an attester signed. */
async function attestationEvidence({ rules }: PanelWorld, attester: Signer, { agentId, owner }: Agent) {
  const { EAS: eas, CapabilityResolver: resolver } = rules.contracts;
  const schema = await resolver.schemaId();
  const { chainId } = await rules.connection.ethers.provider.getNetwork();
  const domain = { name: "EAS", version: await eas.version(), chainId, verifyingContract: rules.at.EAS };
  const sign = async (level: bigint) => {
    const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
    const claim = [agentId, id("digest"), level, id("a test run"), ZeroHash, PARAMETERS.networkId];
    const data = AbiCoder.defaultAbiCoder().encode(words, claim);
    const terms = { recipient: owner.address, expirationTime: 0n, revocable: true, refUID: ZeroHash, data };
    const request = { ...terms, value: 0n, nonce: 0n, deadline: 0n };
    const message = { attester: attester.address, schema, ...request };
    return { uid: ZeroHash, ...request, signature: await attester.signTypedData(domain, ATTEST_TYPES, message) };
  };
  const [first, second] = [await sign(1n), await sign(2n)];
  return { resolver: rules.at.CapabilityResolver, attester: attester.address, first, second };
}
