// Attestations of capabilities on EAS, as the tests of the rules make and revoke them.
import { AbiCoder, id, ZeroHash } from "ethers";
import { makeAgent } from "./actors.ts";
import { type Connection, deployRules, govern, PARAMETERS, type Rules, type Signer } from "./fixture.ts";

/** The capability that attestations are of unless another is named. */
export const DIGEST = id("digest");

/** EAS's type of a delegated attestation. */
export const ATTEST_TYPES = {
  Attest: [
    { name: "attester", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "recipient", type: "address" },
    { name: "expirationTime", type: "uint64" },
    { name: "revocable", type: "bool" },
    { name: "refUID", type: "bytes32" },
    { name: "data", type: "bytes" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

export interface Claim {
  readonly agentId?: bigint;
  readonly capability?: string;
  readonly level?: bigint;
  readonly testRun?: string;
  readonly report?: string;
  readonly networkId?: string;
  readonly recipient?: string;
  readonly expirationTime?: bigint;
  readonly revocable?: boolean;
  readonly data?: string;
  readonly value?: bigint;
  readonly by?: Signer;
}

export type AttestationWorld = Awaited<ReturnType<typeof attestationWorld>>;

/** The rules with an agent and two attesters. */
export async function attestationWorld(connection: Connection) {
  const rules = await deployRules(connection);
  const agent = await makeAgent(rules, 0);
  const { EAS: eas, CapabilityResolver: resolver, AgentLedger: ledger, AttesterRegistry: attesters } = rules.contracts;
  await makeAttester(rules, rules.reporter);
  const schema = await resolver.schemaId();
  return { rules, agent, eas, resolver, ledger, attesters, schema, first: rules.operator, second: rules.reporter };
}

/** Attests on EAS, and gives the attestation's id. */
export async function attest({ eas, schema, agent, first }: AttestationWorld, claim: Claim = {}): Promise<string> {
  const { agentId = agent.agentId, capability = DIGEST, level = 2n, by = first, value = 0n } = claim;
  const { testRun = ZeroHash, report = ZeroHash, networkId = PARAMETERS.networkId } = claim;
  const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
  const encoded = AbiCoder.defaultAbiCoder().encode(words, [agentId, capability, level, testRun, report, networkId]);
  const data = {
    recipient: claim.recipient ?? agent.owner.address,
    expirationTime: claim.expirationTime ?? 0n,
    revocable: claim.revocable ?? true,
    refUID: ZeroHash,
    data: claim.data ?? encoded,
    value,
  };
  const sent = await eas.connect(by).attest({ schema, data }, { value });
  const events = (await sent.wait())?.logs.map((log) => eas.interface.parseLog(log)) ?? [];
  return events.find((event) => event?.name === "Attested")?.args.uid as string;
}

/** Revokes an attestation on EAS. */
export const revoke = ({ eas, schema }: AttestationWorld, by: Signer, uid: string) =>
  eas.connect(by).revoke({ schema, data: { uid, value: 0n } });

/** What the ledger holds of the agent's capability. */
export async function cached({ ledger, agent }: AttestationWorld) {
  const { level, attester, validUntil, current } = await ledger.capabilityOf(agent.agentId, DIGEST);
  return { level, attester, validUntil, current };
}

/** Lists a member with the minimum stake as an attester. */
export async function makeAttester(rules: Rules, attester: Signer, stake = PARAMETERS.attesterMinStake): Promise<void> {
  const { Credits: credits, AttesterRegistry: registry } = rules.contracts;
  await (await credits.connect(attester).approve(rules.at.AttesterRegistry, stake)).wait();
  await (await registry.connect(attester).deposit(attester, stake)).wait();
  await setAttester(rules, attester.address, true);
}

/** Lists or delists an attester, by the operators. */
export async function setAttester(rules: Rules, account: string, listed: boolean): Promise<void> {
  const { interface: functions } = rules.contracts.AttesterRegistry;
  const data = listed
    ? functions.encodeFunctionData("listAttester", [account])
    : functions.encodeFunctionData("delistAttester", [account]);
  await govern(rules, rules.at.AttesterRegistry, data);
}
