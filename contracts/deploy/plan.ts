// The rules' deployment as data: which contracts, in which order, with which constructor arguments. Whoever deploys
// (tests on the Hardhat network, a network's genesis) chooses the addresses first and hands them in, since contracts
// know each other by immutables: there is no initialiser that a stranger could call first.
import { toFunctionSelector } from "viem";
import {
  type AccusationParameters,
  contradictoryAttestationsArguments,
  falseCapabilityArguments,
} from "./attestationFaults.ts";
import { validatorRegistryArguments, validatorsStake } from "./founders.ts";
import type { RuleContract } from "./genesisAddresses.ts";
import { type ParameterBounds, parameterBounds, parameterNames, parameterValues } from "./parameters.ts";

type Hex = `0x${string}`;

/** Contracts of the rules in deployment order; each is also the artifact's name. */
export const CONTRACT_NAMES = [
  "Operators",
  "Permissions",
  "Parameters",
  "Credits",
  "ValidatorRegistry",
  "VoteEquivocation",
  "IdentityRegistry",
  "ReputationRegistry",
  "ValidationRegistry",
  "AgentLedger",
  "FirstPrice",
  "Vickrey",
  "UniformPrice",
  "PostedPrice",
  "SealedBidTender",
  "BidEquivocation",
  // EAS before the resolver, whose constructor registers the schema.
  "SchemaRegistry",
  "EAS",
  "AttesterRegistry",
  "CapabilityResolver",
  "JobEscrow",
  "TaskMarket",
  "DisputePanel",
  "DeliveryEquivocation",
  "OutcomeRecorder",
  "ContradictoryAttestations",
  "FalseCapability",
] as const;

export type ContractName = (typeof CONTRACT_NAMES)[number];
export type ContractAddresses = Readonly<Record<RuleContract, Hex>>;

/** Amounts in millionths of a credit, times in seconds, shares in ten-thousandths. */
export interface RulesParameters {
  /** Salt of every EIP-712 domain: 32 random bytes drawn once per network. */
  readonly networkId: Hex;
  /** Least stake of an agent that bids. */
  readonly minStake: bigint;
  /** Stake that carries one commitment or job. */
  readonly stakePerUnit: bigint;
  /** Least stake of an attester whose attestations count. */
  readonly attesterMinStake: bigint;
  /** Least stake of a validator in the set. */
  readonly validatorMinStake: bigint;
  /** From the later of request and last obligation until stake can be withdrawn. */
  readonly unbondingDelaySeconds: bigint;
  /** After a tender's reveal deadline, how long evidence about it counts. */
  readonly evidenceAgeSeconds: bigint;
  /** How long a fault's reward waits for an earlier committer. */
  readonly rewardClaimSeconds: bigint;
  /** Least penalty of an equivocation. */
  readonly equivocationFixed: bigint;
  /** Penalty of an equivocation as a share of bonded and unbonding stake. */
  readonly equivocationShareBps: bigint;
  /** Blocks in an epoch, with one validator set; 0 for one epoch that lasts for ever. */
  readonly epochBlocks: bigint;
  /** Reporter's share of a penalty, at most 1,000. */
  readonly rewardShareBps: bigint;
  /** Within what the operators can change these numbers, where that is narrower than everywhere. */
  readonly bounds: ParameterBounds;
  readonly accusation: AccusationParameters;
  readonly governance: GovernanceParameters;
  readonly market: MarketParameters;
}

/** The operators' time lock; `TimeLock` of contracts/governance/Operators.sol. */
export interface GovernanceParameters {
  /** From the quorum's approval of a call to its execution. */
  readonly delaySeconds: bigint;
  /** Least delay that the operators can ever set. */
  readonly delayMinSeconds: bigint;
}

/** What tasks are posted under; `Parameters` of contracts/interfaces/ITaskMarket.sol. */
export interface MarketParameters {
  /** Least windows. Commit and reveal windows must outlast f failing leaders in a row, gossip, backlog and drift. */
  readonly commitWindowMin: bigint;
  readonly revealWindowMin: bigint;
  readonly deliveryWindowMin: bigint;
  readonly verdictWindowMin: bigint;
  readonly acceptanceWindowMin: bigint;
  /** Longest any window may be. */
  readonly windowMax: bigint;
  /** How long after every window an unfinished job's escrow expires. */
  readonly expiryMargin: bigint;
  /** Burned at every posting. */
  readonly postingFee: bigint;
  /** Least stake that a bidder locks. */
  readonly lockMin: bigint;
  /** Least penalty of a no-show as a share of the reserve. */
  readonly noShowBps: bigint;
  readonly unitsMax: bigint;
  readonly reassignmentsMax: bigint;
  /** How many ranked losers, one after the other, are offered a failed unit. */
  readonly candidatesMax: bigint;
  readonly panel: PanelParameters;
}

/** How objections are decided; `PanelTerms` of contracts/interfaces/ITaskMarket.sol. */
export interface PanelParameters {
  /** What an objector deposits; at least fee × seats. */
  readonly bond: bigint;
  /** Per seat: paid for a vote that was opened, burned otherwise. */
  readonly fee: bigint;
  /** From the objection, for sealed votes. */
  readonly voteWindow: bigint;
  /** From the end of the vote window, for opening them. */
  readonly voteRevealWindow: bigint;
  /** Most members drawn, at most 16. */
  readonly seats: bigint;
  /** Fewest opened votes that decide. */
  readonly quorum: bigint;
  /** Lowest level of the evaluating capability that is drawn. */
  readonly level: bigint;
  /** Most that one vote counts; below the quorum. */
  readonly weightMax: bigint;
}

/** Who is there when the rules begin. */
export interface RulesFounding {
  /** Governors of the network, and how many must approve a call. */
  readonly operators: readonly Hex[];
  readonly operatorQuorum: number;
  /** Organisations count from 1 in this order. */
  readonly organisations: readonly { readonly name: string; readonly members: readonly Hex[] }[];
  /** Accepted attesters of capabilities; each must be a member of an organisation. */
  readonly attesters: readonly Hex[];
  /** The set of epoch 0 in ascending order of address; each one's organisation has members. */
  readonly validators: readonly {
    readonly address: Hex;
    readonly organisation: number;
    readonly name: string;
    readonly peerKey: Hex;
    readonly addresses: readonly string[];
  }[];
  /** Initial issue. */
  readonly credits: readonly { readonly holder: Hex; readonly amount: bigint }[];
}

/** Calls that the operators' quorum makes without delay: those that keep what is wrong from going on. */
function emergencyCalls(at: ContractAddresses) {
  const call = (target: Hex, signature: string) => ({ target, selector: toFunctionSelector(signature) });
  return [
    call(at.Permissions, "delistOrganisation(uint32)"),
    call(at.Permissions, "delistMember(address)"),
    call(at.AttesterRegistry, "delistAttester(address)"),
    call(at.AgentLedger, "pause()"),
    // Lifting a pause gives everybody back what they had.
    call(at.AgentLedger, "resume()"),
  ];
}

export interface Deployment {
  readonly name: ContractName;
  readonly args: readonly unknown[];
}

/** Every contract with its constructor arguments, in deployment order. */
export function deploymentPlan(
  at: ContractAddresses,
  p: RulesParameters,
  founding: RulesFounding,
): readonly Deployment[] {
  const args: Readonly<Record<ContractName, readonly unknown[]>> = {
    Operators: [
      founding.operators,
      founding.operatorQuorum,
      { delay: p.governance.delaySeconds, delayMin: p.governance.delayMinSeconds },
      emergencyCalls(at),
    ],
    Permissions: [at.Operators, at.AgentLedger, founding.organisations],
    Parameters: [at.Operators, at.AgentLedger, parameterValues(p), parameterBounds(p.bounds)],
    // The first validators' and attesters' stake is issued to the registries, which find it there.
    Credits: [
      at.Operators,
      [
        ...founding.credits,
        { holder: at.ValidatorRegistry, amount: validatorsStake(p, founding) },
        { holder: at.AttesterRegistry, amount: BigInt(founding.attesters.length) * p.attesterMinStake },
      ],
    ],
    ValidatorRegistry: validatorRegistryArguments(at, p, founding),
    VoteEquivocation: [
      {
        registry: at.ValidatorRegistry,
        permissions: at.Permissions,
        parameters: at.Parameters,
        governor: at.Operators,
      },
      p.networkId,
    ],
    IdentityRegistry: [at.AgentLedger],
    ReputationRegistry: [at.IdentityRegistry],
    ValidationRegistry: [at.IdentityRegistry],
    AgentLedger: [
      {
        credits: at.Credits,
        permissions: at.Permissions,
        parameters: at.Parameters,
        identity: at.IdentityRegistry,
        tender: at.SealedBidTender,
        market: at.TaskMarket,
        resolver: at.CapabilityResolver,
        attesters: at.AttesterRegistry,
        governor: at.Operators,
        slashers: [at.TaskMarket, at.BidEquivocation, at.DeliveryEquivocation, at.FalseCapability],
      },
      p.networkId,
    ],
    FirstPrice: [],
    Vickrey: [],
    UniformPrice: [],
    PostedPrice: [],
    SealedBidTender: [
      at.AgentLedger,
      at.TaskMarket,
      [at.FirstPrice, at.Vickrey, at.UniformPrice, at.PostedPrice],
      p.networkId,
    ],
    BidEquivocation: [
      { ledger: at.AgentLedger, permissions: at.Permissions, parameters: at.Parameters, governor: at.Operators },
      [at.SealedBidTender],
    ],
    SchemaRegistry: [],
    EAS: [at.SchemaRegistry],
    AttesterRegistry: [
      { permissions: at.Permissions, ledger: at.AgentLedger, governor: at.Operators },
      {
        credits: at.Credits,
        parameters: at.Parameters,
        minStake: parameterNames.indexOf("attesterMinStake"),
        slashers: [at.ContradictoryAttestations, at.FalseCapability],
      },
      founding.attesters,
    ],
    CapabilityResolver: [at.EAS, at.AgentLedger, at.IdentityRegistry, at.AttesterRegistry, p.networkId],
    JobEscrow: [at.Credits],
    TaskMarket: [
      {
        credits: at.Credits,
        permissions: at.Permissions,
        ledger: at.AgentLedger,
        tender: at.SealedBidTender,
        escrow: at.JobEscrow,
        panel: at.DisputePanel,
        parameters: at.Parameters,
        postedPrice: at.PostedPrice,
      },
    ],
    DisputePanel: [
      {
        credits: at.Credits,
        permissions: at.Permissions,
        ledger: at.AgentLedger,
        tender: at.SealedBidTender,
        escrow: at.JobEscrow,
        market: at.TaskMarket,
      },
    ],
    OutcomeRecorder: [
      {
        market: at.TaskMarket,
        escrow: at.JobEscrow,
        panel: at.DisputePanel,
        ledger: at.AgentLedger,
        permissions: at.Permissions,
        identity: at.IdentityRegistry,
        reputation: at.ReputationRegistry,
      },
    ],
    DeliveryEquivocation: [
      { ledger: at.AgentLedger, permissions: at.Permissions, parameters: at.Parameters, governor: at.Operators },
      p.networkId,
      [at.JobEscrow, at.TaskMarket],
    ],
    ContradictoryAttestations: contradictoryAttestationsArguments(at),
    FalseCapability: falseCapabilityArguments(at),
  };
  return CONTRACT_NAMES.map((name) => ({ name, args: args[name] }));
}
