// Hardhat 3 as an outside client: its HTTP network with hardhat-ethers and hardhat-viem, which sign locally. Without
// `gasPrice: 0n` it would bid 1 wei where the node suggests 0.
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { hexOf } from "../../node/types/hex.ts";
import { holders } from "../application/testLedger.ts";
import { type Signer, someone } from "../mempool/signing.ts";
import { notebookAbi, notebookBytecode } from "./notebook.ts";
import { startTestNode, type TestNode } from "./testNode.ts";

describe("Hardhat as a client", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });
  after(() => node.close());

  async function connect() {
    const accounts = holders.slice(0, 2).map(({ key }) => hexOf(key));
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [hardhatEthers, hardhatViem],
      networks: { allot: { type: "http", chainType: "l1", url: node.url, accounts, gasPrice: 0n } },
    });
    return hre.network.connect({ network: "allot", chainType: "l1" });
  }

  it("deploys, writes and reads through ethers", async () => {
    const { ethers } = await connect();
    const [owner] = await ethers.getSigners();
    expect(owner?.address.toLowerCase()).to.equal((holders[0] as Signer).address);
    const factory = new ethers.ContractFactory(JSON.parse(JSON.stringify(notebookAbi)), notebookBytecode(), owner);
    const contract = await (await factory.deploy(3n)).waitForDeployment();
    await (await contract.getFunction("note").send("by Hardhat")).wait();
    expect(await contract.getFunction("notes").staticCall(4n)).to.equal("by Hardhat");
  });

  it("transfers and waits through viem", async () => {
    const { viem } = await connect();
    const publicClient = await viem.getPublicClient();
    const [, second] = await viem.getWalletClients();
    const before = await publicClient.getBalance({ address: someone });
    const hash = await second?.sendTransaction({ to: someone, value: 11n });
    await publicClient.waitForTransactionReceipt({ hash: hash as `0x${string}` });
    expect((await publicClient.getBalance({ address: someone })) - before).to.equal(11n);
  });
});
