import type { Address } from "viem";
import type { RuleAddresses } from "../../contracts.ts";

/** Whose stake: each is held by a contract of its own, which takes it for faults and pays whoever reported them. */
export type StakeRegister = "agents" | "attesters" | "validators";

export const stakeRegisters: readonly StakeRegister[] = ["agents", "attesters", "validators"];

export function stakeRegisterOf(rules: RuleAddresses, register: StakeRegister): Address {
  const { agentLedger, attesterRegistry, validatorRegistry } = rules;
  return { agents: agentLedger, attesters: attesterRegistry, validators: validatorRegistry }[register];
}
