import { startDevnet } from "./fixtures/devnet.ts";
import type { TestNetwork } from "./fixtures/testNetwork.ts";
import { describeCertificates } from "./suite/certificates.ts";
import { describeMarket } from "./suite/market.ts";

describe("the SDK on four validators", () => {
  let network: TestNetwork;
  before(async function () {
    this.timeout(60_000);
    network = await startDevnet();
  });
  after(() => network?.close());

  const shared = async (): Promise<TestNetwork> => ({ ...network, close: async () => undefined });
  describe("a market", () => describeMarket(shared));
  describe("certificates", () => describeCertificates(shared));
});
