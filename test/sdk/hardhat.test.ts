import { startHardhatNetwork } from "./fixtures/hardhatNetwork.ts";
import { describeMarket } from "./suite/market.ts";
import { describeVotes } from "./suite/votes.ts";

describe("the SDK on Hardhat's network", () => {
  describe("a market", () => describeMarket(startHardhatNetwork));
  describe("votes", () => describeVotes(startHardhatNetwork));
});
