import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { type Hex, hashDomain, hashTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Vote } from "../../node/types/vote.ts";
import { voteTypes } from "../../node/types/voteTypes.ts";
import { bidTypes, hashBid, recoverBidSigner, signBidStatement } from "../../sdk/typedData/bid.ts";
import { bidKeyTypes, hashBidKeyProof, signBidKeyProof } from "../../sdk/typedData/bidKey.ts";
import { commitmentOf, randomSalt } from "../../sdk/typedData/commitment.ts";
import {
  deliveryTypes,
  hashDelivery,
  recoverDeliverySigner,
  signDeliveryStatement,
} from "../../sdk/typedData/delivery.ts";
import { consensusDomain, type MarketDomain, marketDomain } from "../../sdk/typedData/domain.ts";
import { hashVote, recoverVoteSigner } from "../../sdk/typedData/vote.ts";
import vectors from "../vectors/statements.json" with { type: "json" };

const account = privateKeyToAccount(vectors.privateKey as Hex);
const domainTypes = {
  market: [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
    { name: "salt", type: "bytes32" },
  ],
};

function statement(kind: string) {
  const found = vectors.statements.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new RangeError(`no vector ${kind}`);
  const message = found.message as Record<string, string>;
  const count = (name: string) => BigInt(message[name] ?? "");
  return { ...found, hash: found.hash as Hex, signature: found.signature as Hex, text: message, count };
}

/** The domain of a vector, built by the SDK from the parts that differ. */
function domainOf({ domain }: { domain: { chainId: number; salt: string; verifyingContract?: string } }): MarketDomain {
  const verifyingContract = domain.verifyingContract as Hex;
  return marketDomain({ chainId: domain.chainId, networkId: domain.salt as Hex, verifyingContract });
}

describe("typed data", () => {
  it("commits to a bid as ERC-8469 says", () => {
    const { tenderId, bidder, amount, salt, commitment } = vectors.commitment;
    const opening = { tenderId: tenderId as Hex, bidder: bidder as Hex, amount: BigInt(amount), salt: salt as Hex };
    expect(commitmentOf(opening)).to.equal(commitment);
    expect(commitmentOf({ ...opening, amount: opening.amount + 1n })).not.to.equal(commitment);
  });

  it("draws salts of 32 bytes that do not repeat", () => {
    const salts = Array.from({ length: 100 }, randomSalt);
    expect(new Set(salts)).to.have.length(100);
    for (const salt of salts) expect(salt).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("hashes and signs a bid as in the vectors", async () => {
    const vector = statement("bid");
    const bid = {
      tenderId: vector.text.tenderId as Hex,
      agentId: vector.count("agentId"),
      slot: vector.count("slot"),
      commitment: vector.text.commitment as Hex,
    };
    const domain = domainOf(vector);
    expect(domain).to.deep.equal(vector.domain);
    expect(hashBid(domain, bid)).to.equal(vector.hash);
    expect(TypedDataEncoder.hash(domain, { Bid: [...bidTypes.Bid] }, bid)).to.equal(vector.hash);
    expect(await signBidStatement(account, domain, bid)).to.equal(vector.signature);
    expect(await recoverBidSigner(domain, bid, vector.signature)).to.equal(vectors.signer);
    expect(await recoverBidSigner(domain, { ...bid, slot: 1n }, vector.signature)).not.to.equal(vectors.signer);
  });

  it("hashes and signs a delivery as in the vectors", async () => {
    const vector = statement("delivery");
    const delivery = {
      jobId: vector.count("jobId"),
      agentId: vector.count("agentId"),
      deliverable: vector.text.deliverable as Hex,
    };
    const domain = domainOf(vector);
    expect(hashDelivery(domain, delivery)).to.equal(vector.hash);
    expect(TypedDataEncoder.hash(domain, { Delivery: [...deliveryTypes.Delivery] }, delivery)).to.equal(vector.hash);
    expect(await signDeliveryStatement(account, domain, delivery)).to.equal(vector.signature);
    expect(await recoverDeliverySigner(domain, delivery, vector.signature)).to.equal(vectors.signer);
  });

  it("hashes and signs a bid key's proof of possession as in the vectors", async () => {
    const vector = statement("bidKey");
    const proof = {
      agentId: vector.count("agentId"),
      owner: vector.text.owner as Hex,
      nonce: vector.count("nonce"),
      deadline: vector.count("deadline"),
    };
    const domain = domainOf(vector);
    expect(hashBidKeyProof(domain, proof)).to.equal(vector.hash);
    expect(TypedDataEncoder.hash(domain, { BidKey: [...bidKeyTypes.BidKey] }, proof)).to.equal(vector.hash);
    expect(await signBidKeyProof(account, domain, proof)).to.equal(vector.signature);
  });

  for (const kind of ["notarize", "nullify", "finalize"] as const) {
    it(`hashes a ${kind} vote as in the vectors and recovers its validator`, async () => {
      const vector = statement(kind);
      const view = { epoch: Number(vector.text.epoch), view: Number(vector.text.view) };
      const vote = { kind, ...view, ...(kind === "nullify" ? {} : { digest: vector.text.digest }) } as Vote;
      const domain = consensusDomain({ chainId: vector.domain.chainId, networkId: vector.domain.salt as Hex });
      expect(domain).to.deep.equal(vector.domain);
      expect(hashVote(domain, vote)).to.equal(vector.hash);
      expect(await recoverVoteSigner(domain, vote, vector.signature)).to.equal(vectors.signer);
    });
  }

  it("separates domains as viem and ethers do", () => {
    for (const { domain, domainSeparator } of vectors.statements) {
      expect(TypedDataEncoder.hashDomain(domain)).to.equal(domainSeparator);
      const fields = domainTypes.market.filter(({ name }) => name in domain);
      const types = { EIP712Domain: fields } as Record<string, { name: string; type: string }[]>;
      expect(hashDomain({ domain: domain as object, types })).to.equal(domainSeparator);
    }
  });

  it("gives a vote of another network another hash", () => {
    const message = { epoch: 0n, view: 1n };
    const hashIn = (salt: Hex) =>
      hashTypedData({
        domain: consensusDomain({ chainId: 1, networkId: salt }),
        types: voteTypes,
        primaryType: "Nullify",
        message,
      });
    expect(hashIn(`0x${"01".repeat(32)}`)).not.to.equal(hashIn(`0x${"02".repeat(32)}`));
  });
});
