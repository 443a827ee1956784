// viem as an outside client, over HTTP and over WebSocket.
import { expect } from "chai";
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  getContract,
  http,
  type PublicClient,
  parseEther,
  type Transport,
  webSocket,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { hexOf } from "../../node/types/hex.ts";
import { holders } from "../application/testLedger.ts";
import { signer, someone } from "../mempool/signing.ts";
import { notebookAbi, notebookBytecode } from "./notebook.ts";
import { startTestNode, type TestNode } from "./testNode.ts";
import { waitUntil } from "./waitUntil.ts";

const accountOf = (index: number): PrivateKeyAccount =>
  privateKeyToAccount(hexOf((holders[index] ?? signer(index)).key));

for (const kind of ["HTTP", "WebSocket"] as const) {
  describe(`viem over ${kind}`, function () {
    this.timeout(60_000);
    let node: TestNode;
    let client: PublicClient;
    let transport: Transport;
    const alice = accountOf(0);

    function walletOf(account: PrivateKeyAccount) {
      const chain = defineChain({
        id: 31_107,
        name: "Allot",
        nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
        rpcUrls: { default: { http: [node.url] } },
      });
      return createWalletClient({ account, chain, transport });
    }

    async function deploy() {
      const wallet = walletOf(alice);
      const hash = await wallet.deployContract({ abi: notebookAbi, bytecode: notebookBytecode(), args: [10n] });
      const { contractAddress } = await client.waitForTransactionReceipt({ hash });
      if (!contractAddress) throw new Error("not deployed");
      return getContract({ address: contractAddress, abi: notebookAbi, client: { public: client, wallet } });
    }

    before(async () => {
      node = await startTestNode();
      transport = kind === "HTTP" ? http(node.url) : webSocket(node.wsUrl);
      client = createPublicClient({ transport, pollingInterval: 20, cacheTime: 0 }) as PublicClient;
    });

    after(async () => {
      if (kind === "WebSocket")
        (await (client.transport as { getRpcClient?(): Promise<{ close(): void }> }).getRpcClient?.())?.close();
      await node.close();
    });

    it("knows the chain, blocks by number, tag and hash, and fees of nothing", async () => {
      expect(await client.getChainId()).to.equal(31_107);
      const genesis = await client.getBlock({ blockTag: "earliest" });
      expect(genesis.number).to.equal(0n);
      const byHash = await client.getBlock({ blockHash: genesis.hash as `0x${string}` });
      expect(byHash.stateRoot).to.equal(genesis.stateRoot);
      const latest = await client.getBlock();
      const final = await client.getBlock({ blockTag: "finalized" });
      expect(final.hash).to.equal(latest.hash);
      expect(await client.getGasPrice()).to.equal(0n);
      expect((await client.estimateFeesPerGas()).maxFeePerGas).to.equal(0n);
    });

    it("transfers and waits for the receipt", async () => {
      const before = await client.getBalance({ address: someone });
      const hash = await walletOf(alice).sendTransaction({ to: someone, value: parseEther("1") });
      const receipt = await client.waitForTransactionReceipt({ hash });
      expect(receipt).to.include({ status: "success", gasUsed: 21_000n, from: alice.address.toLowerCase() });
      expect(receipt.effectiveGasPrice).to.equal(0n);
      expect((await client.getBalance({ address: someone })) - before).to.equal(parseEther("1"));
      const transaction = await client.getTransaction({ hash });
      expect(transaction.blockHash).to.equal(receipt.blockHash);
      expect(transaction.value).to.equal(parseEther("1"));
      const block = await client.getBlock({ blockNumber: receipt.blockNumber, includeTransactions: true });
      expect(block.transactions.map((each) => each.hash)).to.include(hash);
    });

    it("deploys, estimates, calls, writes and reads logs", async () => {
      const notebook = await deploy();
      expect(await notebook.read.count()).to.equal(10n);
      const gas = await notebook.estimateGas.note(["hello"], { account: alice });
      const hash = await notebook.write.note(["hello"], { gas });
      const receipt = await client.waitForTransactionReceipt({ hash });
      expect(receipt.status).to.equal("success");
      expect(receipt.gasUsed <= gas).to.equal(true);
      expect(await notebook.read.notes([11n])).to.equal("hello");
      const logs = await client.getContractEvents({
        address: notebook.address,
        abi: notebookAbi,
        eventName: "Noted",
        args: { number: 11n },
        fromBlock: 0n,
      });
      expect(logs.map((log) => log.args.text)).to.deep.equal(["hello"]);
      expect(logs[0]?.transactionHash).to.equal(hash);
      const none = await client.getContractEvents({
        address: notebook.address,
        abi: notebookAbi,
        eventName: "Noted",
        args: { number: 12n },
        fromBlock: 0n,
      });
      expect(none).to.deep.equal([]);
      expect(await client.getCode({ address: notebook.address })).to.have.length.greaterThan(100);
      expect(await client.getStorageAt({ address: notebook.address, slot: "0x0" })).to.equal(
        `0x${"b".padStart(64, "0")}`,
      );
      const past = await client.readContract({
        address: notebook.address,
        abi: notebookAbi,
        functionName: "count",
        blockNumber: receipt.blockNumber - 1n,
      });
      expect(past).to.equal(10n);
    });

    it("explains reverts: reasons, panics and custom errors", async () => {
      const notebook = await deploy();
      const failure = async (call: Promise<unknown>) => {
        try {
          await call;
        } catch (error) {
          return String(error);
        }
        return "nothing";
      };
      expect(await failure(notebook.read.refuse(["not today"]))).to.contain("not today");
      expect(await failure(notebook.read.panic([0n]))).to.match(/[Dd]ivi/);
      expect(await failure(notebook.simulate.note(["x".repeat(101)]))).to.contain("TooLong(uint256 length)");
      expect(await failure(notebook.estimateGas.note(["x".repeat(101)], { account: alice }))).to.contain("TooLong");
    });

    it("watches heads, logs and waiting transactions", async () => {
      const notebook = await deploy();
      const heads: bigint[] = [];
      const texts: (string | undefined)[] = [];
      const pending: string[] = [];
      const ends = [
        client.watchBlocks({ onBlock: (block) => heads.push(block.number) }),
        client.watchContractEvent({
          address: notebook.address,
          abi: notebookAbi,
          eventName: "Noted",
          onLogs: (logs) => {
            for (const log of logs) texts.push(log.args.text);
          },
        }),
        client.watchPendingTransactions({ onTransactions: (hashes) => pending.push(...hashes) }),
      ];
      // The filters and subscriptions stand once their answers are here, and requests are answered in order.
      await new Promise((resolve) => setTimeout(resolve, 150));
      const hashes: string[] = [];
      for (const text of ["one", "two"]) {
        const hash = await notebook.write.note([text]);
        hashes.push(hash);
        await client.waitForTransactionReceipt({ hash });
      }
      await waitUntil(() => texts.length >= 2 && pending.length >= 2 && heads.length >= 2);
      for (const end of ends) end();
      expect(texts).to.deep.equal(["one", "two"]);
      expect(pending).to.deep.equal(hashes);
      expect([...heads].sort((a, b) => Number(a - b))).to.deep.equal(heads);
    });

    it("reads fee history", async () => {
      const history = await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] });
      expect(history.baseFeePerGas.every((fee) => fee === 0n)).to.equal(true);
      expect(history.gasUsedRatio.length).to.equal(history.baseFeePerGas.length - 1);
      expect(history.reward?.[0]).to.deep.equal([0n, 0n]);
      expect(history.gasUsedRatio.some((ratio) => ratio > 0)).to.equal(true);
    });

    it("sends and gets the receipt in one call", async () => {
      const wallet = walletOf(alice);
      const receipt = await wallet.sendTransactionSync({ to: someone, value: 1n });
      expect(receipt.status).to.equal("success");
    });

    it("counts waiting transactions in the pending nonce", async () => {
      const bob = accountOf(1);
      const wallet = walletOf(bob);
      const nonce = await client.getTransactionCount({ address: bob.address, blockTag: "pending" });
      const hashes = [1, 0].map((ahead) =>
        wallet.sendTransaction({ to: someone, value: 1n, nonce: nonce + ahead, gas: 21_000n }),
      );
      const receipts = await Promise.all(
        (await Promise.all(hashes)).map((hash) => client.waitForTransactionReceipt({ hash })),
      );
      expect(receipts.every((receipt) => receipt.status === "success")).to.equal(true);
      const after = await client.getTransactionCount({ address: bob.address, blockTag: "pending" });
      expect(after - nonce).to.equal(2);
    });
  });
}
