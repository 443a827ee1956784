// ABIs of the rule contracts, as viem types calls by them: part of the public edge, see index.ts.

export { agentLedgerAbi } from "./abis/agentLedger.ts";
export { attesterRegistryAbi } from "./abis/attesterRegistry.ts";
export { bidEquivocationAbi } from "./abis/bidEquivocation.ts";
export { capabilityResolverAbi } from "./abis/capabilityResolver.ts";
export { contradictoryAttestationsAbi } from "./abis/contradictoryAttestations.ts";
export { creditsAbi } from "./abis/credits.ts";
export { deliveryEquivocationAbi } from "./abis/deliveryEquivocation.ts";
export { disputePanelAbi } from "./abis/disputePanel.ts";
export { easAbi } from "./abis/eas.ts";
export { ruleErrorsAbi } from "./abis/errors.ts";
export { falseCapabilityAbi } from "./abis/falseCapability.ts";
export { iAwardMechanismAbi } from "./abis/iAwardMechanism.ts";
export { identityRegistryAbi } from "./abis/identityRegistry.ts";
export { jobEscrowAbi } from "./abis/jobEscrow.ts";
export { operatorsAbi } from "./abis/operators.ts";
export { outcomeRecorderAbi } from "./abis/outcomeRecorder.ts";
export { parametersAbi } from "./abis/parameters.ts";
export { permissionsAbi } from "./abis/permissions.ts";
export { reputationRegistryAbi } from "./abis/reputationRegistry.ts";
export { schemaRegistryAbi } from "./abis/schemaRegistry.ts";
export { sealedBidTenderAbi } from "./abis/sealedBidTender.ts";
export { taskMarketAbi } from "./abis/taskMarket.ts";
export { validationRegistryAbi } from "./abis/validationRegistry.ts";
export { validatorRegistryAbi } from "./abis/validatorRegistry.ts";
export { voteEquivocationAbi } from "./abis/voteEquivocation.ts";
