// Where the rules stand. Every Allot network has them at the same addresses; on another EVM they are given.
import type { Address } from "viem";
import { genesisAddresses } from "../contracts/deploy/genesisAddresses.ts";

/** The rule contracts that the SDK speaks to. */
export interface RuleAddresses {
  readonly identityRegistry: Address;
  readonly reputationRegistry: Address;
  readonly validationRegistry: Address;
  readonly credits: Address;
  readonly agentLedger: Address;
  readonly schemaRegistry: Address;
  readonly eas: Address;
  readonly attesterRegistry: Address;
  readonly capabilityResolver: Address;
  readonly taskMarket: Address;
  readonly sealedBidTender: Address;
  readonly jobEscrow: Address;
  readonly disputePanel: Address;
  readonly outcomeRecorder: Address;
  readonly postedPrice: Address;
  readonly firstPrice: Address;
  readonly vickrey: Address;
  readonly uniformPrice: Address;
  readonly bidEquivocation: Address;
  readonly deliveryEquivocation: Address;
  readonly contradictoryAttestations: Address;
  readonly falseCapability: Address;
  readonly voteEquivocation: Address;
  readonly operators: Address;
  readonly parameters: Address;
  readonly permissions: Address;
  readonly validatorRegistry: Address;
}

/** The rules' addresses by the names that genesis and deployment use. */
export function ruleAddressesFrom(named: Readonly<Record<keyof typeof genesisAddresses, Address>>): RuleAddresses {
  return {
    identityRegistry: named.IdentityRegistry,
    reputationRegistry: named.ReputationRegistry,
    validationRegistry: named.ValidationRegistry,
    credits: named.Credits,
    agentLedger: named.AgentLedger,
    schemaRegistry: named.SchemaRegistry,
    eas: named.EAS,
    attesterRegistry: named.AttesterRegistry,
    capabilityResolver: named.CapabilityResolver,
    taskMarket: named.TaskMarket,
    sealedBidTender: named.SealedBidTender,
    jobEscrow: named.JobEscrow,
    disputePanel: named.DisputePanel,
    outcomeRecorder: named.OutcomeRecorder,
    postedPrice: named.PostedPrice,
    firstPrice: named.FirstPrice,
    vickrey: named.Vickrey,
    uniformPrice: named.UniformPrice,
    bidEquivocation: named.BidEquivocation,
    deliveryEquivocation: named.DeliveryEquivocation,
    contradictoryAttestations: named.ContradictoryAttestations,
    falseCapability: named.FalseCapability,
    voteEquivocation: named.VoteEquivocation,
    operators: named.Operators,
    parameters: named.Parameters,
    permissions: named.Permissions,
    validatorRegistry: named.ValidatorRegistry,
  };
}

/** The fixed addresses of every Allot network. */
export const ruleAddresses: RuleAddresses = ruleAddressesFrom(genesisAddresses);
