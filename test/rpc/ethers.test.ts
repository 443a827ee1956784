// ethers v6 as an outside client, over HTTP and over WebSocket.
import { expect } from "chai";
import { type BaseContract, ContractFactory, JsonRpcProvider, NonceManager, Wallet, WebSocketProvider } from "ethers";
import { hexOf } from "../../node/types/hex.ts";
import { holders } from "../application/testLedger.ts";
import { signer, someone } from "../mempool/signing.ts";
import { notebookAbi, notebookBytecode } from "./notebook.ts";
import { startTestNode, type TestNode } from "./testNode.ts";
import { waitUntil } from "./waitUntil.ts";

for (const kind of ["HTTP", "WebSocket"] as const) {
  describe(`ethers over ${kind}`, function () {
    this.timeout(60_000);
    let node: TestNode;
    let provider: JsonRpcProvider | WebSocketProvider;
    let wallet: NonceManager;

    before(async () => {
      node = await startTestNode();
      provider =
        kind === "HTTP"
          ? new JsonRpcProvider(node.url, undefined, { pollingInterval: 20, cacheTimeout: -1 })
          : new WebSocketProvider(node.wsUrl, undefined, { cacheTimeout: -1 });
      wallet = new NonceManager(new Wallet(hexOf((holders[0] ?? signer(1)).key), provider));
    });

    after(async () => {
      await provider.destroy();
      await node.close();
    });

    async function deploy(): Promise<BaseContract> {
      // ethers wants the plain JSON, and does not change it.
      const abi = JSON.parse(JSON.stringify(notebookAbi));
      const contract = await new ContractFactory(abi, notebookBytecode(), wallet).deploy(5n);
      return contract.waitForDeployment();
    }

    it("knows network, blocks and fees", async () => {
      expect((await provider.getNetwork()).chainId).to.equal(31_107n);
      const block = await provider.getBlock(0);
      expect(block?.hash).to.equal(node.ledger.engine.chain.blockAt(0 as never)?.executionHash);
      const fees = await provider.getFeeData();
      expect(fees.gasPrice).to.equal(0n);
    });

    it("transfers, waits and finds the transaction again", async () => {
      const sent = await wallet.sendTransaction({ to: someone, value: 7n });
      const receipt = await sent.wait();
      expect(receipt?.status).to.equal(1);
      expect((await provider.getTransaction(sent.hash))?.blockNumber).to.equal(receipt?.blockNumber);
      expect((await receipt?.getBlock())?.hash).to.equal(receipt?.blockHash);
      expect(await provider.getTransactionCount(await wallet.getAddress())).to.be.greaterThan(0);
    });

    it("deploys, calls, writes and queries events", async () => {
      const notebook = await deploy();
      const note = notebook.getFunction("note");
      const receipt = await (await note.send("seen")).wait();
      expect(receipt?.logs.length).to.equal(1);
      expect(await notebook.getFunction("notes").staticCall(6n)).to.equal("seen");
      const events = await notebook.queryFilter("Noted", 0);
      expect(events.map((event) => event.transactionHash)).to.deep.equal([receipt?.hash]);
      expect(await note.estimateGas("again")).to.be.greaterThan(21_000n);
    });

    it("explains reverts", async () => {
      const notebook = await deploy();
      const failure = async (call: Promise<unknown>) => {
        try {
          await call;
        } catch (error) {
          return error as { code: string; reason?: string; revert?: { name: string } };
        }
        return { code: "nothing" };
      };
      const refused = await failure(notebook.getFunction("refuse").staticCall("not today"));
      expect(refused).to.include({ code: "CALL_EXCEPTION", reason: "not today" });
      const tooLong = await failure(notebook.getFunction("note").staticCall("x".repeat(101)));
      expect("revert" in tooLong && tooLong.revert?.name).to.equal("TooLong");
    });

    it("names a nonce that was used, and a balance that is too small, as ethers expects them", async () => {
      const plain = new Wallet(hexOf((holders[1] ?? signer(1)).key), provider);
      await (await plain.sendTransaction({ to: someone, value: 1n, nonce: 0 })).wait();
      const codeOf = async (sending: Promise<unknown>) => sending.catch((error: { code: string }) => error.code);
      expect(await codeOf(plain.sendTransaction({ to: someone, value: 2n, nonce: 0, gasLimit: 21_000 }))).to.equal(
        "NONCE_EXPIRED",
      );
      const poor = new Wallet(hexOf(signer(55).key), provider);
      expect(await codeOf(poor.sendTransaction({ to: someone, value: 1n, gasLimit: 21_000 }))).to.equal(
        "INSUFFICIENT_FUNDS",
      );
    });

    it("hears of blocks and events", async () => {
      const notebook = await deploy();
      const heights: number[] = [];
      const texts: string[] = [];
      await provider.on("block", (height: number) => heights.push(height));
      await notebook.on("Noted", (_author: string, _number: bigint, text: string) => texts.push(text));
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const text of ["one", "two"]) await (await notebook.getFunction("note").send(text)).wait();
      await waitUntil(() => texts.length >= 2 && heights.length >= 2);
      expect(texts).to.deep.equal(["one", "two"]);
      await provider.removeAllListeners();
      await notebook.removeAllListeners();
      // ethers uninstalls its filters in the background, and minds when its provider is destroyed meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
  });
}
