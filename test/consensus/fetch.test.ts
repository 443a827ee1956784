import { expect } from "chai";
import { wayOf } from "../../node/consensus/fetch.ts";
import { Solo } from "./solo.ts";

describe("consensus: fetching", () => {
  it("asks every peer in every way within three rounds, whatever the number of peers", () => {
    for (let candidates = 1; candidates <= 30; candidates++) {
      const ways = Array.from({ length: candidates }, () => new Set<number>());
      for (let attempts = 0; attempts < 3 * candidates; attempts++) {
        ways[attempts % candidates]?.add(wayOf(attempts, candidates));
      }
      expect(
        ways.every(({ size }) => size === 3),
        `${candidates} peers`,
      ).to.equal(true);
    }
  });

  it("asks from the last final block, too, when what it holds above that may be no ancestor of what is final", () => {
    const solo = new Solo();
    const first = solo.block(1);
    solo.propose(first);
    solo.receiveCertificate(solo.finalization(1, first.digest));
    // Notarized, and then passed over: the final chain has another block at this height.
    const abandoned = solo.block(2, { parent: first });
    solo.propose(abandoned);
    solo.receiveCertificate(solo.notarization(2, abandoned.digest));
    const far = solo.block(30, { header: { height: 20 as never } });
    const asked = solo.all("send", solo.receiveCertificate(solo.finalization(30, far.digest)));
    for (let attempts = 0; attempts < 6; attempts++) asked.push(...solo.all("send", solo.fire("fetch")));
    const heights = asked.flatMap(({ message }) => (message.kind === "fetchHeights" ? [message.fromHeight] : []));
    expect(new Set<number>(heights)).to.deep.equal(new Set([3, 2]));
    expect(asked.map(({ message }) => message.kind)).to.include("fetchBlock");
  });
});
