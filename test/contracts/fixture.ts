// The rules as a network has them at its beginning, deployed by the plan on a fresh Hardhat network: one connection per
// test file, and `networkHelpers.loadFixture` for a clean state in every test.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getCreateAddress, ZeroAddress } from "ethers";
import type { network } from "hardhat";
import type { RuleContract } from "../../contracts/deploy/genesisAddresses.ts";
import { type ParameterName, parameterNames } from "../../contracts/deploy/parameters.ts";
import {
  CONTRACT_NAMES,
  type ContractAddresses,
  deploymentPlan,
  type RulesFounding,
  type RulesParameters,
} from "../../contracts/deploy/plan.ts";
import type {
  AgentLedger,
  AttesterRegistry,
  BidEquivocation,
  CapabilityResolver,
  ContradictoryAttestations,
  Credits,
  DeliveryEquivocation,
  DisputePanel,
  EAS,
  FalseCapability,
  FirstPrice,
  IdentityRegistry,
  JobEscrow,
  Operators,
  OutcomeRecorder,
  Parameters,
  Permissions,
  PostedPrice,
  ReputationRegistry,
  SchemaRegistry,
  SealedBidTender,
  TaskMarket,
  UniformPrice,
  ValidationRegistry,
  ValidatorRegistry,
  Vickrey,
  VoteEquivocation,
} from "../../types/contracts/index.ts";

export type Connection = Awaited<ReturnType<typeof network.create>>;
export type Signer = HardhatEthersSigner;

/** One credit in millionths. */
export const CREDIT = 1_000_000n;
const DAY_SECONDS = 86_400n;

export const PARAMETERS: RulesParameters = {
  networkId: `0x${"a1".repeat(32)}`,
  minStake: 100n * CREDIT,
  stakePerUnit: 50n * CREDIT,
  attesterMinStake: 100n * CREDIT,
  validatorMinStake: 200n * CREDIT,
  unbondingDelaySeconds: 14n * DAY_SECONDS,
  evidenceAgeSeconds: 7n * DAY_SECONDS,
  rewardClaimSeconds: 3_600n,
  equivocationFixed: 60n * CREDIT,
  equivocationShareBps: 5_000n,
  rewardShareBps: 1_000n,
  bounds: {
    unbondingDelay: { min: 10n * DAY_SECONDS, max: 180n * DAY_SECONDS },
    evidenceAge: { min: 1n, max: 9n * DAY_SECONDS },
    expiryMargin: { min: 1n, max: 10n * DAY_SECONDS },
    commitWindowMin: { min: 1n, max: DAY_SECONDS / 4n },
    revealWindowMin: { min: 1n, max: DAY_SECONDS / 4n },
  },
  epochBlocks: 0n,
  accusation: { shareBps: 2_000n, accusers: 2n, secondingSeconds: 3n * DAY_SECONDS, appealSeconds: 14n * DAY_SECONDS },
  governance: { delaySeconds: 0n, delayMinSeconds: 0n },
  market: {
    commitWindowMin: 60n,
    revealWindowMin: 60n,
    deliveryWindowMin: 60n,
    verdictWindowMin: 60n,
    acceptanceWindowMin: 60n,
    windowMax: 60n * DAY_SECONDS,
    expiryMargin: 7n * DAY_SECONDS,
    postingFee: CREDIT / 100n,
    lockMin: CREDIT,
    noShowBps: 1_000n,
    unitsMax: 32n,
    reassignmentsMax: 8n,
    candidatesMax: 4n,
    panel: {
      bond: 10n * CREDIT,
      fee: CREDIT,
      voteWindow: 200n,
      voteRevealWindow: 100n,
      seats: 5n,
      quorum: 3n,
      level: 1n,
      weightMax: 2n,
    },
  },
};

/** Organisations by number, with the Hardhat accounts that are their members. */
export const ORGANISATION = { operator: 1, requester: 2, evaluator: 3, reporter: 4, firstAgent: 5 } as const;
/** Accounts from here on own agents, each in an organisation of its own. */
const FIRST_AGENT_ACCOUNT = 4;

export interface RuleContracts {
  readonly Operators: Operators;
  readonly Permissions: Permissions;
  readonly Parameters: Parameters;
  readonly ValidatorRegistry: ValidatorRegistry;
  readonly Credits: Credits;
  readonly IdentityRegistry: IdentityRegistry;
  readonly ReputationRegistry: ReputationRegistry;
  readonly ValidationRegistry: ValidationRegistry;
  readonly AgentLedger: AgentLedger;
  readonly FirstPrice: FirstPrice;
  readonly Vickrey: Vickrey;
  readonly UniformPrice: UniformPrice;
  readonly PostedPrice: PostedPrice;
  readonly SealedBidTender: SealedBidTender;
  readonly BidEquivocation: BidEquivocation;
  readonly SchemaRegistry: SchemaRegistry;
  readonly EAS: EAS;
  readonly AttesterRegistry: AttesterRegistry;
  readonly CapabilityResolver: CapabilityResolver;
  readonly JobEscrow: JobEscrow;
  readonly TaskMarket: TaskMarket;
  readonly DisputePanel: DisputePanel;
  readonly OutcomeRecorder: OutcomeRecorder;
  readonly VoteEquivocation: VoteEquivocation;
  readonly DeliveryEquivocation: DeliveryEquivocation;
  readonly ContradictoryAttestations: ContradictoryAttestations;
  readonly FalseCapability: FalseCapability;
}

export interface Rules {
  readonly connection: Connection;
  readonly at: ContractAddresses;
  readonly contracts: RuleContracts;
  /** The only operator; its proposals are executed at once. */
  readonly operator: Signer;
  readonly requester: Signer;
  readonly evaluator: Signer;
  readonly reporter: Signer;
  /** Owners of agents, each of another organisation. */
  readonly owners: readonly Signer[];
  /** Belongs to no organisation. */
  readonly stranger: Signer;
}

/** Deploys every contract of the plan; the addresses follow from the deployer's nonce. */
export async function deployRules(connection: Connection, parameters: RulesParameters = PARAMETERS): Promise<Rules> {
  const { ethers } = connection;
  const signers = await ethers.getSigners();
  const [operator, requester, evaluator, reporter] = signers as [Signer, Signer, Signer, Signer];
  const owners = signers.slice(FIRST_AGENT_ACCOUNT, -1);
  const stranger = signers.at(-1) as Signer;
  const at = await addressesFrom(connection, operator);
  const founding = foundingOf([operator, requester, evaluator, reporter, ...owners]);
  const contracts: Partial<Record<RuleContract, unknown>> = {};
  for (const { name, args } of deploymentPlan(at, parameters, founding)) {
    const factory = await ethers.getContractFactory(name, operator);
    const contract = await factory.deploy(...args);
    if ((await contract.getAddress()).toLowerCase() !== at[name].toLowerCase()) {
      throw new TypeError(`${name} was deployed out of order`);
    }
    contracts[name] = contract;
  }
  return {
    connection,
    at,
    contracts: contracts as unknown as RuleContracts,
    operator,
    requester,
    evaluator,
    reporter,
    owners,
    stranger,
  };
}

/** Makes a call that only the operators' quorum may make. */
export async function govern({ contracts, operator }: Rules, target: string, data: string): Promise<void> {
  const proposalId = await contracts.Operators.proposalCount();
  await (await contracts.Operators.connect(operator).propose(target, data)).wait();
  await (await contracts.Operators.connect(operator).execute(proposalId)).wait();
}

/** Changes numbers of the rules, as the operators do. */
export async function setParameters(rules: Rules, changes: Partial<Record<ParameterName, bigint>>): Promise<void> {
  const list = Object.entries(changes).map(([name, value]) => ({
    parameter: parameterNames.indexOf(name as ParameterName),
    value,
  }));
  await govern(rules, rules.at.Parameters, rules.contracts.Parameters.interface.encodeFunctionData("set", [list]));
}

/** A signer for a contract's address, to call what only that contract may call. */
export async function asContract({ connection }: Rules, address: string): Promise<Signer> {
  await connection.networkHelpers.impersonateAccount(address);
  await connection.networkHelpers.setBalance(address, 10n ** 20n);
  return await connection.ethers.getSigner(address);
}

async function addressesFrom({ ethers }: Connection, deployer: Signer): Promise<ContractAddresses> {
  const nonce = await ethers.provider.getTransactionCount(deployer.address);
  const entries = CONTRACT_NAMES.map((name, index) => [
    name,
    getCreateAddress({ from: deployer.address, nonce: nonce + index }),
  ]);
  return { ...Object.fromEntries(entries) } as ContractAddresses;
}

function foundingOf(members: readonly Signer[]): RulesFounding {
  type Hex = `0x${string}`;
  const addresses = members.map((member) => member.address as Hex);
  const operator = addresses[0] ?? ZeroAddress;
  return {
    operators: [operator as Hex],
    operatorQuorum: 1,
    organisations: addresses.map((address, index) => ({ name: `organisation ${index + 1}`, members: [address] })),
    attesters: [operator as Hex],
    validators: [
      {
        address: operator as Hex,
        organisation: ORGANISATION.operator,
        name: "validator 0",
        peerKey: `0x02${"11".repeat(32)}`,
        addresses: ["/ip4/127.0.0.1/tcp/26656"],
      },
    ],
    credits: addresses.map((holder) => ({ holder, amount: 1_000_000n * CREDIT })),
  };
}

/**
 * A Permissions contract with another governor and other organisations, with a ledger of its own to tell. Two contracts:
 * Permissions is at the deployer's second next address.
 */
export async function deployPermissions(rules: Rules, governor: string, founding: readonly object[]) {
  const { ethers } = rules.connection;
  const nonce = await ethers.provider.getTransactionCount(rules.operator.address);
  const at = getCreateAddress({ from: rules.operator.address, nonce: nonce + 1 }) as `0x${string}`;
  const plan = deploymentPlan({ ...rules.at, Permissions: at }, PARAMETERS, foundingOf([rules.operator]));
  const wiring = plan.find(({ name }) => name === "AgentLedger")?.args ?? [];
  const ledger = await ethers.deployContract("AgentLedger", [...wiring], rules.operator);
  return await ethers.deployContract("Permissions", [governor, ledger, founding], rules.operator);
}
