// The market with its crowd: honest and dishonest actors, everything approved and staked, on chain and in the model.
import { Interface } from "ethers";
import type { RuleContract } from "../../contracts/deploy/genesisAddresses.ts";
import { BID_TYPES, KEY_TYPES } from "../contracts/actors.ts";
import { type Connection, CREDIT, deployRules, PARAMETERS, type Rules } from "../contracts/fixture.ts";
import { type Act, CrowdChain, wordOf } from "./crowdChain.ts";
import { joinPanel } from "./model/disputes.ts";
import { type AgentModel, DIGEST, EVALUATION, type Figures, Model } from "./model/model.ts";
import { newAgent, setKey, stake } from "./model/stakes.ts";
import { type Person, personOf, type StatementType, sign, statementType } from "./people.ts";

const number = (value: bigint): number => Number(value);
const lower = (address: string): string => address.toLowerCase();
const FAR = 2n ** 40n - 1n;
/** A round second that no clock comes near, so that a seed replays the same way. */
const START = 4_000_000_000;
const UNLIMITED = 2n ** 255n;
const STAKE = 600 * number(CREDIT);
const WEALTH = 50_000 * number(CREDIT);
const KEYS_PER_AGENT = 8;

/** A call as it was made, and whether the rules permit it. */
export interface Made extends Act {
  readonly kind: string;
  readonly told: string;
  readonly expected: boolean;
}

/** Statements that an agent's keys have signed, by agent and task: what a framer can get hold of. */
export interface SignedBid {
  readonly author: string;
  readonly commitment: string;
  readonly signature: string;
}

/** Owners of agents, with the organisation of each: the first and the sixth share one, the seventh is the requester's
 * friend, the eighth the evaluator's; the last five evaluate. */
const OWNERS = ["a", "b", "c", "d", "e", "a", "q1", "e1", "m0", "m1", "m2", "m3", "m4"];
export const MEMBERS_FROM = 8;

export class World {
  readonly rules: Rules;
  readonly chain: CrowdChain;
  model!: Model;
  /** Credits issued at the start. */
  supply = 0;
  made: Made[] = [];
  signed = new Map<string, SignedBid[]>();
  /** Accounts that can act; a new key can from the next block on. */
  actors = new Set<string>();
  newActors: string[] = [];
  readonly #approved = new Set<string>();
  readonly actorAbi = new Interface(["function setTrap(address target, bytes data)"]);
  readonly bidType: StatementType;
  readonly keyType: StatementType;
  readonly requesters = [personOf("requester 0"), personOf("requester 1")];
  readonly evaluators = [personOf("evaluator 0"), personOf("evaluator 1")];
  readonly owners = OWNERS.map((_, i) => personOf(`owner ${i}`));
  readonly reporter = personOf("reporter");
  readonly stranger = personOf("stranger");
  readonly keyRing = OWNERS.map((_, i) =>
    Array.from({ length: KEYS_PER_AGENT }, (_, n) => personOf(`key ${n} of agent ${i}`)),
  );

  private constructor(rules: Rules, chain: CrowdChain, chainId: bigint) {
    this.rules = rules;
    this.chain = chain;
    const domain = { name: "Allot Market", version: "1", chainId, salt: PARAMETERS.networkId };
    this.bidType = statementType({ ...domain, verifyingContract: rules.at.SealedBidTender }, "Bid", BID_TYPES.Bid);
    this.keyType = statementType({ ...domain, verifyingContract: rules.at.AgentLedger }, "BidKey", KEY_TYPES.BidKey);
  }

  static async create(connection: Connection): Promise<World> {
    const rules = await deployRules(connection);
    const { chainId } = await connection.ethers.provider.getNetwork();
    const world = new World(rules, await CrowdChain.create(connection), chainId);
    await world.#found();
    return world;
  }

  get people(): readonly Person[] {
    return [...this.requesters, ...this.evaluators, ...this.owners, this.reporter, this.stranger];
  }

  address(contract: RuleContract): string {
    return lower(this.rules.at[contract]);
  }

  abi(contract: RuleContract): Interface {
    return (this.rules.contracts as unknown as Record<string, { interface: Interface }>)[contract]
      ?.interface as Interface;
  }

  /** Whether an account has credits and lets the contracts take them: all but bid keys that were set later. */
  hasAllowance(account: string): boolean {
    return this.#approved.has(account);
  }

  /** Adds a call to the block that is being made. */
  act(kind: string, by: string, to: RuleContract, name: string, args: readonly unknown[], expected: boolean): void {
    const data = this.abi(to).encodeFunctionData(name, [...args]);
    const told = `${to}.${name}(${args.map(String).join(", ")})`;
    this.made.push({ kind, told, expected, actor: by, target: this.address(to), data });
  }

  /** A call by a contract of the network, or by the operators: in a block of its own. */
  async govern(from: RuleContract, to: RuleContract, name: string, args: readonly unknown[]): Promise<void> {
    this.model.block += 1;
    this.chain.now = this.model.now;
    const { status } = await this.chain.send(
      this.address(from),
      this.address(to),
      this.abi(to).encodeFunctionData(name, [...args]),
    );
    if (status !== "0x1") throw new RangeError(`${from} could not call ${to}.${name}`);
  }

  signBid(key: Person, agent: AgentModel, tenderId: string, commitment: string): string {
    return sign(key, this.bidType, [tenderId, agent.id, 0, commitment]);
  }

  proveKey(key: Person, agent: AgentModel, nonce = agent.nonce): string {
    return sign(key, this.keyType, [agent.id, agent.owner.address, nonce, FAR]);
  }

  async #found(): Promise<void> {
    const { market, ...top } = PARAMETERS;
    const panel = Object.fromEntries(Object.entries(market.panel).map(([name, value]) => [name, number(value)]));
    const figures: Figures = {
      minStake: number(top.minStake),
      stakePerUnit: number(top.stakePerUnit),
      unbondingDelay: number(top.unbondingDelaySeconds),
      evidenceAge: number(top.evidenceAgeSeconds),
      rewardClaim: number(top.rewardClaimSeconds),
      equivocationFixed: number(top.equivocationFixed),
      equivocationShareBps: number(top.equivocationShareBps),
      rewardShareBps: number(top.rewardShareBps),
      postingFee: number(market.postingFee),
      lockMin: number(market.lockMin),
      noShowBps: number(market.noShowBps),
      expiryMargin: number(market.expiryMargin),
      candidatesMax: number(market.candidatesMax),
      panel: panel as unknown as Figures["panel"],
    };
    const at = {
      market: this.address("TaskMarket"),
      escrow: this.address("JobEscrow"),
      ledger: this.address("AgentLedger"),
      panel: this.address("DisputePanel"),
    };
    this.model = new Model(figures, at, START);
    await this.#foundOrganisations();
    await this.#foundWealth();
    await this.#foundAgents();
    this.supply = number(await this.rules.contracts.Credits.totalSupply());
    this.model.now += 10;
  }

  async #foundOrganisations(): Promise<void> {
    const named = new Map<string, Person[]>();
    const add = (name: string, person: Person): void => void named.set(name, [...(named.get(name) ?? []), person]);
    this.requesters.forEach((person, i) => void add(`q${i}`, person));
    this.evaluators.forEach((person, i) => void add(`e${i}`, person));
    this.owners.forEach((person, i) => void add(OWNERS[i] as string, person));
    add("reporter", this.reporter);
    const permissions = this.rules.contracts.Permissions;
    let organisation = number(await permissions.organisationCount());
    for (const [name, people] of named) {
      organisation += 1;
      await this.govern("Operators", "Permissions", "addOrganisation", [name]);
      const addresses = people.map(({ address }) => address);
      await this.govern("Operators", "Permissions", "addMembers", [organisation, addresses]);
      for (const address of addresses) this.model.organisationOf.set(address, organisation);
    }
  }

  async #foundWealth(): Promise<void> {
    const keys = this.keyRing.flatMap((ring) => ring.slice(0, 1));
    const rich = this.rules.owners;
    for (const [i, { address }] of [...this.people, ...keys].entries()) {
      const data = this.abi("Credits").encodeFunctionData("transfer", [address, WEALTH]);
      await this.chain.send(rich[i % rich.length]?.address ?? "", this.address("Credits"), data);
      this.model.wallets.add(address, WEALTH);
    }
    for (const { address } of this.people) await this.#enliven(address);
    for (const person of this.people) this.#approve(person.address);
    await this.playFounding();
  }

  async #foundAgents(): Promise<void> {
    const m = this.model;
    this.owners.forEach((owner, i) => {
      const agent = newAgent(i, owner, m.organisation(owner.address));
      const key = this.keyRing[i]?.[0] as Person;
      m.agents.push(agent);
      this.act("register", owner.address, "IdentityRegistry", "register()", [], true);
      const proof = this.proveKey(key, agent);
      this.act("setBidKey", owner.address, "AgentLedger", "setBidKey", [i, key.address, FAR, proof], true);
      setKey(m, owner.address, agent, key, true);
      this.act("stake", owner.address, "AgentLedger", "stake", [i, STAKE], true);
      stake(m, owner.address, agent, STAKE);
    });
    await this.playFounding();
    for (const agent of m.agents) {
      const isMember = agent.id >= MEMBERS_FROM;
      const level = isMember ? 1 + (agent.id % 3) : 1 + (agent.id % 2);
      await this.attest(agent, isMember ? EVALUATION : DIGEST, level, number(FAR));
    }
    for (const ring of this.keyRing) {
      const { address } = ring[0] as Person;
      await this.#enliven(address);
      this.#approve(address);
    }
    for (const agent of m.agents.slice(MEMBERS_FROM)) {
      const address = agent.key?.person.address ?? "";
      this.act("joinPanel", address, "DisputePanel", "joinPanel", [], true);
      joinPanel(m, address);
    }
    await this.playFounding();
  }

  /** What the resolver does for an attestation. */
  async attest(agent: AgentModel, capability: string, level: number, validUntil: number): Promise<void> {
    const attester = this.rules.operator.address;
    const args = [agent.id, wordOf(capability), validUntil, level, attester, true];
    await this.govern("CapabilityResolver", "AgentLedger", "cacheCapability", args);
    agent.capabilities.set(capability, { level, validUntil, generation: agent.generation });
  }

  /** What the resolver does for a revocation. */
  async revoke(agent: AgentModel, capability: string): Promise<void> {
    const args = [agent.id, wordOf(capability), this.rules.operator.address, true];
    await this.govern("CapabilityResolver", "AgentLedger", "clearCapability", args);
    agent.capabilities.delete(capability);
  }

  async #enliven(address: string): Promise<void> {
    await this.chain.makeActor(address);
    this.actors.add(address);
  }

  async enlivenNew(): Promise<void> {
    for (const address of this.newActors) await this.#enliven(address);
    this.newActors = [];
  }

  #approve(owner: string): void {
    this.#approved.add(owner);
    for (const spender of ["TaskMarket", "JobEscrow", "AgentLedger", "DisputePanel"] as const) {
      this.act("approve", owner, "Credits", "approve", [this.address(spender), UNLIMITED], true);
    }
  }

  async playFounding(): Promise<void> {
    this.model.block += 1;
    this.chain.now = this.model.now;
    const played = await this.chain.play(this.made);
    const refused = this.made.find((_, i) => played[i]?.done !== true);
    if (refused !== undefined) throw new RangeError(`founding failed at ${refused.told}`);
    this.made = [];
  }
}
