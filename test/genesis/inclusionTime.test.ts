import { expect } from "chai";
import { inclusionSeconds } from "../../node/genesis/inclusionTime.ts";
import { defaultExecution, wideAreaConsensus } from "../../node/genesis/parameters.ts";
import { rulesParameters } from "../../node/genesis/rulesParameters.ts";
import { Digest } from "../../node/types/brands.ts";

const networkId = Digest(`0x${"a1".repeat(32)}`);
/** As large as ValidatorRegistry admits. */
const VALIDATORS_MAX = 100;

const wideArea = (validators: number) => ({ consensus: wideAreaConsensus, execution: defaultExecution, validators });
const sizes = Array.from({ length: VALIDATORS_MAX }, (_, index) => index + 1);

describe("the time within which a transaction is ordered in spite of f faulty leaders", () => {
  it("is the sum that docs/windows.md derives", () => {
    // 64 blocks of backlog (64 MiB of mempool, 1 MiB a block) and the one with the transaction, 2 s each; 1 + 2 s of gossip;
    // 10 + 3 s at the opening; 2 + 1 s of clocks.
    const withoutFaults = 65 * 2 + 3 + 13 + 3;
    expect(inclusionSeconds(wideArea(1))).to.equal(BigInt(withoutFaults));
    // f = 1: 65 blocks by 3 honest leaders take 22 rounds, each of which loses one timeout of 3 s.
    expect(inclusionSeconds(wideArea(4))).to.equal(BigInt(withoutFaults + 22 * 3));
    // f = 2 of 7: 13 rounds of 3 and 6 s.
    expect(inclusionSeconds(wideArea(7))).to.equal(BigInt(withoutFaults + 13 * 9));
    // f = 33 of 100: one round of 3, 6, 12, 24 and 48 s, and 28 times the most, 60 s.
    expect(inclusionSeconds(wideArea(100))).to.equal(BigInt(withoutFaults + 93 + 28 * 60));
  });

  it("is as long as f doubled timeouts at least", () => {
    for (const size of sizes) {
      const faulty = Math.floor((size - 1) / 3);
      const doubled = Math.min(
        wideAreaConsensus.notarizationTimeoutMs * 2 ** (faulty - 1),
        wideAreaConsensus.maxTimeoutMs,
      );
      expect(Number(inclusionSeconds(wideArea(size))) * 1_000, `${size}`).to.be.at.least(faulty === 0 ? 0 : doubled);
      expect(inclusionSeconds(wideArea(size)), `${size}`).to.be.at.least(
        BigInt(faulty * (wideAreaConsensus.leaderTimeoutMs / 1_000)),
      );
    }
  });

  it("fits into every window that somebody must act in, for every size of the validator set", () => {
    for (const size of sizes) {
      const least = inclusionSeconds(wideArea(size));
      const { market, bounds } = rulesParameters(networkId, "default", least);
      const { commitWindowMin, revealWindowMin, deliveryWindowMin, acceptanceWindowMin, verdictWindowMin, panel } =
        market;
      const windows = { commitWindowMin, revealWindowMin, deliveryWindowMin, acceptanceWindowMin, verdictWindowMin };
      for (const [name, seconds] of Object.entries({
        ...windows,
        vote: panel.voteWindow,
        open: panel.voteRevealWindow,
      })) {
        expect(seconds, `${name} of ${size} validators`).to.be.at.least(least);
      }
      for (const name of Object.keys(windows) as (keyof typeof windows)[]) {
        expect(bounds?.[name]?.min, `bound of ${name} for ${size} validators`).to.be.at.least(least);
      }
      expect(market.windowMax).to.be.greaterThan(commitWindowMin);
    }
  });

  it("never makes a window shorter than five minutes, and leaves development networks as they are", () => {
    expect(rulesParameters(networkId, "default", 1n).market.commitWindowMin).to.equal(300n);
    expect(rulesParameters(networkId, "default", 301n).market.commitWindowMin).to.equal(301n);
    expect(rulesParameters(networkId, "development", 301n).market.commitWindowMin).to.equal(1n);
  });
});
