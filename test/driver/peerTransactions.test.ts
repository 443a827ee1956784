import { expect } from "chai";
import { admitFromPeer } from "../../node/peerTransactions.ts";
import { PeerIndex } from "../../node/types/brands.ts";
import { holders, openTestLedger, type TestLedger } from "../application/testLedger.ts";
import { sign, signer } from "../mempool/signing.ts";

describe("transactions from another validator", () => {
  const peer = PeerIndex(3);
  let ledger: TestLedger;
  let faults: string[];
  const chainId = 31_107;
  const [holder] = holders as [(typeof holders)[number]];

  beforeEach(async () => {
    ledger = await openTestLedger();
    faults = [];
  });
  afterEach(() => ledger.close());

  const offer = (...transactions: readonly Uint8Array[]): void =>
    admitFromPeer(ledger.application, peer, transactions, (from, code) => faults.push(`${from} ${code}`));

  it("are admitted, and known ones are no fault", () => {
    const transaction = sign(holder, { chainId, nonce: 0 });
    offer(transaction);
    offer(transaction);
    expect(ledger.application.mempool.size).to.equal(1);
    expect(faults).to.deep.equal([]);
  });

  it("are the peer's fault when they are invalid whatever the state is: once for each batch", () => {
    const wrongChain = sign(holder, { chainId: chainId + 1, nonce: 0 });
    offer(Buffer.from("garbage"), wrongChain, sign(holder, { chainId, nonce: 0 }));
    expect(faults).to.have.length(1);
    expect(ledger.application.mempool.size, "the good one counts").to.equal(1);
    offer(wrongChain);
    expect(faults[1]).to.equal("3 WRONG_CHAIN_ID");
  });

  it("are nobody's fault when only the state speaks against them", () => {
    const poor = sign(signer(77), { chainId, nonce: 0, value: 1n });
    offer(poor, sign(holder, { chainId, nonce: 10_000 }));
    expect(ledger.application.mempool.size).to.equal(0);
    expect(faults).to.deep.equal([]);
  });
});
