import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { ownerAt, registerAgent } from "../actors.ts";
import { deployRules } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const URI = "ipfs://request";

async function world() {
  const rules = await deployRules(connection);
  await registerAgent(rules, 0);
  const owner = ownerAt(rules, 0);
  const registry = rules.contracts.ValidationRegistry.connect(owner);
  const identity = rules.contracts.IdentityRegistry.connect(owner);
  return { rules, registry, identity, owner, other: ownerAt(rules, 1), first: rules.evaluator, second: rules.reporter };
}

describe("ValidationRegistry (ERC-8004)", () => {
  const load = () => networkHelpers.loadFixture(world);

  it("takes requests from the agent's owner and operators alone", async () => {
    const { registry, identity, other, first } = await load();
    await expect(registry.validationRequest(first, 0, URI, id("1")))
      .to.emit(registry, "ValidationRequest")
      .withArgs(first, 0, URI, id("1"));
    await expect(registry.connect(other).validationRequest(first, 0, URI, id("2")))
      .to.be.revertedWithCustomError(registry, "ValidationUnauthorized")
      .withArgs(0, other);
    await identity.setApprovalForAll(other, true);
    await registry.connect(other).validationRequest(first, 0, URI, id("2"));
    await expect(registry.validationRequest(first, 1, URI, id("3")))
      .to.be.revertedWithCustomError(identity, "ERC721NonexistentToken")
      .withArgs(1);
    expect([...(await registry.getAgentValidations(0))]).to.deep.equal([id("1"), id("2")]);
    expect([...(await registry.getValidatorRequests(first))]).to.deep.equal([id("1"), id("2")]);
  });

  it("refuses a request without validator, URI or hash, and a hash that is taken", async () => {
    const { registry, first, second } = await load();
    for (const [validator, uri, hash] of [
      [ZeroAddress, URI, id("1")],
      [first.address, "", id("1")],
      [first.address, URI, ZeroHash],
    ] as const) {
      await expect(registry.validationRequest(validator, 0, uri, hash))
        .to.be.revertedWithCustomError(registry, "ValidationRequestIncomplete")
        .withArgs(hash);
    }
    await registry.validationRequest(first, 0, URI, id("1"));
    await expect(registry.validationRequest(second, 0, URI, id("1")))
      .to.be.revertedWithCustomError(registry, "ValidationRequestExists")
      .withArgs(id("1"));
  });

  it("takes answers of 0 to 100 from the validator asked, again and again", async () => {
    const { registry, owner, first } = await load();
    await registry.validationRequest(first, 0, URI, id("1"));
    expect([...(await registry.getValidationStatus(id("1")))]).to.deep.equal([first.address, 0n, 0n, ZeroHash, "", 0n]);
    const answer = (response: number, tag: string) =>
      registry.connect(first).validationResponse(id("1"), response, "ipfs://a", id("a"), tag);
    await expect(answer(0, "soft"))
      .to.emit(registry, "ValidationResponse")
      .withArgs(first, 0, id("1"), 0, "ipfs://a", id("a"), "soft");
    await answer(100, "hard");
    const at = BigInt(await networkHelpers.time.latest());
    const status = [first.address, 0n, 100n, id("a"), "hard", at];
    expect([...(await registry.getValidationStatus(id("1")))]).to.deep.equal(status);
    await expect(answer(101, "")).to.be.revertedWithCustomError(registry, "ValidationResponseTooLarge").withArgs(101);
    await expect(registry.connect(owner).validationResponse(id("1"), 1, "", ZeroHash, ""))
      .to.be.revertedWithCustomError(registry, "ValidationNotValidator")
      .withArgs(id("1"), owner);
    for (const call of [
      () => registry.connect(first).validationResponse(id("2"), 1, "", ZeroHash, ""),
      () => registry.getValidationStatus(id("2")),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(registry, "ValidationRequestUnknown").withArgs(id("2"));
    }
  });

  it("sums up the latest answers by validators, each once, and tag; a pending request counts nothing", async () => {
    const { registry, first, second } = await load();
    for (const [hash, validator] of [
      ["1", first],
      ["2", first],
      ["3", second],
      ["4", second],
    ] as const) {
      await registry.validationRequest(validator, 0, URI, id(hash));
    }
    const answer = (hash: string, by: typeof first, response: number, tag: string) =>
      registry.connect(by).validationResponse(id(hash), response, "", ZeroHash, tag);
    await answer("1", first, 10, "soft");
    await answer("1", first, 100, "hard");
    await answer("2", first, 51, "");
    await answer("3", second, 0, "hard");
    const summary = async (validators: string[], tag = "") => [...(await registry.getSummary(0, validators, tag))];
    expect(await summary([])).to.deep.equal([3n, 50n]);
    expect(await summary([], "soft")).to.deep.equal([0n, 0n]);
    expect(await summary([], "hard")).to.deep.equal([2n, 50n]);
    expect(await summary([first.address])).to.deep.equal([2n, 75n]);
    expect(await summary([first.address, second.address, first.address])).to.deep.equal([3n, 50n]);
    expect(await summary([second.address, ZeroAddress], "hard")).to.deep.equal([1n, 0n]);
  });

  it("announces the text's interface by ERC-165, and its identity registry", async () => {
    const { rules, registry } = await load();
    const functions = [
      "getIdentityRegistry()",
      "validationRequest(address,uint256,string,bytes32)",
      "validationResponse(bytes32,uint8,string,bytes32,string)",
      "getValidationStatus(bytes32)",
      "getSummary(uint256,address[],string)",
      "getAgentValidations(uint256)",
      "getValidatorRequests(address)",
    ];
    const interfaceId = functions.reduce((sum, signature) => sum ^ BigInt(id(signature).slice(0, 10)), 0n);
    expect(await registry.supportsInterface(ethers.toBeHex(interfaceId, 4))).to.equal(true);
    expect(await registry.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
    expect(await registry.getIdentityRegistry()).to.equal(ethers.getAddress(rules.at.IdentityRegistry));
  });
});
