import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { Signer } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const STATUS = { open: 0n, funded: 1n, submitted: 2n, completed: 3n, rejected: 4n, expired: 5n };
const BUDGET = 25_000_000n;
const LIFETIME_SECONDS = 10_000;

type Actor = "client" | "provider" | "evaluator" | "stranger";
const ACTORS: readonly Actor[] = ["client", "provider", "evaluator", "stranger"];

async function world() {
  const [client, provider, evaluator, stranger] = (await ethers.getSigners()) as [Signer, Signer, Signer, Signer];
  const credits = await ethers.deployContract("Credits", [client, [{ holder: client, amount: 1_000_000_000n }]]);
  const escrow = await ethers.deployContract("JobEscrow", [credits]);
  await credits.approve(escrow, 1_000_000_000n);
  const expiredAt = (await networkHelpers.time.latest()) + LIFETIME_SECONDS;
  await escrow.createJob(provider, evaluator, expiredAt, "job", ZeroAddress);
  return { client, provider, evaluator, stranger, credits, escrow, expiredAt };
}

async function funded() {
  const w = await world();
  await w.escrow.setBudget(1, BUDGET, "0x");
  await w.escrow.fund(1, BUDGET, "0x");
  return w;
}

async function submitted() {
  const w = await funded();
  await w.escrow.connect(w.provider).submit(1, id("work"), "0x");
  return w;
}

async function completed() {
  const w = await submitted();
  await w.escrow.connect(w.evaluator).complete(1, ZeroHash, "0x");
  return w;
}

async function rejected() {
  const w = await submitted();
  await w.escrow.connect(w.evaluator).reject(1, ZeroHash, "0x");
  return w;
}

async function expired() {
  const w = await submitted();
  await networkHelpers.time.increaseTo(w.expiredAt);
  await w.escrow.claimRefund(1);
  return w;
}

type World = Awaited<ReturnType<typeof world>>;
const STATES = { open: world, funded, submitted, completed, rejected, expired };
type State = keyof typeof STATES;

const ACTIONS = {
  setProvider: (w: World, by: Actor) => w.escrow.connect(w[by]).setProvider(1, w.stranger, "0x"),
  setBudget: (w: World, by: Actor) => w.escrow.connect(w[by]).setBudget(1, BUDGET, "0x"),
  fund: (w: World, by: Actor) => w.escrow.connect(w[by]).fund(1, BUDGET, "0x"),
  submit: (w: World, by: Actor) => w.escrow.connect(w[by]).submit(1, id("work"), "0x"),
  complete: (w: World, by: Actor) => w.escrow.connect(w[by]).complete(1, ZeroHash, "0x"),
  reject: (w: World, by: Actor) => w.escrow.connect(w[by]).reject(1, ZeroHash, "0x"),
  claimRefund: (w: World, by: Actor) => w.escrow.connect(w[by]).claimRefund(1),
};

/** ERC-8183, "Allowed transitions" and "Roles": who may do what in which state; nothing else is allowed. */
const ALLOWED: Readonly<Record<keyof typeof ACTIONS, Partial<Record<State, readonly Actor[]>>>> = {
  setProvider: {},
  setBudget: { open: ["client", "provider"] },
  fund: { open: ["client"] },
  submit: { funded: ["provider"] },
  complete: { submitted: ["evaluator"] },
  reject: { open: ["client"], funded: ["evaluator"], submitted: ["evaluator"] },
  claimRefund: { funded: ACTORS, submitted: ACTORS },
};

describe("JobEscrow (ERC-8183)", () => {
  const load = () => networkHelpers.loadFixture(world);

  for (const state of Object.keys(STATES) as State[]) {
    it(`allows in ${state} what the text allows to whom, and nothing else`, async () => {
      for (const action of Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]) {
        for (const actor of ACTORS) {
          const w = await networkHelpers.loadFixture(STATES[state]);
          if (state === "open") await w.escrow.setBudget(1, BUDGET, "0x");
          if (action === "claimRefund" && state !== "expired") await networkHelpers.time.increaseTo(w.expiredAt);
          const allowed = ALLOWED[action][state]?.includes(actor) ?? false;
          let done = true;
          try {
            await ACTIONS[action](w, actor);
          } catch {
            done = false;
          }
          expect(done, `${action} by ${actor} in ${state}`).to.equal(allowed);
        }
      }
    });
  }

  it("keeps a job's data and says what happens", async () => {
    const { escrow, credits, client, provider, evaluator, expiredAt } = await load();
    await expect(escrow.createJob(provider, evaluator, expiredAt, "digest", ZeroAddress))
      .to.emit(escrow, "JobCreated")
      .withArgs(2, client, provider, evaluator, expiredAt);
    await expect(escrow.connect(provider).setBudget(2, BUDGET, "0x"))
      .to.emit(escrow, "BudgetSet")
      .withArgs(2, BUDGET);
    await expect(escrow.fund(2, BUDGET, "0x"))
      .to.emit(escrow, "JobFunded")
      .withArgs(2, client, BUDGET);
    expect(await credits.balanceOf(escrow)).to.equal(BUDGET);
    await expect(escrow.connect(provider).submit(2, id("work"), "0x"))
      .to.emit(escrow, "JobSubmitted")
      .withArgs(2, provider, id("work"));
    const at = await networkHelpers.time.latest();
    await expect(escrow.connect(evaluator).complete(2, id("good"), "0x"))
      .to.emit(escrow, "JobCompleted")
      .withArgs(2, evaluator, id("good"))
      .and.to.emit(escrow, "PaymentReleased")
      .withArgs(2, provider, BUDGET);
    expect([...((await escrow.getJob(2)) as unknown as unknown[])]).to.deep.equal([
      client.address,
      provider.address,
      evaluator.address,
      "digest",
      BUDGET,
      BigInt(expiredAt),
      STATUS.completed,
      ZeroAddress,
      BigInt(at),
      id("work"),
    ]);
    expect([...(await escrow.submissionOf(2))]).to.deep.equal([STATUS.completed, BigInt(at), id("work")]);
    expect(await escrow.jobCount()).to.equal(2n);
  });

  it("sends a credited payment to its owner alone, whoever asks for it", async () => {
    const { escrow, credits, provider, stranger } = await networkHelpers.loadFixture(completed);
    expect(await escrow.creditOf(provider)).to.equal(BUDGET);
    await expect(escrow.connect(stranger).withdrawFor(provider))
      .to.emit(escrow, "Withdrawn")
      .withArgs(provider, BUDGET);
    expect(await credits.balanceOf(provider)).to.equal(BUDGET);
    expect(await escrow.creditOf(provider)).to.equal(0n);
    await expect(escrow.withdrawFor(provider)).not.to.emit(escrow, "Withdrawn");
    await expect(escrow.withdrawFor(stranger)).not.to.emit(escrow, "Withdrawn");
  });

  it("refunds the client on rejection and expiry", async () => {
    for (const state of [rejected, expired]) {
      const { escrow, credits, client, provider } = await networkHelpers.loadFixture(state);
      const before = await credits.balanceOf(client);
      await escrow.withdrawFor(client);
      expect((await credits.balanceOf(client)) - before).to.equal(BUDGET);
      expect(await escrow.creditOf(provider)).to.equal(0n);
      expect(await credits.balanceOf(escrow)).to.equal(0n);
    }
  });

  it("says who rejected, and refunds nothing that was not funded", async () => {
    const { escrow, client } = await load();
    await escrow.setBudget(1, BUDGET, "0x");
    await expect(escrow.reject(1, id("no"), "0x"))
      .to.emit(escrow, "JobRejected")
      .withArgs(1, client, id("no"));
    expect(await escrow.creditOf(client)).to.equal(0n);
    const { escrow: other, evaluator, client: payer } = await networkHelpers.loadFixture(funded);
    await expect(other.connect(evaluator).reject(1, id("no"), "0x"))
      .to.emit(other, "JobRejected")
      .withArgs(1, evaluator, id("no"))
      .and.to.emit(other, "Refunded")
      .withArgs(1, payer, BUDGET);
  });

  it("expires from its second on, not before", async () => {
    const { escrow, client, expiredAt } = await networkHelpers.loadFixture(funded);
    await networkHelpers.time.increaseTo(expiredAt - 1);
    await expect(escrow.claimRefund(1))
      .to.be.revertedWithCustomError(escrow, "JobEscrowNotExpired")
      .withArgs(1, expiredAt);
    await networkHelpers.time.increaseTo(expiredAt);
    await expect(escrow.claimRefund(1))
      .to.emit(escrow, "JobExpired")
      .withArgs(1)
      .and.to.emit(escrow, "Refunded")
      .withArgs(1, client, BUDGET);
  });

  it("takes its provider later, once, from the client", async () => {
    const { escrow, provider, evaluator, stranger, expiredAt } = await load();
    await escrow.createJob(ZeroAddress, evaluator, expiredAt, "", ZeroAddress);
    await escrow.setBudget(2, BUDGET, "0x");
    await expect(escrow.fund(2, BUDGET, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowInvalidProvider")
      .withArgs(2, ZeroAddress);
    await expect(escrow.setProvider(2, ZeroAddress, "0x")).to.be.revertedWithCustomError(
      escrow,
      "JobEscrowInvalidProvider",
    );
    await expect(escrow.connect(stranger).setProvider(2, provider, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowUnauthorized")
      .withArgs(2, stranger);
    await expect(escrow.setProvider(2, provider, "0x"))
      .to.emit(escrow, "ProviderSet")
      .withArgs(2, provider);
    await expect(escrow.setProvider(2, stranger, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowInvalidProvider")
      .withArgs(2, stranger);
    await escrow.fund(2, BUDGET, "0x");
  });

  it("is funded with the expected budget or not at all", async () => {
    const { escrow, provider } = await load();
    await expect(escrow.fund(1, 0, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowInvalidBudget")
      .withArgs(1, 0);
    await escrow.setBudget(1, BUDGET, "0x");
    await escrow.connect(provider).setBudget(1, BUDGET + 1n, "0x");
    await expect(escrow.fund(1, BUDGET, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowInvalidBudget")
      .withArgs(1, BUDGET + 1n);
    await expect(escrow.setBudget(1, 2n ** 96n, "0x")).to.be.revertedWithCustomError(escrow, "JobEscrowInvalidBudget");
  });

  it("refuses a job without evaluator, with a hook, or with an expiry that is not in the future", async () => {
    const { escrow, provider, evaluator, expiredAt } = await load();
    await expect(escrow.createJob(provider, ZeroAddress, expiredAt, "", ZeroAddress)).to.be.revertedWithCustomError(
      escrow,
      "JobEscrowInvalidEvaluator",
    );
    await expect(escrow.createJob(provider, evaluator, expiredAt, "", provider))
      .to.be.revertedWithCustomError(escrow, "JobEscrowHookUnsupported")
      .withArgs(provider);
    for (const at of [await networkHelpers.time.latest(), 2n ** 40n]) {
      await expect(escrow.createJob(provider, evaluator, at, "", ZeroAddress)).to.be.revertedWithCustomError(
        escrow,
        "JobEscrowInvalidExpiry",
      );
    }
  });

  it("names what was wrong: unknown job, status, caller", async () => {
    const { escrow, stranger } = await load();
    for (const call of [() => escrow.getJob(2), () => escrow.fund(2, 1, "0x"), () => escrow.claimRefund(0)]) {
      await expect(call()).to.be.revertedWithCustomError(escrow, "JobEscrowUnknownJob");
    }
    await expect(escrow.submit(1, id("work"), "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowInvalidStatus")
      .withArgs(1, STATUS.open);
    await expect(escrow.connect(stranger).reject(1, ZeroHash, "0x"))
      .to.be.revertedWithCustomError(escrow, "JobEscrowUnauthorized")
      .withArgs(1, stranger);
  });

  it("announces itself by ERC-165", async () => {
    const { escrow } = await load();
    const functions = [
      "createJob(address,address,uint256,string,address)",
      "setProvider(uint256,address,bytes)",
      "setBudget(uint256,uint256,bytes)",
      "fund(uint256,uint256,bytes)",
      "submit(uint256,bytes32,bytes)",
      "complete(uint256,bytes32,bytes)",
      "reject(uint256,bytes32,bytes)",
      "claimRefund(uint256)",
    ];
    const interfaceId = functions.reduce((sum, signature) => sum ^ BigInt(id(signature).slice(0, 10)), 0n);
    expect(await escrow.supportsInterface(ethers.toBeHex(interfaceId, 4))).to.equal(true);
    expect(await escrow.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await escrow.supportsInterface("0xffffffff")).to.equal(false);
  });
});
