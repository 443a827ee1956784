import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { ownerAt, registerAgent } from "../actors.ts";
import { deployRules, type Signer } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const INT128_MAX = 2n ** 127n - 1n;

async function world() {
  const rules = await deployRules(connection);
  await registerAgent(rules, 0);
  const registry = rules.contracts.ReputationRegistry;
  const identity = rules.contracts.IdentityRegistry.connect(ownerAt(rules, 0));
  const give = (by: Signer, value: bigint, decimals = 0, tag1 = "", tag2 = "") =>
    registry.connect(by).giveFeedback(0, value, decimals, tag1, tag2, "", "", ZeroHash);
  const { requester: first, evaluator: second } = rules;
  return { rules, registry, identity, owner: ownerAt(rules, 0), other: ownerAt(rules, 1), first, second, give };
}

describe("ReputationRegistry (ERC-8004)", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("keeps feedback under an index from 1 for each agent and client, and says so", async () => {
    const { registry, first, second, give } = await load();
    await expect(registry.connect(first).giveFeedback(0, -32, 1, "yield", "day", "https://a", "ipfs://b", id("file")))
      .to.emit(registry, "NewFeedback")
      .withArgs(
        0,
        first,
        1,
        -32,
        1,
        (topic: unknown) => topic !== undefined,
        "yield",
        "day",
        "https://a",
        "ipfs://b",
        id("file"),
      );
    await give(first, 5n);
    await give(second, 6n);
    expect(await registry.getLastIndex(0, first)).to.equal(2n);
    expect(await registry.getLastIndex(0, second)).to.equal(1n);
    expect([...(await registry.readFeedback(0, first, 1))]).to.deep.equal([-32n, 1n, "yield", "day", false]);
    expect([...(await registry.getClients(0))]).to.deep.equal([first.address, second.address]);
  });

  it("takes none from the agent's owner, its operator or an approved account", async () => {
    const { registry, identity, owner, other, give } = await load();
    const refused = (by: Signer) =>
      expect(give(by, 1n)).to.be.revertedWithCustomError(registry, "ReputationSelfFeedback").withArgs(0, by);
    await refused(owner);
    await identity.approve(other, 0);
    await refused(other);
    await identity.approve(ZeroAddress, 0);
    await identity.setApprovalForAll(other, true);
    await refused(other);
    await identity.setApprovalForAll(other, false);
    await give(other, 1n);
  });

  it("takes none for an agent that does not exist, or with more than 18 decimals", async () => {
    const { registry, identity, first, give } = await load();
    await expect(registry.connect(first).giveFeedback(1, 1, 0, "", "", "", "", ZeroHash))
      .to.be.revertedWithCustomError(identity, "ERC721NonexistentToken")
      .withArgs(1);
    await give(first, 1n, 18);
    await expect(give(first, 1n, 19))
      .to.be.revertedWithCustomError(registry, "ReputationDecimalsTooMany")
      .withArgs(19);
  });

  it("lets a client revoke its own feedback, once", async () => {
    const { registry, first, second, give } = await load();
    await give(first, 1n);
    const unknown = (by: Signer, index: bigint) =>
      expect(registry.connect(by).revokeFeedback(0, index))
        .to.be.revertedWithCustomError(registry, "ReputationFeedbackUnknown")
        .withArgs(0, by, index);
    await unknown(second, 1n);
    await unknown(first, 0n);
    await unknown(first, 2n);
    await expect(registry.connect(first).revokeFeedback(0, 1))
      .to.emit(registry, "FeedbackRevoked")
      .withArgs(0, first, 1);
    expect((await registry.readFeedback(0, first, 1)).isRevoked).to.equal(true);
    await expect(registry.connect(first).revokeFeedback(0, 1))
      .to.be.revertedWithCustomError(registry, "ReputationFeedbackRevoked")
      .withArgs(0, first, 1);
  });

  it("counts responses of anyone by client, index and responders", async () => {
    const { registry, first, second, owner, other, give } = await load();
    await give(first, 1n);
    await give(first, 2n);
    await give(second, 3n);
    const respond = (by: Signer, client: Signer, index: number) =>
      registry.connect(by).appendResponse(0, client, index, "ipfs://refund", id("refund"));
    await expect(respond(owner, first, 1))
      .to.emit(registry, "ResponseAppended")
      .withArgs(0, first, 1, owner, "ipfs://refund", id("refund"));
    await respond(owner, first, 1);
    await respond(other, first, 2);
    await respond(other, second, 1);
    await expect(respond(owner, first, 3)).to.be.revertedWithCustomError(registry, "ReputationFeedbackUnknown");
    const count = (client: string, index: number, responders: string[]) =>
      registry.getResponseCount(0, client, index, responders);
    expect(await count(ZeroAddress, 0, [])).to.equal(4n);
    expect(await count(first.address, 0, [])).to.equal(3n);
    expect(await count(first.address, 1, [])).to.equal(2n);
    expect(await count(ZeroAddress, 1, [])).to.equal(3n);
    expect(await count(ZeroAddress, 0, [other.address, other.address])).to.equal(2n);
    expect(await count(first.address, 0, [owner.address, other.address, owner.address])).to.equal(3n);
    expect(await count(first.address, 2, [owner.address, ZeroAddress])).to.equal(0n);
  });

  it("sums up the given clients alone, each once, without what was revoked, by either tag", async () => {
    const { registry, first, second, other, give } = await load();
    await give(first, 80n, 0, "starred", "a");
    await give(first, 9_977n, 2, "uptime", "a");
    await give(second, 91n, 0, "starred", "b");
    await give(other, -5_000n);
    const summary = async (clients: Signer[], tag1 = "", tag2 = "") =>
      [...(await registry.getSummary(0, clients, tag1, tag2))] as bigint[];
    expect(await summary([first, second], "starred")).to.deep.equal([2n, 85n, 0n]);
    expect(await summary([first, second, first, second], "starred")).to.deep.equal([2n, 85n, 0n]);
    expect(await summary([first, second], "", "a")).to.deep.equal([2n, 8_988n, 2n]);
    expect(await summary([first, second], "starred", "b")).to.deep.equal([1n, 91n, 0n]);
    expect(await summary([other])).to.deep.equal([1n, -5_000n, 0n]);
    expect(await summary([first, second], "nothing")).to.deep.equal([0n, 0n, 0n]);
    await registry.connect(first).revokeFeedback(0, 1);
    expect(await summary([first, second], "starred")).to.deep.equal([1n, 91n, 0n]);
    expect(await summary([first], "", "a")).to.deep.equal([1n, 9_977n, 2n]);
    await expect(registry.getSummary(0, [], "", "")).to.be.revertedWithCustomError(
      registry,
      "ReputationClientsMissing",
    );
  });

  it("gives an average with fewer decimals where 128 bits do not hold it", async () => {
    const { registry, first, give } = await load();
    await give(first, INT128_MAX);
    await give(first, -INT128_MAX - 1n);
    await give(first, INT128_MAX);
    await give(first, 0n, 18);
    const [count, value, decimals] = await registry.getSummary(0, [first], "", "");
    expect([count, decimals]).to.deep.equal([4n, 0n]);
    expect(value).to.equal((INT128_MAX - 1n) / 4n);
  });

  it("reads all feedback, filtered by clients, tags and revocation", async () => {
    const { registry, first, second, give } = await load();
    await give(first, 1n, 0, "x", "y");
    await give(first, 2n, 1, "x", "z");
    await give(second, 3n, 2, "w", "y");
    await registry.connect(first).revokeFeedback(0, 2);
    const read = async (clients: Signer[], tag1: string, tag2: string, revoked: boolean) => {
      const all = await registry.readAllFeedback(0, clients, tag1, tag2, revoked);
      return (all as unknown as unknown[][]).map((column) => [...column]);
    };
    expect(await read([], "", "", true)).to.deep.equal([
      [first.address, first.address, second.address],
      [1n, 2n, 1n],
      [1n, 2n, 3n],
      [0n, 1n, 2n],
      ["x", "x", "w"],
      ["y", "z", "y"],
      [false, true, false],
    ]);
    expect((await read([], "", "", false))[2]).to.deep.equal([1n, 3n]);
    expect((await read([first, first], "", "", true))[2]).to.deep.equal([1n, 2n]);
    expect((await read([], "x", "", false))[2]).to.deep.equal([1n]);
    expect((await read([], "", "y", false))[2]).to.deep.equal([1n, 3n]);
  });

  it("keeps feedback with the agent when it changes hands", async () => {
    const { registry, identity, owner, other, first, give } = await load();
    await give(first, 7n);
    await identity.transferFrom(owner, other, 0);
    expect([...(await registry.getSummary(0, [first], "", ""))]).to.deep.equal([1n, 7n, 0n]);
    await expect(give(other, 1n)).to.be.revertedWithCustomError(registry, "ReputationSelfFeedback");
  });

  it("announces the text's interface by ERC-165, and its identity registry", async () => {
    const { rules, registry } = await load();
    const functions = [
      "getIdentityRegistry()",
      "giveFeedback(uint256,int128,uint8,string,string,string,string,bytes32)",
      "revokeFeedback(uint256,uint64)",
      "appendResponse(uint256,address,uint64,string,bytes32)",
      "getSummary(uint256,address[],string,string)",
      "readFeedback(uint256,address,uint64)",
      "readAllFeedback(uint256,address[],string,string,bool)",
      "getResponseCount(uint256,address,uint64,address[])",
      "getClients(uint256)",
      "getLastIndex(uint256,address)",
    ];
    const interfaceId = functions.reduce((sum, signature) => sum ^ BigInt(id(signature).slice(0, 10)), 0n);
    expect(await registry.supportsInterface(ethers.toBeHex(interfaceId, 4))).to.equal(true);
    expect(await registry.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
    expect(await registry.getIdentityRegistry()).to.equal(ethers.getAddress(rules.at.IdentityRegistry));
  });
});
