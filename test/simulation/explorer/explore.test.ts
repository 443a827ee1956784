import { expect } from "chai";
import { explore } from "./explore.ts";

const statesMax = 60_000;

describe("simulation: exploring the core", function () {
  this.timeout(120_000);

  for (const views of [1, 2]) {
    it(`one liar of four, ${views} views: no order of events gives two truths or evidence against the honest`, () => {
      const { violations, forks, states } = explore({ views, liars: [1], restarts: 0, statesMax });
      expect(violations).to.deep.equal([]);
      expect(forks).to.equal(0);
      expect(states).to.be.greaterThan(50_000);
    });
  }

  it("... nor with restarts at any moment", () => {
    const { violations, forks } = explore({ views: 1, liars: [1], restarts: 1, statesMax });
    expect(violations).to.deep.equal([]);
    expect(forks).to.equal(0);
  });

  it("two liars of four do fork the chain, and every fork convicts both of them", () => {
    const { violations, forks, unpunished } = explore({ views: 1, liars: [1, 0], restarts: 0, statesMax: 300_000 });
    expect(violations).to.deep.equal([]);
    expect(forks).to.be.greaterThan(0);
    expect(unpunished).to.equal(0);
  });
});
