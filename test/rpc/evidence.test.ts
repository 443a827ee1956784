import { expect } from "chai";
import { rpcEvidenceCountMax } from "../../node/config/limits.ts";
import { signHash } from "../../node/crypto/secp256k1Scheme.ts";
import { Digest, Epoch, ValidatorIndex, View } from "../../node/types/brands.ts";
import type { Evidence } from "../../node/types/evidence.ts";
import type { Vote } from "../../node/types/vote.ts";
import { voteHasher } from "../../node/types/votePreimage.ts";
import { testGenesis, validator } from "../application/testLedger.ts";
import { startTestNode, type TestNode } from "./testNode.ts";

const hash = voteHasher(testGenesis());

function evidence(view: number, epoch = 0, offender = 0): Evidence {
  const place = { epoch: Epoch(epoch), view: View(view) };
  const signer = ValidatorIndex(offender);
  const signed = (vote: Vote) => ({ vote, signer, signature: signHash(hash(vote), validator.key) });
  const digest = Digest(`0x${"ab".repeat(32)}`);
  return {
    kind: "nullifyFinalize",
    offender: signer,
    first: signed({ kind: "nullify", ...place }),
    second: signed({ kind: "finalize", ...place, digest }),
  };
}

describe("allot_getEvidence", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });
  after(() => node.close());

  it("names offenders by address, with both votes as they were signed, and only the one asked for", async () => {
    expect((await node.call("allot_getEvidence")).result).to.deep.equal([]);
    const { first, second, kind } = evidence(41);
    node.status.evidence = [evidence(41)];
    const statements = [first, second].map(({ vote, signature }) => ({ vote, signature }));
    const found = [{ kind, validator: validator.address, epoch: 0, view: 41, statements }];
    expect((await node.call("allot_getEvidence")).result).to.deep.equal(found);
    expect((await node.call("allot_getEvidence", validator.address)).result).to.deep.equal(found);
    expect((await node.call("allot_getEvidence", `0x${"11".repeat(20)}`)).result).to.deep.equal([]);
  });

  it("leaves out whom it cannot name, and bounds its answer", async () => {
    node.status.evidence = [evidence(1, 7), evidence(2, 0, 9), evidence(3)];
    const views = ((await node.call("allot_getEvidence")).result as { view: number }[]).map(({ view }) => view);
    expect(views).to.deep.equal([3]);
    node.status.evidence = Array<Evidence>(rpcEvidenceCountMax + 1).fill(evidence(3));
    expect((await node.call("allot_getEvidence")).result).to.have.length(rpcEvidenceCountMax);
  });
});
