// An agent's identity after ERC-8004, as its owner keeps it.
import { expect } from "chai";
import type { LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { buildRegistrationFile, registrationUriOf } from "../../../sdk/index.ts";
import { type Actors, refused } from "./actors.ts";

const addressOf = (client: { account?: unknown }) => (client.account as LocalAccount).address;

export function describeIdentity(actors: () => Actors): void {
  it("sets a wallet that proves itself, and clears it", async function () {
    this.timeout(60_000);
    const { reporter, requester } = actors();
    const { agentId } = await reporter.registerAgent();
    expect(await reporter.getAgentWallet({ agentId })).to.equal(addressOf(reporter));
    const wallet = privateKeyToAccount(generatePrivateKey());
    await reporter.setAgentWallet({ agentId, wallet });
    expect(await reporter.getAgentWallet({ agentId })).to.equal(wallet.address);
    await refused(requester.setAgentWallet({ agentId, wallet }), "IdentityUnauthorized");
    await refused(reporter.setAgentWallet({ agentId, wallet, validForSeconds: -600 }), "IdentityProofExpired");
    // What another key signs proves nothing for this wallet.
    const imposter = privateKeyToAccount(generatePrivateKey());
    const posing = { address: wallet.address, sign: (digest: `0x${string}`) => imposter.sign({ hash: digest }) };
    await refused(reporter.setAgentWallet({ agentId, wallet: posing }), "IdentityInvalidProof");
    const signing = { address: wallet.address, sign: (digest: `0x${string}`) => wallet.sign({ hash: digest }) };
    await reporter.unsetAgentWallet({ agentId });
    expect(await reporter.getAgentWallet({ agentId })).to.equal(undefined);
    await reporter.setAgentWallet({ agentId, wallet: signing });
    expect(await reporter.getAgentWallet({ agentId })).to.equal(wallet.address);
  });

  it("keeps metadata under every key but the wallet's", async function () {
    this.timeout(60_000);
    const { reporter, requester } = actors();
    const { agentId } = await reporter.registerAgent({ metadata: { kind: "0x01" } });
    expect(await requester.getMetadata({ agentId, key: "kind" })).to.equal("0x01");
    expect(await requester.getMetadata({ agentId, key: "colour" })).to.equal(undefined);
    await reporter.setMetadata({ agentId, key: "kind", value: "0x0203" });
    expect(await requester.getMetadata({ agentId, key: "kind" })).to.equal("0x0203");
    await refused(reporter.setMetadata({ agentId, key: "agentWallet", value: "0x01" }), "IdentityReservedKey");
    await refused(requester.setMetadata({ agentId, key: "kind", value: "0x04" }), "IdentityUnauthorized");
  });

  it("reads an agent's registration file by its id, and whether the file names the agent", async function () {
    this.timeout(60_000);
    const { reporter, requester } = actors();
    const { agentId } = await reporter.registerAgent();
    const missing = await requester.readAgentFile({ agentId }).catch((error: unknown) => error);
    expect(missing).to.have.property("code", "REGISTRATION_UNREADABLE");
    const { chainId } = await requester.allot.network();
    const content = { name: "ada", description: "counts words", image: "https://ada.example/image.png" };
    const namesAgent = async (id: number, registry: string = requester.allot.rules.identityRegistry) => {
      const registrations = [{ agentId: id, agentRegistry: `eip155:${chainId}:${registry}` }];
      const file = buildRegistrationFile({ ...content, registrations });
      await reporter.setAgentUri({ agentId, uri: registrationUriOf(file) });
      const read = await requester.readAgentFile({ agentId });
      expect(read.file).to.deep.equal(file);
      return read.namesAgent;
    };
    expect(await namesAgent(Number(agentId))).to.equal(true);
    expect(await namesAgent(Number(agentId) + 1)).to.equal(false);
    expect(await namesAgent(Number(agentId), requester.allot.rules.credits)).to.equal(false);
    await refused(requester.setAgentUri({ agentId, uri: "" }), "IdentityUnauthorized");
    await refused(requester.readAgentFile({ agentId: 10n ** 9n }), "ERC721NonexistentToken");
  });

  it("transfers an agent: wallet and key are cleared, stake goes along, and owners know what they own", async function () {
    this.timeout(60_000);
    const { reporter, requester } = actors();
    const { agentId } = await reporter.registerAgent();
    const bidKey = privateKeyToAccount(generatePrivateKey());
    await reporter.setBidKey({ agentId, bidKey });
    await reporter.depositStake({ agentId, amount: 5_000_000n });
    const owned = async (who: typeof reporter) =>
      (await reporter.getAgentsOf({ owner: addressOf(who) })).includes(agentId);
    expect([await owned(reporter), await owned(requester)]).to.deep.equal([true, false]);
    await refused(requester.transferAgent({ agentId, to: addressOf(requester) }), "ERC721InsufficientApproval");
    await reporter.transferAgent({ agentId, to: addressOf(requester) });
    expect([await owned(reporter), await owned(requester)]).to.deep.equal([false, true]);
    expect(await reporter.getAgentWallet({ agentId })).to.equal(undefined);
    const agent = await reporter.getAgent({ agentId });
    expect(agent).to.deep.include({ owner: addressOf(requester), bidKey: undefined, bonded: 5_000_000n });
    const [key] = await reporter.getBidKeys({ agentId });
    expect(key).to.deep.include({ bidKey: bidKey.address, revoked: true });
    await refused(requester.setBidKey({ agentId, bidKey }), "LedgerKeyUsed");
    // And back, so that the agents of others stay as they were.
    await requester.transferAgent({ agentId, to: addressOf(reporter) });
    expect(await owned(reporter)).to.equal(true);
  });
}
