// The first validators, as ValidatorRegistry takes them.
import { parameterNames } from "./parameters.ts";
import type { ContractAddresses, RulesFounding, RulesParameters } from "./plan.ts";

/** Issued to the registry before it is made: what all the first validators begin with. */
export const validatorsStake = (p: RulesParameters, { validators }: RulesFounding): bigint =>
  p.validatorMinStake * BigInt(validators.length);

/** Arguments of ValidatorRegistry's constructor. */
export function validatorRegistryArguments(at: ContractAddresses, p: RulesParameters, founding: RulesFounding) {
  const terms = {
    credits: at.Credits,
    parameters: at.Parameters,
    minStake: parameterNames.indexOf("validatorMinStake"),
    slashers: [at.VoteEquivocation],
  };
  const founders = founding.validators.map((validator) => founderOf(p, founding, validator));
  return [at.Operators, at.Permissions, terms, p.epochBlocks, founders];
}

/** A validator of the first set; its organisation's first member acts for it. */
function founderOf(p: RulesParameters, founding: RulesFounding, validator: RulesFounding["validators"][number]) {
  const { address: account, organisation, name, peerKey, addresses } = validator;
  const owner = founding.organisations[organisation - 1]?.members[0];
  if (owner === undefined) throw new TypeError(`organisation ${organisation} of validator ${name} has no members`);
  return { account, owner, stake: p.validatorMinStake, contact: { name, peerKey, addresses } };
}
