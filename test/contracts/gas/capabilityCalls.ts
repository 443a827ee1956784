// Attesters and attestations: what the registry and the resolver cost, and what EAS costs with our resolver behind it.
import { AbiCoder, type ContractTransactionReceipt, id, ZeroHash } from "ethers";
import { makeAgent } from "../actors.ts";
import { PARAMETERS } from "../fixture.ts";
import type { GasBook, Sender } from "./gasBook.ts";

export async function capabilityCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { EAS: eas, CapabilityResolver: resolver } = rules.contracts;
  const agent = await makeAgent(rules, 14);
  await attesterCalls(gas);
  const schema = await resolver.schemaId();
  const request = (name: string) => {
    const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
    const claim = [agent.agentId, id(name), 2n, ZeroHash, ZeroHash, PARAMETERS.networkId];
    const data = AbiCoder.defaultAbiCoder().encode(words, claim);
    return { recipient: agent.owner.address, expirationTime: 0n, revocable: true, refUID: ZeroHash, data, value: 0n };
  };
  const uids: string[] = [];
  for (const name of ["digest", "digest", "count"]) {
    const sent = { schema, data: request(name) };
    const receipt = (await gas.send("EAS", "attest", rules.reporter, sent)) as ContractTransactionReceipt;
    const events = receipt.logs.map((log) => eas.interface.parseLog(log));
    uids.push(events.find((event) => event?.name === "Attested")?.args.uid as string);
  }
  await gas.send("CapabilityResolver", "refresh", rules.stranger, uids[1]);
  await gas.send("EAS", "multiAttest", rules.reporter, [{ schema, data: [request("a"), request("b")] }]);
  const revocation = (uid: unknown) => ({ schema, data: { uid, value: 0n } });
  await gas.send("EAS", "revoke", rules.reporter, revocation(uids[2]));
  await gas.send("EAS", "revoke", rules.reporter, revocation(uids[1]));
  await resolverCalls(gas, uids[0] as string);
}

/** An attester's stake, brought, locked, taken and taken out, and its place on the list. */
async function attesterCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { reporter, stranger, evaluator } = rules;
  const attester = reporter.address;
  const offender = BigInt(attester);
  const send = (name: string, by: Sender, ...args: readonly unknown[]) =>
    gas.send("AttesterRegistry", name, by, ...args);
  const asModule = (name: string, ...args: readonly unknown[]) =>
    gas.sendAs("ContradictoryAttestations", "AttesterRegistry", name, ...args);
  for (const call of ["listAttester", "delistAttester", "listAttester"]) {
    await gas.sendAs("Operators", "AttesterRegistry", call, attester);
  }
  await rules.contracts.Credits.connect(reporter).approve(rules.at.AttesterRegistry, 4n * PARAMETERS.attesterMinStake);
  await send("deposit", reporter, attester, 3n * PARAMETERS.attesterMinStake);
  await asModule("lockStake", attester, 1n);
  await asModule("unlockStake", attester, 1n);
  await asModule("openFault", offender);
  await asModule("closeFault", offender);
  for (const name of ["rewarded", "unclaimed"]) await asModule("slash", id(name), offender, 1_000_000n, 1_000n, true);
  await asModule("payReward", id("rewarded"), evaluator.address);
  await gas.sendAs("Operators", "AttesterRegistry", "reinstate", attester);
  await send("requestUnbonding", reporter, attester, 10n);
  await rules.connection.networkHelpers.time.increase(PARAMETERS.unbondingDelaySeconds + 1n);
  await send("withdrawUnbonded", stranger, attester);
  await send("withdrawReward", stranger, evaluator.address);
  await send("burnUnclaimedReward", stranger, id("unclaimed"));
  await send("refreshAttester", stranger, attester);
}

/** What EAS calls of the resolver, apart from what EAS itself does. */
async function resolverCalls(gas: GasBook, uid: string): Promise<void> {
  const attestation = await gas.rules.contracts.EAS.getAttestation(uid);
  const plain = [...attestation];
  await gas.sendAs("EAS", "CapabilityResolver", "attest", plain);
  await gas.sendAs("EAS", "CapabilityResolver", "multiAttest", [plain], [0n]);
  await gas.sendAs("EAS", "CapabilityResolver", "revoke", plain);
  await gas.sendAs("EAS", "CapabilityResolver", "multiRevoke", [plain], [0n]);
}
