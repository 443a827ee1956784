// Agents, tenders and bids as the tests of the rules use them.
import { AbiCoder, type BaseWallet, id, keccak256, type TypedDataDomain, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { asContract, CREDIT, govern, ORGANISATION, PARAMETERS, type Rules, type Signer } from "./fixture.ts";

export interface Agent {
  readonly agentId: bigint;
  readonly owner: Signer;
  /** Signs bids, and sends them: it has ether. */
  readonly key: BaseWallet;
  readonly organisation: number;
}

export interface Opening {
  readonly amount: bigint;
  readonly salt: string;
}

export const PRICE_BINDING = id("profile.price-binding").slice(0, 10);
export const ALLOCATION_ONLY = id("profile.allocation-only").slice(0, 10);

export const BID_TYPES = {
  Bid: [
    { name: "tenderId", type: "bytes32" },
    { name: "agentId", type: "uint256" },
    { name: "slot", type: "uint64" },
    { name: "commitment", type: "bytes32" },
  ],
};
export const KEY_TYPES = {
  BidKey: [
    { name: "agentId", type: "uint256" },
    { name: "owner", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const STAKE = 1_000n * CREDIT;
const FAR_DEADLINE = 2n ** 40n;

/** The EIP-712 domain of a contract's statements. */
export async function domainOf({ connection }: Rules, verifyingContract: string): Promise<TypedDataDomain> {
  const { chainId } = await connection.ethers.provider.getNetwork();
  return { name: "Allot Market", version: "1", chainId, verifyingContract, salt: PARAMETERS.networkId };
}

/** Registers the agent of `owners[index]`, without key or stake. */
export async function registerAgent(rules: Rules, index: number): Promise<bigint> {
  const owner = ownerAt(rules, index);
  const registry = rules.contracts.IdentityRegistry.connect(owner);
  const agentId = await registry["register()"].staticCall();
  await (await registry["register()"]()).wait();
  return agentId;
}

export function ownerAt(rules: Rules, index: number): Signer {
  const owner = rules.owners[index];
  if (owner === undefined) throw new RangeError(`there is no owner ${index}`);
  return owner;
}

/** A new account with ether and without organisation. */
export async function newKey({ connection }: Rules): Promise<BaseWallet> {
  const wallet = Wallet.createRandom(connection.ethers.provider as never);
  await connection.networkHelpers.setBalance(wallet.address, 10n ** 20n);
  return wallet as unknown as BaseWallet;
}

/** The key's proof that it wants to be the agent's. */
export async function proofOf(
  rules: Rules,
  key: BaseWallet,
  agentId: bigint,
  owner: string,
  nonce: bigint,
  deadline = FAR_DEADLINE,
): Promise<string> {
  const domain = await domainOf(rules, rules.at.AgentLedger);
  return await key.signTypedData(domain, KEY_TYPES, { agentId, owner, nonce, deadline });
}

/** Gives the agent a new bid key. */
export async function rotateKey(rules: Rules, agentId: bigint, owner: Signer, key?: BaseWallet): Promise<BaseWallet> {
  const next = key ?? (await newKey(rules));
  const ledger = rules.contracts.AgentLedger.connect(owner);
  const proof = await proofOf(rules, next, agentId, owner.address, await ledger.keyNonceOf(agentId));
  await (await ledger.setBidKey(agentId, next.address, FAR_DEADLINE, proof)).wait();
  return next;
}

export async function addStake(rules: Rules, agentId: bigint, owner: Signer, amount: bigint): Promise<void> {
  await (await rules.contracts.Credits.connect(owner).approve(rules.at.AgentLedger, amount)).wait();
  await (await rules.contracts.AgentLedger.connect(owner).stake(agentId, amount)).wait();
}

/** An agent with key and stake, owned by `owners[index]`. */
export async function makeAgent(rules: Rules, index: number, stake = STAKE): Promise<Agent> {
  const owner = ownerAt(rules, index);
  const agentId = await registerAgent(rules, index);
  const key = await rotateKey(rules, agentId, owner);
  if (stake > 0n) await addStake(rules, agentId, owner, stake);
  return { agentId, owner, key, organisation: ORGANISATION.firstAgent + index };
}

export async function makeAgents(rules: Rules, count: number): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (let index = 0; index < count; index++) agents.push(await makeAgent(rules, index));
  return agents;
}

/** Takes the agent's organisation off the list. */
export async function delist(rules: Rules, { organisation }: Agent): Promise<void> {
  const { Permissions: permissions } = rules.contracts;
  const data = permissions.interface.encodeFunctionData("setOrganisationActive", [organisation, false]);
  await govern(rules, rules.at.Permissions, data);
}

/** Caches a capability as the resolver does. */
export async function cacheCapability(
  rules: Rules,
  agentId: bigint,
  capability: string,
  { level = 1, validUntil = FAR_DEADLINE - 1n, attester = rules.operator.address } = {},
): Promise<void> {
  const resolver = await asContract(rules, rules.at.CapabilityResolver);
  const ledger = rules.contracts.AgentLedger.connect(resolver);
  await (await ledger.cacheCapability(agentId, capability, validUntil, level, attester, true)).wait();
}

export interface Requirement {
  readonly capability: string;
  readonly level: number;
  readonly attester: string;
}

export interface TenderOptions {
  readonly mechanism: string;
  readonly profile: string;
  readonly reserve: bigint;
  readonly units: bigint;
  readonly commitWindow: bigint;
  readonly revealWindow: bigint;
  readonly maxBidders: bigint;
  readonly requesterOrganisation: number;
  readonly evaluatorOrganisation: number;
  readonly lock: bigint;
  readonly minStake: bigint;
  readonly tail: bigint;
  readonly requirements: readonly Requirement[];
  readonly bond: bigint;
  readonly bondAsset: string;
  readonly slashRecipient: string;
}

/** Arguments of `openMarketTender` as the task market would give them now. */
export async function tenderTerms(rules: Rules, options: Partial<TenderOptions> = {}) {
  const now = BigInt(await rules.connection.networkHelpers.time.latest());
  const o: TenderOptions = {
    mechanism: rules.at.Vickrey,
    profile: PRICE_BINDING,
    reserve: 100n * CREDIT,
    units: 1n,
    commitWindow: 100n,
    revealWindow: 100n,
    maxBidders: 16n,
    requesterOrganisation: ORGANISATION.requester,
    evaluatorOrganisation: 0,
    lock: 10n * CREDIT,
    minStake: PARAMETERS.minStake,
    tail: 1_000n,
    requirements: [],
    bond: 0n,
    bondAsset: ZeroAddress,
    slashRecipient: ZeroAddress,
    ...options,
  };
  const commitDeadline = now + o.commitWindow;
  const revealDeadline = commitDeadline + o.revealWindow;
  const terms = {
    targetRef: ZeroHash,
    mechanism: o.mechanism,
    reserve: o.reserve,
    units: o.units,
    commitDeadline,
    revealDeadline,
    bond: o.bond,
    bondAsset: o.bondAsset,
    slashRecipient: o.slashRecipient,
    maxBidders: o.maxBidders,
    integrationProfile: o.profile,
  };
  const market = {
    requesterOrganisation: o.requesterOrganisation,
    evaluatorOrganisation: o.evaluatorOrganisation,
    lock: o.lock,
    minStake: o.minStake,
    obligationUntil: revealDeadline + o.tail,
    requirements: o.requirements.map((requirement) => ({ ...requirement })),
  };
  return { terms, market };
}

/** Opens a tender as the task market does. */
export async function openTender(rules: Rules, options: Partial<TenderOptions> = {}): Promise<string> {
  const market = await asContract(rules, rules.at.TaskMarket);
  const { terms, market: extra } = await tenderTerms(rules, options);
  const tender = rules.contracts.SealedBidTender.connect(market);
  const tenderId = await tender.openMarketTender.staticCall(terms, extra);
  await (await tender.openMarketTender(terms, extra)).wait();
  return tenderId;
}

export function commitmentOf(tenderId: string, bidder: string, { amount, salt }: Opening): string {
  const types = ["bytes32", "address", "uint256", "bytes32"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [tenderId, bidder, amount, salt]));
}

export function openingOf(amount: bigint, salt = id(`salt ${amount}`)): Opening {
  return { amount, salt };
}

export async function commitBid(rules: Rules, tenderId: string, agent: Agent, amount: bigint): Promise<string> {
  const commitment = commitmentOf(tenderId, agent.key.address, openingOf(amount));
  await (await rules.contracts.SealedBidTender.connect(agent.key as never).commitBid(tenderId, commitment)).wait();
  return commitment;
}

export async function signBid(
  rules: Rules,
  tenderId: string,
  agentId: bigint,
  key: BaseWallet,
  commitment: string,
  slot = 0n,
): Promise<string> {
  const domain = await domainOf(rules, rules.at.SealedBidTender);
  return await key.signTypedData(domain, BID_TYPES, { tenderId, agentId, slot, commitment });
}

export async function revealBid(rules: Rules, tenderId: string, agent: Agent, amount: bigint): Promise<void> {
  const { salt } = openingOf(amount);
  const tender = rules.contracts.SealedBidTender.connect(agent.key as never);
  await (await tender.revealBid(tenderId, amount, salt)).wait();
}

/** Moves time to the first second of the reveal window. */
export async function toReveal(rules: Rules, tenderId: string): Promise<void> {
  const terms = await rules.contracts.SealedBidTender.termsOf(tenderId);
  await rules.connection.networkHelpers.time.increaseTo(terms.commitDeadline + 1n);
}

/** Moves time past the reveal window. */
export async function toFinalize(rules: Rules, tenderId: string): Promise<void> {
  const terms = await rules.contracts.SealedBidTender.termsOf(tenderId);
  await rules.connection.networkHelpers.time.increaseTo(terms.revealDeadline + 1n);
}

export async function finalize(rules: Rules, tenderId: string): Promise<void> {
  await (await rules.contracts.SealedBidTender.finalize(tenderId)).wait();
}
