import { createRequire } from "node:module";
import hardhatToolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);

// Cancun, not later: transient storage and MCOPY are used; both execution engines run the same hard fork.
const settings = {
  evmVersion: "cancun",
  viaIR: true,
  optimizer: { enabled: true, runs: 10_000 },
  // Off-chain code reads storage by slot: a test compares contracts/deploy/storage.ts with the compiler's layout.
  outputSelection: { "*": { "*": ["storageLayout"] } },
};

export default defineConfig({
  plugins: [hardhatToolbox, hardhatViem],
  solidity: {
    // `path` keeps Hardhat from downloading a compiler: both come as npm packages.
    compilers: [
      { version: "0.8.37", path: require.resolve("solc/soljson.js"), settings },
      // EAS pins its pragma to 0.8.29.
      {
        version: "0.8.29",
        path: require.resolve("solc-0.8.29/soljson.js"),
        settings: { ...settings, viaIR: false, optimizer: { enabled: true, runs: 1000 } },
      },
    ],
    // Nearest to the limit of 24,576 bytes (EIP-170), and nothing that every bid executes.
    overrides: {
      "contracts/market/TaskMarket.sol": {
        version: "0.8.37",
        path: require.resolve("solc/soljson.js"),
        settings: { ...settings, optimizer: { enabled: true, runs: 200 } },
      },
      // Every founding validator is an argument of its creation, whose code and arguments EIP-3860 limits.
      "contracts/governance/ValidatorRegistry.sol": {
        version: "0.8.37",
        path: require.resolve("solc/soljson.js"),
        settings: { ...settings, optimizer: { enabled: true, runs: 200 } },
      },
    },
    // The real Ethereum Attestation Service, compiled unchanged.
    npmFilesToBuild: [
      "@ethereum-attestation-service/eas-contracts/contracts/EAS.sol",
      "@ethereum-attestation-service/eas-contracts/contracts/SchemaRegistry.sol",
    ],
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "cancun", allowBlocksWithSameTimestamp: true },
  },
  typechain: { outDir: "types/contracts", tsNocheck: true },
  paths: { tests: { mocha: "test/contracts" } },
  // Limits against hanging, not against a busy machine.
  test: { mocha: { timeout: 180_000, slow: 1_000 } },
});
