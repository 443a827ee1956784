import { expect } from "chai";
import type { ConsensusStatus, PeerStatus, RpcBackend } from "../../node/rpc/backend.ts";
import { readiness } from "../../node/rpc/health.ts";
import { Address, Epoch, Height, View } from "../../node/types/brands.ts";

const addressOf = (number: number): Address => Address(`0x${String(number).padStart(40, "0")}`);

/** A node of a set of four, 0 to 3, that is connected to these others. */
function nodeWith(connected: readonly number[], role: ConsensusStatus["role"] = "validator"): RpcBackend {
  const validators = [0, 1, 2, 3].map((i) => ({ name: `${i}`, address: addressOf(i), peerKey: "0x", addresses: [] }));
  const peers = [1, 2, 3, 4, 5].map(
    (i): PeerStatus => ({ name: `${i}`, address: addressOf(i), connected: connected.includes(i), roundTripMs: 1 }),
  );
  return {
    consensus: () => ({ phase: "running", role, highestFinalized: Height(7), epoch: Epoch(0), view: View(8) }),
    validators: () => ({ epoch: Epoch(0), validators }),
    peers: () => peers,
    engine: { chain: { height: 7 } },
  } as unknown as RpcBackend;
}

describe("readiness", () => {
  it("takes a quorum of the epoch's set, oneself included, and nobody else", () => {
    expect(readiness(nodeWith([1, 2])).ok).to.equal(true);
    expect(readiness(nodeWith([1])).ok).to.equal(false);
    expect(readiness(nodeWith([1, 4, 5])), "two of them have no seat").to.deep.include({ ok: false, reachable: 2 });
  });

  it("of a node without a seat takes a quorum of the others", () => {
    expect(readiness(nodeWith([1, 2], "observer")).ok).to.equal(false);
    expect(readiness(nodeWith([1, 2, 3], "observer")).ok).to.equal(true);
  });
});
