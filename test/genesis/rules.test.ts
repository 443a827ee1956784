import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Abi, decodeFunctionResult, domainSeparator, encodeFunctionData, type TypedDataDomain } from "viem";
import { genesisAddresses, type RuleContract } from "../../contracts/deploy/genesisAddresses.ts";
import type { ExecutionEngine } from "../../node/execution/engine.ts";
import { openEngine } from "../../node/execution/openEngine.ts";
import { artifactReader } from "../../node/genesis/artifacts.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import type { Founding } from "../../node/genesis/founding.ts";
import { newGenesis } from "../../node/genesis/newNetwork.ts";
import { Address, Digest, Epoch, Height, View } from "../../node/types/brands.ts";
import type { AllotError } from "../../node/types/errors.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import type { Vote } from "../../node/types/vote.ts";
import { hashDelivery } from "../../sdk/typedData/delivery.ts";
import { consensusDomain, marketDomain } from "../../sdk/typedData/domain.ts";
import { hashVote } from "../../sdk/typedData/vote.ts";
import { chainId, networkId, testNetwork } from "./networkFixture.ts";

describe("the rules in genesis", () => {
  const folder = mkdtempSync(join(tmpdir(), "allot-genesis-"));
  const artifactOf = artifactReader();
  let genesis: Genesis;
  let engine: ExecutionEngine;

  before(async () => {
    genesis = await newGenesis(testNetwork({ bare: false }));
    engine = await openEngine("ethereumjs", { genesis, folder, historyBlocks: 1 });
  });

  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  /** What a view function of a rule contract returns on the genesis state. */
  async function read(contract: RuleContract, functionName: string, args: readonly unknown[] = []): Promise<unknown> {
    const abi: Abi = artifactOf(contract).abi;
    const state = engine.stateAt(Height(0));
    const data = Buffer.from(encodeFunctionData({ abi, functionName, args }).slice(2), "hex");
    const to = Address(genesisAddresses[contract]);
    const result = await state?.call({
      from: Address(`0x${"00".repeat(20)}`),
      to,
      data,
      value: 0n,
      gasLimit: 5_000_000,
    });
    expect(result?.success, `${contract}.${functionName}`).to.equal(true);
    return decodeFunctionResult({
      abi,
      functionName,
      data: `0x${Buffer.from(result?.returnData ?? []).toString("hex")}`,
    });
  }

  const at = (contract: RuleContract) => genesisAddresses[contract];
  const domains: readonly (readonly [RuleContract, string, TypedDataDomain])[] = [
    [
      "SealedBidTender",
      "domainSeparator",
      marketDomain({ chainId, networkId, verifyingContract: at("SealedBidTender") }),
    ],
    ["AgentLedger", "domainSeparator", marketDomain({ chainId, networkId, verifyingContract: at("AgentLedger") })],
    [
      "IdentityRegistry",
      "domainSeparator",
      { name: "ERC8004IdentityRegistry", version: "1", chainId, verifyingContract: at("IdentityRegistry") },
    ],
    ["Credits", "DOMAIN_SEPARATOR", { name: "Allot Credits", version: "1", chainId, verifyingContract: at("Credits") }],
    ["EAS", "getDomainSeparator", { name: "EAS", version: "1.4.0", chainId, verifyingContract: at("EAS") }],
  ];
  for (const [contract, functionName, domain] of domains) {
    it(`give ${contract} the EIP-712 domain of its fixed address, chain and network`, async () => {
      const separator = domainSeparator({ domain });
      expect(await read(contract, functionName)).to.equal(separator);
      // Contracts that find themselves elsewhere than where they were made compute it anew: it must be their immutable.
      expect(genesis.alloc[Address(at(contract))]?.code).to.include(separator.slice(2));
    });
  }

  it("judge a delivery by what the SDK signs for the fixed escrow, chain and network", async () => {
    const delivery = { jobId: 3n, agentId: 7n, deliverable: `0x${"d1".repeat(32)}` as const };
    const domain = marketDomain({ chainId, networkId, verifyingContract: at("JobEscrow") });
    const args = [at("JobEscrow"), delivery.jobId, delivery.agentId, delivery.deliverable];
    expect(await read("DeliveryEquivocation", "deliveryDigest", args)).to.equal(hashDelivery(domain, delivery));
  });

  it("judge a vote by what the validators sign on this chain and network", async () => {
    const place = { epoch: Epoch(2), view: View(41) };
    const digest = Digest(`0x${"d1".repeat(32)}`);
    const domain = consensusDomain({ chainId, networkId });
    const votes: readonly Vote[] = [
      { kind: "notarize", ...place, digest },
      { kind: "nullify", ...place },
      { kind: "finalize", ...place, digest },
    ];
    for (const [kind, vote] of votes.entries()) {
      expect(await read("VoteEquivocation", "voteDigest", [kind, 2n, 41n, digest])).to.equal(hashVote(domain, vote));
    }
  });

  it("stand at every fixed address, with code and nonce 1", () => {
    expect(genesis.contracts).to.deep.equal(genesisAddresses);
    for (const address of Object.values(genesisAddresses)) {
      const account = genesis.alloc[Address(address)];
      expect(account?.code?.length, address).to.be.greaterThan(100);
      expect(account?.nonce).to.equal("0x1");
    }
  });

  it("know the validators in the leaders' order, with their peer keys", async () => {
    const set = (await read("ValidatorRegistry", "validatorSet", [0n])) as string[];
    expect(set.map((one) => one.toLowerCase())).to.deep.equal(genesis.validators.map((one) => one.address));
  });

  it("permit and fund the founding accounts, and nobody else", async () => {
    const [first, second] = developmentAccounts(2).map(({ address }) => address);
    expect(await read("Permissions", "isActive", [first])).to.equal(true);
    expect(await read("Permissions", "organisationOf", [second])).to.equal(6);
    expect(await read("Permissions", "isActive", [`0x${"99".repeat(20)}`])).to.equal(false);
    expect(await read("Credits", "balanceOf", [first])).to.equal(1_000_000n * 1_000_000n);
    // The first attester's stake was issued to its registry.
    const staked = 1_000n * 1_000_000n;
    const [attester] = developmentAccounts(1).map(({ address }) => address);
    expect(await read("AttesterRegistry", "stakeInReachOf", [BigInt(attester as string)])).to.equal(staked);
    expect(await read("AgentLedger", "isAttesterStanding", [attester])).to.equal(true);
    // Beside them, the stake of the four validators.
    const stake = 4n * 10_000n * 1_000_000n;
    expect(await read("Credits", "balanceOf", [genesisAddresses.ValidatorRegistry])).to.equal(stake);
    expect(await read("Credits", "totalSupply")).to.equal(24n * 1_000_000n * 1_000_000n + staked + stake);
  });

  it("are governed by the founding operators", async () => {
    const [governor] = developmentAccounts(1).map(({ address }) => address);
    expect(await read("Operators", "isOperator", [governor])).to.equal(true);
    expect(await read("Operators", "quorum")).to.equal(1n);
    expect(((await read("Credits", "governor")) as string).toLowerCase()).to.equal(genesisAddresses.Operators);
  });

  it("come out the same for the same network, byte for byte", async () => {
    const network = testNetwork({ bare: false });
    expect(await newGenesis(network)).to.deep.equal(await newGenesis(network));
  });
});

describe("a network that cannot be", () => {
  const network = testNetwork({ bare: false });

  it("is refused with the reason of the rule that refuses it", async () => {
    const { rules } = network;
    const founding = { ...rules?.founding, operatorQuorum: 2 } as Founding;
    const attempt = newGenesis({ ...network, rules: { founding, pace: "development" } });
    const error = await attempt.catch((refusal: AllotError) => refusal);
    expect(error).to.include({
      code: "GENESIS_EXECUTION_FAILED",
      message: "genesis: the constructor of Operators failed: OperatorsInvalidQuorum(2, 1)",
    });
  });

  it("is refused with a validator that stands there twice", async () => {
    const [first, ...others] = network.validators;
    const validators = first === undefined ? [] : [first, first, ...others];
    const error = await newGenesis({ ...network, validators }).catch((refusal: AllotError) => refusal);
    expect(error).to.include({ code: "BAD_VALUE" });
  });
});

describe("a bare genesis", () => {
  it("has accounts and no rules", async () => {
    const genesis = await newGenesis(testNetwork({ bare: true }));
    expect(genesis.contracts).to.deep.equal({});
    const [first] = developmentAccounts(1);
    expect(genesis.alloc[first?.address ?? Address("")]).to.deep.equal({ balance: "0x21e19e0c9bab2400000" });
    expect(Object.values(genesis.alloc).some((account) => account.code !== undefined)).to.equal(false);
  });
});
