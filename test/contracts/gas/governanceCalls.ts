// The operators' proposals, and what they decide about members and attesters.
import { ownerAt } from "../actors.ts";
import { PARAMETERS } from "../fixture.ts";
import type { GasBook } from "./gasBook.ts";

export async function governanceCalls(gas: GasBook): Promise<void> {
  const { rules } = gas;
  const { Operators: operators, Permissions: permissions } = rules.contracts;
  await gas.sendAs("Operators", "Permissions", "addOrganisation", "Newcomers");
  const organisation = await permissions.organisationCount();
  await gas.sendAs("Operators", "Permissions", "addMembers", organisation, [rules.stranger.address]);
  for (const active of [false, true]) {
    await gas.sendAs("Operators", "Permissions", "setMemberActive", rules.stranger.address, active);
  }
  const second = ownerAt(rules, 10);
  await gas.sendAs("Operators", "Operators", "addOperator", second.address);
  await gas.sendAs("Operators", "Operators", "setQuorum", 2n);
  const call = permissions.interface.encodeFunctionData("addOrganisation", ["By proposal"]);
  const propose = async () => {
    await gas.send("Operators", "propose", rules.operator, rules.at.Permissions, call);
    return (await operators.proposalCount()) - 1n;
  };
  const executed = await propose();
  await gas.send("Operators", "approve", second, executed);
  await gas.send("Operators", "withdrawApproval", second, executed);
  await gas.send("Operators", "approve", second, executed);
  await rules.connection.networkHelpers.time.increase(await operators.delay());
  await gas.send("Operators", "execute", rules.stranger, executed);
  const queued = await propose();
  await gas.sendAs("Operators", "Operators", "setQuorum", 1n);
  await gas.send("Operators", "queue", rules.stranger, queued);
  await gas.send("Operators", "cancel", rules.operator, queued);
  await gas.sendAs("Operators", "Operators", "removeOperator", second.address);
  await gas.sendAs("Operators", "Operators", "setDelay", (await operators.delayMin()) + 1n);
  const { selector } = permissions.interface.getFunction("addMembers");
  for (const emergency of [true, false]) {
    await gas.sendAs("Operators", "Operators", "setEmergencyCall", rules.at.Permissions, selector, emergency);
  }
  await gas.sendAs("Operators", "Parameters", "set", [{ parameter: 0, value: PARAMETERS.minStake + 1n }]);
  await gas.sendAs("Operators", "Parameters", "set", [{ parameter: 0, value: PARAMETERS.minStake }]);
  await gas.sendAs("Parameters", "AgentLedger", "parametersChanged");
  // Any contract will do: what counts is what admitting one costs.
  for (const name of ["admitTender", "retireTender", "admitMarket"]) {
    await gas.sendAs("Operators", "AgentLedger", name, rules.at.EAS);
  }
  await gas.sendAs("Operators", "AgentLedger", "setSlasher", rules.at.EAS, false);
  await gas.sendAs("Operators", "AttesterRegistry", "delistAttester", rules.reporter.address);
  await gas.sendAs("Operators", "AgentLedger", "pause");
  await gas.sendAs("Operators", "AgentLedger", "resume");
  await gas.sendAs("Operators", "Permissions", "delistMember", rules.stranger.address);
  await gas.sendAs("Operators", "Permissions", "delistOrganisation", organisation);
  // Listed again: while anybody is delisted, every bid looks whether it is its own.
  await gas.sendAs("Operators", "Permissions", "setMemberActive", rules.stranger.address, true);
  await gas.sendAs("Operators", "Permissions", "setOrganisationActive", organisation, true);
}
