// A real network in which one validator lies, over real connections and with its own key. Nobody looks: the honest
// validators find the contradictions, show them, and the rules convict. No client sends anything.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createPublicClient, http, type PublicClient } from "viem";
import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { type Devnet, type DevnetValidator, startDevnet } from "../../node/cli/devnet.ts";
import { readSeatEntry, type SeatEntry } from "../../node/genesis/seatEntry.ts";
import type { Address } from "../../node/types/brands.ts";
import { validatorRegistryAbi } from "../../sdk/abis/validatorRegistry.ts";
import { voteEquivocationAbi } from "../../sdk/abis/voteEquivocation.ts";
import { ruleAddresses } from "../../sdk/contracts.ts";
import type { Byzantine } from "../simulation/byzantine/byzantine.ts";
import { contradictor, contradictsAll } from "../simulation/byzantine/contradictor.ts";
import { equivocator, splits } from "../simulation/byzantine/equivocator.ts";
import type { SigningScheme } from "../simulation/simulatedScheme.ts";
import { type ByzantineValidator, startByzantineValidator } from "./byzantineValidator.ts";
import { chainId, eventually } from "./cluster.ts";

const stake = 10_000n * 1_000_000n;
const registry = { address: ruleAddresses.validatorRegistry, abi: validatorRegistryAbi } as const;
const module = { address: ruleAddresses.voteEquivocation, abi: voteEquivocationAbi } as const;

const networkFor = (entries: readonly SeatEntry[]) => developmentNetwork({ chainId, rules: "development" }, entries);

const adversaries: readonly (readonly [string, (scheme: SigningScheme) => Byzantine])[] = [
  ["that contradicts every vote it casts", contradictor(contradictsAll)],
  ["that shows others another block when it leads", equivocator(splits.each)],
];

for (const [what, adversaryOf] of adversaries) {
  describe(`a validator ${what}`, function () {
    this.timeout(120_000);
    let folder: string;
    let devnet: Devnet;
    let liar: ByzantineValidator;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "allot-conviction-"));
      const seats = { directory: folder, validators: 4, p2pPort: 0, rpcPort: 0 };
      devnet = await startDevnet({ ...seats, engine: "ethereumjs", logLevel: "info", networkFor });
      const seat = devnet.validators[3] as DevnetValidator;
      await seat.stop();
      liar = await startByzantineValidator(seat.directory, adversaryOf);
    });
    after(async () => {
      await liar?.stop();
      await devnet?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const honest = (): readonly DevnetValidator[] => devnet.validators.slice(0, 3);
    const at = (validator: DevnetValidator): PublicClient =>
      createPublicClient({ transport: http(validator.rpcUrl()) }) as PublicClient;
    const bondAt = (validator: DevnetValidator, account: Address) =>
      at(validator).readContract({ ...registry, functionName: "bondOf", args: [account] });

    it("is convicted by the others alone: the stake is taken and the key barred, on every honest validator", async () => {
      for (const validator of honest()) {
        const bond = await eventually(`${validator.name} sees the conviction`, async () => {
          const found = await bondAt(validator, liar.address);
          return found.suspended ? found : undefined;
        });
        expect([bond.bonded, bond.unbonding]).to.deep.equal([0n, 0n]);
      }
    });

    it("earns one reporter of the others its share, and nobody honest loses anything", async () => {
      const rewards = await Promise.all(
        honest().map(async (validator) => {
          const { address, reporter } = readSeatEntry(join(validator.directory, "validator.json"));
          const { bonded, suspended } = await bondAt(validator, address);
          expect([bonded, suspended]).to.deep.equal([stake, false]);
          return (await at(validator).readContract({ ...registry, functionName: "rewardOf", args: [reporter] })).amount;
        }),
      );
      expect(rewards.toSorted()).to.deep.equal([0n, 0n, stake / 10n].toSorted());
      const [first] = honest() as [DevnetValidator];
      const events = await at(first).getContractEvents({ ...module, eventName: "FaultRewarded", fromBlock: 0n });
      expect(events).to.have.length(1);
    });

    it("costs the others no more once it is convicted, and the chain goes on", async () => {
      const [first] = honest() as [DevnetValidator];
      const sent = async () => {
        const logs = await at(first).getContractEvents({ ...module, eventName: "EvidenceCommitted", fromBlock: 0n });
        return logs.length;
      };
      const [before, height] = [await sent(), await at(first).getBlockNumber({ cacheTime: 0 })];
      await eventually("blocks after the conviction", async () =>
        (await at(first).getBlockNumber({ cacheTime: 0 })) > height + 1n ? true : undefined,
      );
      expect(await sent()).to.equal(before);
      for (const { logFile } of honest()) expect(readFileSync(logFile, "utf8")).not.to.include("reporting has failed");
    });
  });
}
