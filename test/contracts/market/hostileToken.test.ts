// ERC-8183's escrow on a token that re-enters it before every movement: the books are changed first, so that nothing is
// paid twice and nothing is lost.
import { expect } from "chai";
import { type AddressLike, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { Credits, JobEscrow } from "../../../types/contracts/index.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const BUDGET = 100n;

/** Fixtures have no generated types. */
type HostileToken = Pick<Credits, "approve" | "balanceOf" | "connect" | "getAddress" | "interface" | "target"> & {
  readonly mint: (to: AddressLike, amount: bigint) => Promise<unknown>;
  readonly setTrap: (target: AddressLike, data: string) => Promise<unknown>;
  readonly act: (target: AddressLike, data: string) => Promise<unknown>;
  readonly sprung: () => Promise<bigint>;
  readonly succeeded: () => Promise<bigint>;
};

async function hostileWorld() {
  const [client, provider, evaluator, other] = await ethers.getSigners();
  if (!client || !provider || !evaluator || !other) throw new RangeError("the network has too few accounts");
  const token = (await ethers.deployContract("HostileToken")) as unknown as HostileToken;
  const escrow = (await ethers.deployContract("JobEscrow", [await token.getAddress()])) as unknown as JobEscrow;
  await token.mint(client, 10n * BUDGET);
  await token.connect(client).approve(escrow, 10n * BUDGET);
  const job = async (to = provider.address) => {
    const expiredAt = BigInt(await networkHelpers.time.latest()) + 1_000n;
    await escrow.connect(client).createJob(to, evaluator, expiredAt, "work", ZeroAddress);
    const jobId = await escrow.jobCount();
    await escrow.connect(client).setBudget(jobId, BUDGET, "0x");
    await escrow.connect(client).fund(jobId, BUDGET, "0x");
    return jobId;
  };
  const trap = async (name: string, args: readonly unknown[]) =>
    token.setTrap(escrow, escrow.interface.encodeFunctionData(name as "withdrawFor", args as [string]));
  return { client, provider, evaluator, other, token, escrow, job, trap };
}

type HostileWorld = Awaited<ReturnType<typeof hostileWorld>>;

const completed = async ({ job, escrow, provider, evaluator }: HostileWorld) => {
  const jobId = await job();
  await escrow.connect(provider).submit(jobId, ZeroHash, "0x");
  await escrow.connect(evaluator).complete(jobId, ZeroHash, "0x");
};

describe("JobEscrow on a token that re-enters", () => {
  it("pays once, whoever withdraws in the middle of a payment", async () => {
    const w = await networkHelpers.loadFixture(hostileWorld);
    await completed(w);
    // Somebody else's money is there too.
    await w.job(w.other.address);
    await w.trap("withdrawFor", [w.provider.address]);
    await w.escrow.withdrawFor(w.provider);
    expect(await w.token.sprung()).to.equal(1n);
    expect(await w.token.balanceOf(w.provider)).to.equal(BUDGET);
    expect(await w.token.balanceOf(w.escrow)).to.equal(BUDGET);
  });

  it("refunds once, whoever claims again in the middle of the refund", async () => {
    const w = await networkHelpers.loadFixture(hostileWorld);
    const jobId = await w.job();
    await w.job();
    const before = await w.token.balanceOf(w.client);
    await networkHelpers.time.increase(2_000);
    await w.escrow.claimRefund(jobId);
    await w.trap("claimRefund", [jobId]);
    await w.escrow.withdrawFor(w.client);
    expect(await w.token.sprung()).to.equal(1n);
    expect(await w.token.succeeded()).to.equal(0n);
    expect((await w.token.balanceOf(w.client)) - before).to.equal(BUDGET);
    expect(await w.escrow.creditOf(w.client)).to.equal(0n);
  });

  it("funds once, when the token is the client and funds again in the middle of it", async () => {
    const { token, escrow, provider, evaluator } = await networkHelpers.loadFixture(hostileWorld);
    const by = async (name: string, args: readonly unknown[]) =>
      await token.act(escrow, escrow.interface.encodeFunctionData(name as "fund", args as [bigint, bigint, string]));
    await token.mint(token, 10n * BUDGET);
    await token.act(token, token.interface.encodeFunctionData("approve", [await escrow.getAddress(), 10n * BUDGET]));
    const expiredAt = BigInt(await networkHelpers.time.latest()) + 1_000n;
    await by("createJob", [provider.address, evaluator.address, expiredAt, "work", ZeroAddress]);
    await by("setBudget", [1n, BUDGET, "0x"]);
    await token.setTrap(escrow, escrow.interface.encodeFunctionData("fund", [1n, BUDGET, "0x"]));
    await by("fund", [1n, BUDGET, "0x"]);
    expect(await token.sprung()).to.equal(1n);
    expect(await token.succeeded()).to.equal(0n);
    expect(await token.balanceOf(escrow)).to.equal(BUDGET);
  });
});
