import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex } from "ethers";
import { artifacts, network } from "hardhat";
import { storageSlots } from "../../contracts/deploy/storage.ts";
import { makeAgent } from "./actors.ts";
import { CREDIT, deployRules } from "./fixture.ts";

interface CompilerOutput {
  readonly output: {
    readonly contracts: Record<
      string,
      Record<string, { storageLayout?: { storage: readonly { label: string; slot: string; offset: number }[] } }>
    >;
  };
}

/** The compiler's variables of a contract, with their slots. */
async function layoutOf(name: string): Promise<ReadonlyMap<string, string>> {
  const { buildInfoId, inputSourceName } = await artifacts.readArtifact(name);
  const path = await artifacts.getBuildInfoOutputPath(buildInfoId ?? "");
  expect(path, `compiler output of ${name}`).to.be.a("string");
  const { output } = JSON.parse(await readFile(path as string, "utf8")) as CompilerOutput;
  const variables = output.contracts[inputSourceName ?? ""]?.[name]?.storageLayout?.storage ?? [];
  return new Map(variables.map(({ label, slot, offset }) => [label, `${slot}+${offset}`]));
}

describe("storage slots that off-chain code relies on", () => {
  for (const [contract, slots] of Object.entries(storageSlots)) {
    it(`are the compiler's for ${contract}`, async () => {
      const layout = await layoutOf(contract);
      for (const [variable, slot] of Object.entries(slots)) {
        expect(layout.get(variable), variable).to.equal(`${slot}+0`);
      }
    });
  }

  it("hold an agent's packed record", async () => {
    const connection = await network.create();
    const rules = await deployRules(connection);
    const agent = await makeAgent(rules, 0, 777n * CREDIT);
    const types = ["uint256", "uint256"];
    const place = AbiCoder.defaultAbiCoder().encode(types, [agent.agentId, storageSlots.AgentLedger._agents]);
    const word = BigInt(await connection.ethers.provider.getStorage(rules.at.AgentLedger, keccak256(place)));
    const organisation = BigInt(agent.organisation);
    const capacity = 2n ** 16n - 1n;
    expect(toBeHex(word, 32)).to.equal(
      toBeHex((777n * CREDIT) | (capacity << 160n) | (organisation << 176n) | (1n << 208n), 32),
    );
  });
});
