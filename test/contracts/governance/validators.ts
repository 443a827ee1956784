// Validators with keys, owners and stake, and the votes they cast, as the tests of the registry and of vote equivocation
// use them.
import { type BaseWallet, getCreateAddress, id, type TypedDataDomain, Wallet } from "ethers";
import { parameterNames } from "../../../contracts/deploy/parameters.ts";
import type { ValidatorRegistry, VoteEquivocation } from "../../../types/contracts/index.ts";
import { type Connection, deployRules, PARAMETERS, type Rules, type Signer } from "../fixture.ts";

export const STAKE = PARAMETERS.validatorMinStake;

export interface ValidatorWorld {
  readonly rules: Rules;
  readonly registry: ValidatorRegistry;
  readonly module: VoteEquivocation;
  /** Validator keys in ascending order of address; the owner of each is `rules.owners` at the same place. */
  readonly keys: readonly BaseWallet[];
}

export interface WorldOptions {
  readonly count: number;
  readonly epochBlocks: bigint;
}

export function newKeys(count: number): BaseWallet[] {
  const keys = Array.from({ length: count }, () => Wallet.createRandom() as unknown as BaseWallet);
  return keys.sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
}

export const peerKeyOf = (text: string): string => `0x02${id(text).slice(2)}`;

export const contactOf = (text: string) => ({
  name: text,
  peerKey: peerKeyOf(text),
  addresses: ["/ip4/127.0.0.1/tcp/26656"],
});

export const termsOf = (rules: Rules, slasher: string) => ({
  credits: rules.at.Credits,
  parameters: rules.at.Parameters,
  minStake: parameterNames.indexOf("validatorMinStake"),
  slashers: [slasher],
});

/** A registry of its own with so many founding validators, and the module that judges their votes. */
export async function validatorWorld(connection: Connection, options: WorldOptions): Promise<ValidatorWorld> {
  const { ethers } = connection;
  const rules = await deployRules(connection);
  const { operator } = rules;
  const keys = newKeys(options.count);
  // One transaction sends the stake, two deploy.
  const nonce = await ethers.provider.getTransactionCount(operator.address);
  const registryAt = getCreateAddress({ from: operator.address, nonce: nonce + 1 });
  const moduleAt = getCreateAddress({ from: operator.address, nonce: nonce + 2 });
  await rules.contracts.Credits.connect(operator).transfer(registryAt, STAKE * BigInt(options.count));
  const founders = keys.map((key, index) => ({
    account: key.address,
    owner: ownerAt(rules, index).address,
    stake: STAKE,
    contact: contactOf(`validator ${index}`),
  }));
  const registryArgs = [rules.at.Operators, rules.at.Permissions, termsOf(rules, moduleAt), options.epochBlocks];
  const registry = await ethers.deployContract("ValidatorRegistry", [...registryArgs, founders] as never, operator);
  const { Permissions: permissions, Parameters: parameters, Operators: governor } = rules.at;
  const moduleArgs = [{ registry: registryAt, permissions, parameters, governor }, PARAMETERS.networkId];
  const module = await ethers.deployContract("VoteEquivocation", moduleArgs, operator);
  if ((await module.getAddress()) !== moduleAt) throw new TypeError("VoteEquivocation was deployed out of order");
  return { rules, registry, module, keys };
}

export function ownerAt(rules: Rules, index: number): Signer {
  const owner = rules.owners[index];
  if (owner === undefined) throw new RangeError(`there is no owner ${index}`);
  return owner;
}

/** Admits a new validator of `rules.owners[index]`, with the minimum stake behind it unless told otherwise. */
export async function admit(
  world: ValidatorWorld,
  govern: (rules: Rules, target: string, data: string) => Promise<void>,
  index: number,
  stake = STAKE,
): Promise<string> {
  const { rules, registry } = world;
  const account = (Wallet.createRandom() as unknown as BaseWallet).address;
  const owner = ownerAt(rules, index);
  const contact = contactOf(`newcomer ${account}`);
  const data = registry.interface.encodeFunctionData("admit", [account, owner.address, contact]);
  await govern(rules, await registry.getAddress(), data);
  if (stake > 0n) await fund(world, owner, account, stake);
  return account;
}

export async function fund({ rules, registry }: ValidatorWorld, from: Signer, account: string, amount: bigint) {
  await rules.contracts.Credits.connect(from).approve(registry, amount);
  await registry.connect(from).deposit(account, amount);
}

/** Mines until the next transaction lands in this block. */
export async function beforeHeight({ rules }: ValidatorWorld, height: number): Promise<void> {
  const { networkHelpers, ethers } = rules.connection;
  const missing = height - 1 - (await ethers.provider.getBlockNumber());
  if (missing < 0) throw new RangeError(`height ${height} has passed`);
  if (missing > 0) await networkHelpers.mine(missing);
}

/** Mines until the next transaction lands in the first block of the next epoch; returns that epoch. */
export async function toNextEpoch(world: ValidatorWorld): Promise<bigint> {
  const { ethers } = world.rules.connection;
  const length = Number(await world.registry.epochLength());
  const height = (await ethers.provider.getBlockNumber()) + 1;
  const next = Math.floor((height - 1) / length) + 1;
  await beforeHeight(world, next * length + 1);
  await world.rules.connection.networkHelpers.mine(1);
  return BigInt(next);
}

// --- votes

/** VoteKind of IVoteEquivocation. */
export const VOTE = { notarize: 0n, nullify: 1n, finalize: 2n } as const;
export type VoteKind = keyof typeof VOTE;

const BLOCK_FIELDS = [
  { name: "epoch", type: "uint64" },
  { name: "view", type: "uint64" },
  { name: "digest", type: "bytes32" },
];
const TYPES = {
  notarize: { Notarize: BLOCK_FIELDS },
  nullify: { Nullify: BLOCK_FIELDS.slice(0, 2) },
  finalize: { Finalize: BLOCK_FIELDS },
};

export interface Place {
  readonly epoch: bigint;
  readonly view: bigint;
}

export async function consensusDomain({ rules }: ValidatorWorld): Promise<TypedDataDomain> {
  const { chainId } = await rules.connection.ethers.provider.getNetwork();
  return { name: "Allot Consensus", version: "1", chainId, salt: PARAMETERS.networkId };
}

/** A vote of a key, for the block that the text stands for. */
export async function castVote(
  world: ValidatorWorld,
  key: BaseWallet,
  { epoch, view }: Place,
  kind: VoteKind,
  block = "b",
  domain?: TypedDataDomain,
) {
  const digest = id(block);
  const value = kind === "nullify" ? { epoch, view } : { epoch, view, digest };
  const signature = await key.signTypedData(domain ?? (await consensusDomain(world)), TYPES[kind], value);
  return { kind: VOTE[kind], digest, signature };
}

type Vote = readonly [VoteKind, string?];

/** Two votes of a key in one view, as the module takes them. */
export async function voteEvidence(world: ValidatorWorld, key: BaseWallet, place: Place, first: Vote, second: Vote) {
  return {
    validator: key.address,
    epoch: place.epoch,
    viewNumber: place.view,
    first: await castVote(world, key, place, ...first),
    second: await castVote(world, key, place, ...second),
  };
}
