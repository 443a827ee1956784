// The market with its crowd: honest and dishonest actors, everything approved and staked, on chain and in the model.
import { AbiCoder, Interface, ZeroHash as ZERO_WORD } from "ethers";
import type { RuleContract } from "../../contracts/deploy/genesisAddresses.ts";
import { BID_TYPES, KEY_TYPES } from "../contracts/actors.ts";
import { type Connection, CREDIT, deployRules, PARAMETERS, type Rules } from "../contracts/fixture.ts";
import { type Act, CrowdChain, wordOf } from "./crowdChain.ts";
import { depositStake, newAccount } from "./model/attesters.ts";
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
const ATTESTER_STAKE = 20_000 * number(CREDIT);
const ACCUSER_STAKE = 3_000 * number(CREDIT);
/** Windows of accusations that a run sees the end of. */
const CROWD_PARAMETERS = {
  ...PARAMETERS,
  accusation: { ...PARAMETERS.accusation, secondingSeconds: 150n, appealSeconds: 250n },
};

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
/** Organisations of accusers: the first and the fourth share one, the fifth has an agent, the sixth a requester. */
const ACCUSERS = ["t1", "t2", "t3", "t1", "b", "q0"];

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
  /** Attests every capability; nobody delists it, for without it there is no market. */
  readonly attester = personOf("attester");
  readonly accusers = ACCUSERS.map((_, i) => personOf(`accuser ${i}`));
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
    const rules = await deployRules(connection, CROWD_PARAMETERS);
    const { chainId } = await connection.ethers.provider.getNetwork();
    const world = new World(rules, await CrowdChain.create(connection), chainId);
    await world.#found();
    return world;
  }

  get people(): readonly Person[] {
    return [...this.requesters, ...this.evaluators, ...this.owners, ...this.accusers, this.reporter, this.stranger];
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
    const { market, accusation, ...top } = CROWD_PARAMETERS;
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
      attesterMinStake: number(top.attesterMinStake),
      accusation: {
        shareBps: number(accusation.shareBps),
        accusers: number(accusation.accusers),
        seconding: number(accusation.secondingSeconds),
        appeal: number(accusation.appealSeconds),
      },
      panel: panel as unknown as Figures["panel"],
    };
    const at = {
      market: this.address("TaskMarket"),
      escrow: this.address("JobEscrow"),
      ledger: this.address("AgentLedger"),
      panel: this.address("DisputePanel"),
      attesters: this.address("AttesterRegistry"),
    };
    this.model = new Model(figures, at, START);
    await this.#foundOrganisations();
    await this.#foundWealth();
    await this.#foundAttesters();
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
    this.accusers.forEach((person, i) => void add(ACCUSERS[i] as string, person));
    add("reporter", this.reporter);
    add("t0", this.attester);
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
    for (const [i, { address }] of [...this.people, this.attester, ...keys].entries()) {
      const data = this.abi("Credits").encodeFunctionData("transfer", [address, WEALTH]);
      await this.chain.send(rich[i % rich.length]?.address ?? "", this.address("Credits"), data);
      this.model.wallets.add(address, WEALTH);
    }
    for (const { address } of [...this.people, this.attester]) await this.#enliven(address);
    for (const person of [...this.people, this.attester]) this.#approve(person.address);
    await this.playFounding();
  }

  async #foundAttesters(): Promise<void> {
    const m = this.model;
    m.attester = this.attester.address;
    // The stake of the network's first attester, who does nothing here.
    m.wallets.add(m.at.attesters, m.figures.attesterMinStake);
    m.gifts.add(m.at.attesters, m.figures.attesterMinStake);
    for (const { address } of [this.attester, ...this.accusers]) {
      await this.govern("Operators", "AttesterRegistry", "listAttester", [address]);
      m.attesters.set(address, newAccount());
      m.listed.add(address);
      const amount = address === m.attester ? ATTESTER_STAKE : ACCUSER_STAKE;
      const expected = depositStake(m, address, address, amount);
      this.act("attester stake", address, "AttesterRegistry", "deposit", [address, amount], expected);
    }
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

  /** An attestation on EAS, by the attester. */
  async attest(agent: AgentModel, capability: string, level: number, until: number): Promise<void> {
    const id = wordOf(capability);
    const words = ["uint256", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
    const claim = [agent.id, id, level, ZERO_WORD, ZERO_WORD, PARAMETERS.networkId];
    const data = {
      recipient: agent.owner.address,
      expirationTime: until,
      revocable: true,
      refUID: ZERO_WORD,
      data: AbiCoder.defaultAbiCoder().encode(words, claim),
      value: 0,
    };
    await this.#callEas("attest", [{ schema: await this.rules.contracts.CapabilityResolver.schemaId(), data }]);
    const uid = await this.rules.contracts.CapabilityResolver.cachedAttestationOf(agent.id, id);
    agent.capabilities.set(capability, { level, validUntil: until, generation: agent.generation, uid });
    this.model.attestations.push({
      uid,
      agentId: agent.id,
      capability,
      level,
      at: this.model.now,
      until,
      revokedAt: 0,
    });
  }

  /** Its revocation, if there is anything to revoke. */
  async revoke(agent: AgentModel, capability: string): Promise<void> {
    const held = agent.capabilities.get(capability);
    const attestation = this.model.attestations.find(({ uid }) => uid === held?.uid);
    if (held === undefined || attestation === undefined) return;
    const schema = await this.rules.contracts.CapabilityResolver.schemaId();
    await this.#callEas("revoke", [{ schema, data: { uid: held.uid, value: 0 } }]);
    attestation.revokedAt = this.model.now;
    agent.capabilities.delete(capability);
  }

  async #callEas(name: string, args: readonly unknown[]): Promise<void> {
    this.model.block += 1;
    this.chain.now = this.model.now;
    const data = this.abi("EAS").encodeFunctionData(name, [...args]);
    const { status } = await this.chain.send(this.attester.address, this.address("EAS"), data);
    if (status !== "0x1") throw new RangeError(`the attester could not ${name}`);
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
    for (const spender of ["TaskMarket", "JobEscrow", "AgentLedger", "DisputePanel", "AttesterRegistry"] as const) {
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
