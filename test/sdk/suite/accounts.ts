// Transactions of one account, and what a client needs to make them.
import { expect } from "chai";
import { keccak256, type LocalAccount, stringToHex } from "viem";
import { ClientError, createAllotClient } from "../../../sdk/index.ts";
import type { Actors } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;
const work = keccak256(stringToHex("1234 words"));

export function describeAccounts(actors: () => Actors): void {
  it("sends many transactions of one account at once, in order and without gaps", async function () {
    this.timeout(60_000);
    const { requester, reporter } = actors();
    const to = addressOf(reporter);
    const count = 40;
    const before = await reporter.getCredits({ account: to });
    const nonceBefore = await requester.getTransactionCount({ address: addressOf(requester) });
    const outcomes = await Promise.allSettled(
      Array.from({ length: count }, (_, index) =>
        // Every eighth is refused while it is tried, and must not hold up the others.
        requester.transferCredits({ to, amount: index % 8 === 7 ? 10n ** 18n : BigInt(index + 1) }),
      ),
    );
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(failed).to.have.length(count / 8);
    const sum = outcomes.reduce(
      (total, { status }, index) => total + (status === "fulfilled" ? BigInt(index + 1) : 0n),
      0n,
    );
    const now = await reporter.getCredits({ account: to });
    expect(now.balance - before.balance).to.equal(sum);
    const nonceNow = await requester.getTransactionCount({ address: addressOf(requester) });
    expect(nonceNow - nonceBefore).to.equal(count - failed.length);
  });

  it("goes on when somebody else sends from the same account", async function () {
    this.timeout(60_000);
    const { requester, reporter } = actors();
    const twin = actors().network.client(1);
    const to = addressOf(reporter);
    const before = await reporter.getCredits({ account: to });
    await requester.transferCredits({ to, amount: 1n });
    await twin.transferCredits({ to, amount: 1n });
    await Promise.all([requester, twin, requester, twin].map((client) => client.transferCredits({ to, amount: 1n })));
    expect((await reporter.getCredits({ account: to })).balance - before.balance).to.equal(6n);
  });

  it("signs nothing for another network than the one it was made for", async () => {
    const { agents } = actors();
    const [agent] = agents;
    const elsewhere = createAllotClient({
      transport: () => agent.client.transport as never,
      account: agent.client.account as LocalAccount,
      contracts: agent.client.allot.rules,
      networkId: work,
      signLock: agent.signLock,
    });
    const records = agent.signLock.records().length;
    const error = await elsewhere
      .signBid({ tenderId: work, amount: 1n, agentId: 1n })
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ClientError).and.to.have.property("code", "WRONG_NETWORK");
    expect(agent.signLock.records()).to.have.length(records);
  });

  it("asks for an account and a sign lock where they are needed", async () => {
    const { requester, reporter } = actors();
    const reader = createAllotClient({
      transport: () => requester.transport as never,
      contracts: requester.allot.rules,
    });
    const noAccount = await reader.registerAgent().catch((reason: unknown) => reason);
    expect(noAccount).to.have.property("code", "ACCOUNT_MISSING");
    const noLock = await reporter.signBid({ tenderId: work, amount: 1n }).catch((reason: unknown) => reason);
    expect(noLock).to.have.property("code", "SIGN_LOCK_MISSING");
  });
}
