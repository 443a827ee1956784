import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { configFromEnvironment, configFromFlags, mergeConfig, readConfigFile } from "../../node/config/nodeConfig.ts";
import { environmentVariableOf, flagOf, nodeOptions, optionNames } from "../../node/config/options.ts";
import { AllotError } from "../../node/types/errors.ts";

describe("the table of options", () => {
  it("has a default for every option that its own schema accepts", () => {
    for (const name of optionNames) {
      const { schema, default: standard } = nodeOptions[name];
      expect(schema.parse(standard), name).to.deep.equal(standard);
    }
  });

  it("names flags and environment variables after the options", () => {
    expect(flagOf("rpcPort")).to.equal("--rpc-port");
    expect(environmentVariableOf("rpcPort")).to.equal("ALLOT_RPC_PORT");
  });

  it("is what docs/configuration.md shows", () => {
    const script = fileURLToPath(new URL("../../scripts/options.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    expect(status, stderr).to.equal(0);
  });
});

describe("a node's configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "allot-config-"));
  const file = join(folder, "config.json");

  after(() => rmSync(folder, { recursive: true }));

  function fromFile(text: string) {
    writeFileSync(file, text);
    return readConfigFile(file);
  }

  it("takes flags over the environment, that over the file, that over the defaults", () => {
    const inFile = fromFile('{ "rpcPort": 1, "rpcHost": "::1", "historyBlocks": 7 }');
    const inEnvironment = configFromEnvironment({ ALLOT_RPC_PORT: "2", ALLOT_RPC_HOST: "0.0.0.0", PATH: "/bin" });
    const merged = mergeConfig(inFile, inEnvironment, configFromFlags({ rpcPort: "3" }));
    expect(merged).to.include({ rpcPort: 3, rpcHost: "0.0.0.0", historyBlocks: 7, engine: "ethereumjs" });
  });

  it("reads every kind of value from a flag", () => {
    const flags = {
      rpcEnabled: "false",
      listenAddresses: "/ip4/0.0.0.0/tcp/1,/ip6/::/tcp/2",
      peerAddresses: "a=/ip4/10.0.0.1/tcp/1,b=/dns4/b.example/tcp/2,a=/ip4/10.0.0.2/tcp/1",
    };
    expect(configFromFlags(flags)).to.deep.equal({
      rpcEnabled: false,
      listenAddresses: ["/ip4/0.0.0.0/tcp/1", "/ip6/::/tcp/2"],
      peerAddresses: {
        a: ["/ip4/10.0.0.1/tcp/1", "/ip4/10.0.0.2/tcp/1"],
        b: ["/dns4/b.example/tcp/2"],
      },
    });
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ['{ "rpcPort": "8545" }', "rpcPort", /whole number from 0 to 65535/],
    ['{ "rpcPort": 1.5 }', "rpcPort", /whole number/],
    ['{ "rpcport": 1 }', "rpcport", /not known here; known are rpcEnabled, rpcHost, rpcPort/],
    ['{ "rpcEnabled": "yes" }', "rpcEnabled", /true or false/],
    ['{ "engine": "geth" }', "engine", /one of ethereumjs, hardhat/],
    ['{ "listenAddresses": "/ip4/0.0.0.0/tcp/1" }', "listenAddresses", /list of addresses/],
    ['{ "listenAddresses": ["/ip4/0.0.0.0/udp/1"] }', "listenAddresses[0]", /must be an address such as/],
    ['{ "peerAddresses": { "bolt": ["nowhere"] } }', "peerAddresses.bolt[0]", /must be an address such as/],
    ['{ "historyBlocks": 0 }', "historyBlocks", /from 1 to/],
    ["[]", "", /must be an object/],
  ];
  for (const [text, place, reason] of mistakes) {
    it(`refuses ${text} and says where and why`, () => {
      const error = expectError(() => fromFile(text));
      expect(error.facts).to.include({ file, place });
      expect(error.facts.reason).to.match(reason);
      expect(readFileSync(file, "utf8")).to.equal(text);
    });
  }
});

function expectError(act: () => unknown): AllotError {
  try {
    act();
  } catch (error) {
    if (error instanceof AllotError) return error;
    throw error;
  }
  return expect.fail("was accepted");
}
