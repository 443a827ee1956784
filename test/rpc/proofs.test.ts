// Proofs and certificates, checked with standard tools only: keccak, RLP, @ethereumjs/mpt and one quorum check.
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { type Hex, hexToBytes, keccak256 } from "viem";
import { stateFlushBlocksMax } from "../../node/config/limits.ts";
import { secp256k1Scheme } from "../../node/crypto/secp256k1Scheme.ts";
import { assignmentSlots } from "../../node/rpc/assignmentSlots.ts";
import type { AssignmentCertificate } from "../../node/types/assignmentCertificate.ts";
import { digestOfHeader } from "../../node/types/blockCodec.ts";
import { Address } from "../../node/types/brands.ts";
import { hexOf } from "../../node/types/hex.ts";
import { holders, testGenesis, validator } from "../application/testLedger.ts";
import { type Signer, sign, someone } from "../mempool/signing.ts";
import { startTestNode, type TestNode } from "./testNode.ts";

const market = Address(`0x${"a7".repeat(20)}`);
const words = [`0x${"12".repeat(32)}`, `0x${"00".repeat(31)}05`] as const;
const [alice] = holders as readonly [Signer, ...Signer[]];

async function proven(root: Hex, key: Hex, proof: readonly Hex[]): Promise<Hex | undefined> {
  const nodes = proof.map((node) => hexToBytes(node));
  const value = await verifyMerkleProof(hexToBytes(keccak256(key)), nodes, {
    useKeyHashing: false,
    root: hexToBytes(root),
  } as never);
  return value === null ? undefined : hexOf(value);
}

describe("proofs and certificates", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    const slots = assignmentSlots(7n, 2n);
    const storage = Object.fromEntries(slots.map((slot, index) => [slot, words[index] as Hex]));
    const genesis = testGenesis();
    node = await startTestNode({
      ...genesis,
      contracts: { TaskMarket: market },
      alloc: { ...genesis.alloc, [market]: { code: "0x00", storage } },
    });
    await node.call("eth_sendRawTransactionSync", hexOf(sign(alice, { chainId: 31_107, nonce: 0, value: 3n })));
    await node.ledger.sequencer.idle();
  });
  after(() => node.close());

  it("eth_getProof proves accounts, words and their absence against the block's state root", async () => {
    const block = (await node.call("eth_getBlockByNumber", "latest", false)).result as { stateRoot: Hex };
    const slots = [assignmentSlots(7n, 2n)[1] as Hex, "0x1"];
    const { result } = await node.call("eth_getProof", market, slots, "latest");
    const proof = result as {
      accountProof: Hex[];
      storageHash: Hex;
      codeHash: Hex;
      storageProof: { value: Hex; proof: Hex[] }[];
    };
    const account = await proven(block.stateRoot, market, proof.accountProof);
    const forged = await proven(`0x${"99".repeat(32)}`, market, proof.accountProof).catch(() => "refused");
    expect(forged).to.equal("refused");
    const fields = RLP.decode(hexToBytes(account as Hex)) as Uint8Array[];
    expect(hexOf(fields[2] as Uint8Array)).to.equal(proof.storageHash);
    expect(hexOf(fields[3] as Uint8Array))
      .to.equal(keccak256("0x00"))
      .and.to.equal(proof.codeHash);
    const [present, absent] = proof.storageProof;
    expect(present?.value).to.equal("0x5");
    expect(await proven(proof.storageHash, slots[0] as Hex, present?.proof ?? [])).to.equal("0x05");
    expect(absent?.value).to.equal("0x0");
    const word = `0x${"1".padStart(64, "0")}` as Hex;
    expect(await proven(proof.storageHash, word, absent?.proof ?? [])).to.equal(undefined);
    const nobody = `0x${"0d".repeat(20)}`;
    const { result: none } = await node.call("eth_getProof", nobody, [], "latest");
    expect(await proven(block.stateRoot, nobody as Hex, (none as typeof proof).accountProof)).to.equal(undefined);
  });

  it("allot_getFinalization gives the header whose digest the quorum signed", async () => {
    const { result } = await node.call("allot_getFinalization", 1);
    const { headers, finalization } = result as never as {
      headers: AssignmentCertificate["header"][];
      finalization: AssignmentCertificate["finalization"];
    };
    expect(headers.length).to.equal(1);
    expect(headers[0]?.height).to.equal(1);
    expect(finalization.vote.digest).to.equal(digestOfHeader(headers[0] as AssignmentCertificate["header"]));
    expect((await node.call("allot_getFinalization", 999)).result).to.equal(null);
    expect((await node.call("allot_getFinalization", "earliest")).result).to.equal(null);
    const tip = (await node.call("allot_getFinalization", "latest")).result as { headers: { height: number }[] };
    expect(tip.headers[0]?.height).to.equal(node.ledger.application.info().height);
  });

  it("allot_getAssignmentCertificate can be verified with nothing but the validator set", async () => {
    const { result, error } = await node.call("allot_getAssignmentCertificate", 7, 2);
    expect(error).to.equal(undefined);
    const certificate = result as AssignmentCertificate;
    const { chainId, networkId, finalization, header, executionHeader } = certificate;
    expect(BigInt(certificate.taskId)).to.equal(7n);
    expect(certificate.unit).to.equal(2);
    const scheme = secp256k1Scheme({ chainId, networkId }, [validator.address]);
    expect(scheme.verifyCertificate(finalization)).to.equal(true);
    expect(finalization.vote.digest).to.equal(digestOfHeader(header));
    expect(header.parentExecutionHash).to.equal(keccak256(executionHeader));
    const stateRoot = hexOf((RLP.decode(hexToBytes(executionHeader)) as Uint8Array[])[3] as Uint8Array);
    const account = await proven(stateRoot, market, certificate.accountProof);
    const storageRoot = hexOf((RLP.decode(hexToBytes(account as Hex)) as Uint8Array[])[2] as Uint8Array);
    for (const [index, { slot, word, proof }] of certificate.storage.entries()) {
      expect(slot).to.equal(assignmentSlots(7n, 2n)[index]);
      expect(word).to.equal(words[index]);
      const encoded = (await proven(storageRoot, slot, proof)) as Hex;
      expect(BigInt(hexOf(RLP.decode(hexToBytes(encoded)) as Uint8Array))).to.equal(BigInt(word));
    }
    expect(certificate.storage.length).to.equal(2);
  });

  it("says so when a unit is not assigned", async () => {
    const { error } = await node.call("allot_getAssignmentCertificate", "0x7", 3);
    expect(error).to.include({ code: -32000 });
    expect(error?.message).to.contain("unit 3 of task 7 is not assigned");
  });

  it("lists the validators with what a verifier needs, and the node's own state", async () => {
    const { result } = await node.call("allot_getValidators");
    expect(result).to.deep.include({ chainId: 31_107, epoch: 0, quorum: 1, networkId: node.ledger.genesis.networkId });
    expect((result as { validators: unknown[] }).validators[0]).to.include({ index: 0, address: validator.address });
    expect((await node.call("allot_getValidators", 1)).error?.message).to.contain("epoch 1 has not begun");
    const status = (await node.call("allot_nodeStatus")).result as { committed: { height: number }; engine: string };
    expect(status.committed.height).to.equal(node.ledger.application.info().height);
    expect(status.engine).to.equal("ethereumjs");
  });

  it("says what is no longer kept, and what is not there yet", async () => {
    expect((await node.call("eth_getBalance", someone, "0xffff")).error?.message).to.contain("the latest block is");
    // The engine keeps a little more than it is asked to: what has not been flushed yet.
    for (let count = 0; count < 64 + 3 * stateFlushBlocksMax; count++) await node.ledger.sequencer.produce([]);
    const { error } = await node.call("eth_getBalance", someone, "0x1");
    expect(error?.code).to.equal(-32000);
    expect(error?.message).to.contain("the state of block 1 is no longer kept");
    expect((await node.call("eth_getBlockByNumber", "0x1", true)).result).to.have.property("number", "0x1");
  });
});
