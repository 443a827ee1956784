// The rules as a Hardhat Ignition module, for any EVM: every contract of the deployment plan, one after the other, by one
// account. The contracts know each other by immutables, so their addresses must be known before the first of them is
// made: NextAddresses tells them from the account's nonce, and is asked at the end whether they came true.
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type {
  ArgumentType,
  IgnitionModule,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";
import {
  CONTRACT_NAMES,
  type ContractAddresses,
  type ContractName,
  deploymentPlan,
  type RulesFounding,
  type RulesParameters,
} from "../contracts/deploy/plan.ts";

type DeployedRules = Record<ContractName, NamedArtifactContractDeploymentFuture<ContractName>>;

/**
 * A module that deploys the rules with these numbers and founders. Its results are the contracts by name.
 *
 * The deploying account must send nothing else meanwhile: a contract then stands where the others do not look for it,
 * and the deployment fails with `NextAddressesOutOfOrder`.
 */
export function rulesModule<Id extends string>(
  id: Id,
  parameters: RulesParameters,
  founding: RulesFounding,
): IgnitionModule<Id, ContractName, DeployedRules> {
  return buildModule(id, (m) => {
    const next = m.contract("NextAddresses");
    const addressOf = (name: string, index: number) =>
      m.staticCall(next, "addressAfter", [index], 0, { id: `address_of_${name}` });
    // Ignition replaces each by its value wherever it stands in an argument.
    const at = Object.fromEntries(
      CONTRACT_NAMES.map((name, index) => [name, addressOf(name, index)]),
    ) as unknown as ContractAddresses;
    const deployed: Partial<DeployedRules> = {};
    let previous: NamedArtifactContractDeploymentFuture<string> = next;
    for (const { name, args } of deploymentPlan(at, parameters, founding)) {
      const contract = m.contract(name, args as ArgumentType[], { after: [previous] });
      deployed[name] = contract;
      previous = contract;
    }
    for (const [index, name] of CONTRACT_NAMES.entries()) {
      const contract = deployed[name] as NamedArtifactContractDeploymentFuture<ContractName>;
      m.staticCall(next, "requireAddress", [index, contract], 0, { id: `check_of_${name}`, after: [previous] });
    }
    return deployed as DeployedRules;
  });
}
