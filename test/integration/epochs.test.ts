// A network whose set of validators changes: real processes, sockets and disks. The cases build on each other.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { developmentNetwork } from "../../node/cli/developmentNetwork.ts";
import { installGenesis } from "../../node/cli/installGenesis.ts";
import { freePorts } from "../../node/cli/ports.ts";
import { createSeat } from "../../node/cli/seat.ts";
import { startValidatorProcess, type ValidatorProcess } from "../../node/cli/validatorProcess.ts";
import { nodeFolder } from "../../node/config/nodeFolder.ts";
import { readKeyFile } from "../../node/crypto/keyFile.ts";
import { developmentAccounts } from "../../node/genesis/developmentAccounts.ts";
import { credit } from "../../node/genesis/rulesParameters.ts";
import type { SeatEntry } from "../../node/genesis/seatEntry.ts";
import { hexOf } from "../../node/types/hex.ts";
import {
  type AllotClient,
  allotChain,
  createAllotClient,
  ruleAddresses,
  type ValidatorSet,
  validatorRegistryAbi,
  validatorSetOfGenesis,
  verifyEpochCertificate,
} from "../../sdk/index.ts";
import { Cluster, call, chainId, eventually } from "./cluster.ts";

const epochBlocks = 10;
const stake = 10_000n * credit;

interface Status {
  readonly consensus: { readonly role: string; readonly epoch: number };
  readonly committed: { readonly height: number };
}

describe("a changing set of validators", function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let fifth: ValidatorProcess;
  let entry: SeatEntry;
  let fifthUrl: string;

  before(async () => {
    cluster = await Cluster.start({
      // The first one governs, and counts its nonces itself.
      sender: 8,
      networkFor: (entries) => developmentNetwork({ chainId, rules: "development", epochBlocks }, entries),
    });
  });
  after(async () => {
    await fifth?.stop();
    await cluster?.stop();
  });

  const keyOf = (number: number): Hex => developmentAccounts(number + 1).at(-1)?.privateKey as Hex;
  const clientOf = (privateKey: Hex, url = cluster.validator(1).rpcUrl()): AllotClient =>
    createAllotClient({
      transport: http(url),
      account: privateKeyToAccount(privateKey),
      chain: allotChain({ chainId, rpcUrls: [url] }),
      networkId: cluster.devnet.genesis.networkId,
      pollingInterval: 30,
    });
  const status = (url: string) => call<Status>(url, "allot_nodeStatus");

  async function write(privateKey: Hex, functionName: "deposit" | "join" | "exit", args: readonly unknown[]) {
    const client = clientOf(privateKey);
    const { validatorRegistry: address } = ruleAddresses;
    // Not estimated: a change costs more in the first block of an epoch than in the last of the one before.
    const call = { address, abi: validatorRegistryAbi, functionName, args, gas: 3_000_000n };
    const hash = await client.writeContract(call as never);
    const { status: outcome } = await client.waitForTransactionReceipt({ hash });
    expect(outcome, functionName).to.equal("success");
  }

  /** Orders transactions until so many epochs have begun at the node. */
  async function epochs(count: number, url = cluster.validator(1).rpcUrl()): Promise<void> {
    const { consensus } = await status(url);
    const until = consensus.epoch + count;
    for (let i = 0; i < 40 * count * epochBlocks; i++) {
      if ((await status(url)).consensus.epoch >= until) return;
      await cluster.send(cluster.validator(1));
      await delay(40);
    }
    expect.fail(`epoch ${until} does not begin`);
  }

  it("follows the network as soon as the operators have admitted it", async () => {
    const folder = join(cluster.folder, "fifth");
    const [port] = await freePorts("127.0.0.1", 1);
    const seat = { name: "fifth", organisation: "fifth", addresses: [`/ip4/127.0.0.1/tcp/${port}`], config: {} };
    entry = createSeat(folder, seat);
    await installGenesis(folder, nodeFolder(cluster.validator(0).directory).genesis, true);
    fifth = startValidatorProcess(folder, { rpcPort: "0" }, join(cluster.folder, "fifth.log"));
    fifthUrl = (await fifth.ready).rpcUrl as string;
    expect((await status(fifthUrl)).consensus.role).to.equal("observer");
    const governor = clientOf(keyOf(0));
    const owner = privateKeyToAccount(keyOf(5)).address;
    const contact = { name: entry.name, peerKey: entry.peerKey, addresses: entry.addresses };
    const { proposalId } = await governor.proposeCall({
      contract: "validatorRegistry",
      functionName: "admit",
      args: [entry.address, owner, contact],
    });
    await governor.executeProposal({ proposalId });
    const { committed } = await status(cluster.validator(1).rpcUrl());
    await eventually("the fifth catches up", async () =>
      (await status(fifthUrl)).committed.height >= committed.height ? true : undefined,
    );
    expect((await status(fifthUrl)).consensus.role).to.equal("observer");
  });

  it("votes from the epoch after it joined with its stake", async () => {
    const owner = clientOf(keyOf(5));
    const { validatorRegistry } = ruleAddresses;
    await owner.approveCredits({ spender: validatorRegistry, amount: stake });
    await write(keyOf(5), "deposit", [entry.address, stake]);
    await write(keyOf(5), "join", [entry.address]);
    await epochs(2);
    const { validators } = await owner.getValidators();
    expect(validators.map(({ address }) => address)).to.include(entry.address);
    await eventually("the fifth votes", async () =>
      (await status(fifthUrl)).consensus.role === "validator" ? true : undefined,
    );
    // Five validators, quorum four: without one of the founders its vote is needed.
    await cluster.validator(3).kill();
    await epochs(1);
    await cluster.validator(3).start();
  });

  it("goes on without a founder that has left, which follows", async () => {
    const { directory } = cluster.validator(0);
    const operator = hexOf(readKeyFile(nodeFolder(directory).operatorKey, undefined));
    const leaving = cluster.devnet.genesis.validators.find(({ name }) => name === cluster.validator(0).name);
    await write(operator, "exit", [leaving?.address]);
    await epochs(2);
    const { validators } = await clientOf(keyOf(5)).getValidators();
    expect(validators.map(({ address }) => address)).not.to.include(leaving?.address);
    const url = cluster.validator(0).rpcUrl();
    await eventually("it follows", async () => ((await status(url)).consensus.role === "observer" ? true : undefined));
    await epochs(1);
    const { committed } = await status(cluster.validator(1).rpcUrl());
    await eventually("it has the blocks", async () =>
      (await status(url)).committed.height >= committed.height ? true : undefined,
    );
  });

  it("proves every epoch's set to whoever has the genesis file", async () => {
    let set: ValidatorSet = validatorSetOfGenesis(cluster.devnet.genesis);
    const client = clientOf(keyOf(5), fifthUrl);
    const certificates = await client.getEpochCertificates({ knownEpoch: 0 });
    for (const certificate of certificates) set = await verifyEpochCertificate(certificate, set);
    const { validators, epoch } = await client.getValidators({ epoch: set.epoch });
    expect(set.epoch).to.equal(epoch);
    expect(set.validators).to.deep.equal(validators.map(({ address }) => address));
    expect(set.validators).to.have.length(4);
    expect(set.validators).to.include(entry.address);
  });

  it("is where it was when all of it starts again", async () => {
    const urls = [0, 1, 2, 3].map((index) => cluster.validator(index));
    await Promise.all(urls.map((each) => each.kill()));
    await Promise.all(urls.map((each) => each.start()));
    await epochs(1);
    const { committed } = await status(cluster.validator(2).rpcUrl());
    await eventually("the fifth goes along", async () =>
      (await status(fifthUrl)).committed.height >= committed.height ? true : undefined,
    );
  });
});
