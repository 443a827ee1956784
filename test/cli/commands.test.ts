import { scryptSync } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { scryptSync as ethersScrypt, Wallet } from "ethers";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import { readGenesis } from "../../node/genesis/readGenesis.ts";
import { allot, type Outcome, temporaryFolder } from "./runAllot.ts";

/** One clear sentence on stderr, nothing on stdout, exit code 2. */
function expectRefusal(outcome: Outcome, sentence: RegExp): void {
  expect(outcome.stderr).to.match(sentence);
  expect(outcome.stderr.trim().split("\n").length, outcome.stderr).to.be.at.most(2);
  expect(outcome.stdout).to.equal("");
  expect(outcome.code).to.equal(2);
}

const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe("the command line", () => {
  it("explains itself, and every command with an example", async () => {
    const overview = await allot(["--help"]);
    expect(overview.code).to.equal(0);
    for (const command of ["devnet", "init", "testnet", "start", "keys", "genesis"]) {
      expect(overview.stdout).to.match(new RegExp(`^ {2}${command}\\b`, "m"));
      const help = await allot([command, "--help"]);
      expect(help.code).to.equal(0);
      expect(help.stdout).to.match(new RegExp(`Example[^]*allot ${command}`));
    }
  });

  it("shows the help and exit code 2 when it is called with nothing", async () => {
    const outcome = await allot([]);
    expect(outcome.code).to.equal(2);
    expect(outcome.stderr).to.include("Usage: allot");
  });

  it("refuses an unknown command and an unknown flag, and says what was meant", async () => {
    expectRefusal(await allot(["strat"]), /^allot: unknown command 'strat'\n\(Did you mean start\?\)/);
    expectRefusal(await allot(["devnet", "--dri", "x"]), /^allot: unknown option '--dri'\n\(Did you mean --dir\?\)/);
  });

  it("tells its version", async () => {
    const { stdout, code } = await allot(["version", "--json"]);
    expect(JSON.parse(stdout)).to.include({ node: process.versions.node }).and.have.property("allot");
    expect(code).to.equal(0);
  });
});

describe("allot keys", () => {
  const path = temporaryFolder();

  it("generates a key that only its owner can read, and shows its public side", async () => {
    const made = await allot(["keys", "generate", path("a.key"), "--json"]);
    const { address, peerKey, reporter } = JSON.parse(made.stdout);
    expect(modeOf(path("a.key"))).to.equal(0o600);
    const key = readFileSync(path("a.key"), "utf8").trim();
    expect({ address, peerKey, reporter }).to.deep.equal(validatorIdentity(Buffer.from(key.slice(2), "hex")));
    expect(address).to.equal(new Wallet(key).address.toLowerCase());
    const shown = await allot(["keys", "show", path("a.key"), "--json"]);
    expect(JSON.parse(shown.stdout)).to.deep.equal(JSON.parse(made.stdout));
    expect(shown.stdout).not.to.include(key.slice(2));
  });

  it("writes the key of a validator's reporter account", async () => {
    const made = JSON.parse((await allot(["keys", "generate", path("validator.key"), "--json"])).stdout);
    await allot(["keys", "reporter", path("reporter.key"), "--from", path("validator.key")]);
    const wallet = new Wallet(readFileSync(path("reporter.key"), "utf8").trim());
    expect(wallet.address.toLowerCase()).to.equal(made.reporter);
    expect(modeOf(path("reporter.key"))).to.equal(0o600);
  });

  it("never writes over a key", async () => {
    await allot(["keys", "generate", path("kept.key")]);
    const before = readFileSync(path("kept.key"), "utf8");
    expectRefusal(await allot(["keys", "generate", path("kept.key")]), /never overwritten/);
    expect(readFileSync(path("kept.key"), "utf8")).to.equal(before);
  });

  it("refuses a key file that others can read", async () => {
    await allot(["keys", "generate", path("open.key")]);
    for (const mode of [0o640, 0o604, 0o602]) {
      chmodSync(path("open.key"), mode);
      expectRefusal(await allot(["keys", "show", path("open.key")]), /mode 06[04][024].*chmod 600/);
    }
  });

  it("refuses what is no key, without repeating it", async () => {
    writeFileSync(path("bad.key"), "0xdeadbeef\n", { mode: 0o600 });
    const outcome = await allot(["keys", "show", path("bad.key")]);
    expectRefusal(outcome, /a private key is 64 hexadecimal digits/);
    expect(outcome.stderr).not.to.include("deadbeef");
    writeFileSync(path("zero.key"), `${"0".repeat(64)}\n`, { mode: 0o600 });
    expectRefusal(await allot(["keys", "show", path("zero.key")]), /no secp256k1 private key/);
    expectRefusal(await allot(["keys", "show", path("none.key")]), /none.key does not exist/);
  });

  // ethers' own scrypt takes many seconds of plain JavaScript; everything else of the keystore is read by ethers.
  before(() =>
    ethersScrypt.register((secret, salt, N, r, p, length) =>
      scryptSync(secret, salt, length, { N, r, p, maxmem: 1 << 29 }),
    ),
  );

  it("encrypts a key so that other Ethereum tools open it, and imports it again", async () => {
    writeFileSync(path("pass.txt"), "correct horse\nsecond line\n");
    writeFileSync(path("wrong.txt"), "wrong horse\n");
    const made = await allot(["keys", "generate", path("safe.key"), "--passphrase-file", path("pass.txt"), "--json"]);
    const { address } = JSON.parse(made.stdout);
    const wallet = Wallet.fromEncryptedJsonSync(readFileSync(path("safe.key"), "utf8"), "correct horse");
    expect(wallet.address.toLowerCase()).to.equal(address);
    expectRefusal(await allot(["keys", "show", path("safe.key")]), /is encrypted.*--passphrase-file/);
    const wrong = ["keys", "show", path("safe.key"), "--passphrase-file", path("wrong.txt")];
    expectRefusal(await allot(wrong), /the passphrase does not open this key/);
    const from = ["--from", path("safe.key"), "--from-passphrase-file", path("pass.txt")];
    await allot(["keys", "import", path("plain.key"), ...from]);
    expect(readFileSync(path("plain.key"), "utf8").trim()).to.equal(wallet.privateKey);
  }).timeout(60_000);
});

describe("allot testnet", () => {
  const path = temporaryFolder();

  it("makes a folder per validator, all with one genesis that knows their keys", async () => {
    const { stdout, code } = await allot(["testnet", "--validators", "4", "--output", path("net"), "--json"]);
    expect(code).to.equal(0);
    const made = JSON.parse(stdout);
    const files = [0, 1, 2, 3].map((i) => path("net", `validator-${i}`, "genesis.json"));
    const [first = "", ...others] = files.map((file) => readFileSync(file, "utf8"));
    for (const other of others) expect(other).to.equal(first);
    const genesis = readGenesis(files[0] ?? "");
    expect(made.networkId).to.equal(genesis.networkId);
    expect(Object.keys(genesis.contracts)).to.include("TaskMarket");
    for (const i of [0, 1, 2, 3]) {
      const keyFile = path("net", `validator-${i}`, "keys", "validator.key");
      expect(modeOf(keyFile)).to.equal(0o600);
      const key = Buffer.from(readFileSync(keyFile, "utf8").trim().slice(2), "hex");
      const entry = genesis.validators.find((one) => one.name === `validator-${i}`);
      const { reporter, ...identity } = validatorIdentity(key);
      expect(entry).to.include(identity);
      const published = JSON.parse(readFileSync(path("net", `validator-${i}`, "validator.json"), "utf8"));
      expect(published).to.include({ ...identity, reporter });
      expect(entry?.addresses).to.deep.equal([`/ip4/127.0.0.1/tcp/${26_656 + i}`]);
      const config = JSON.parse(readFileSync(path("net", `validator-${i}`, "config.json"), "utf8"));
      expect(config).to.deep.equal({ rpcPort: 8_545 + i });
    }
  });

  it("draws another network id and other keys each time", async () => {
    const networks = [];
    for (const name of ["x", "y"]) {
      const { stdout } = await allot(["testnet", "--validators", "1", "--bare", "--output", path(name), "--json"]);
      networks.push(JSON.parse(stdout));
    }
    expect(networks[0].networkId).not.to.equal(networks[1].networkId);
    expect(networks[0].validators[0].address).not.to.equal(networks[1].validators[0].address);
  });

  it("gives machines the addresses of --hosts and listens on every interface", async () => {
    const hosts = "10.0.0.1,b.example.org,::1,10.0.0.4";
    await allot(["testnet", "--hosts", hosts, "--bare", "--output", path("hosts")]);
    const genesis = readGenesis(path("hosts", "validator-3", "genesis.json"));
    const addresses = Object.fromEntries(genesis.validators.map((one) => [one.name, one.addresses[0]]));
    expect(addresses).to.deep.equal({
      "validator-0": "/ip4/10.0.0.1/tcp/26656",
      "validator-1": "/dns/b.example.org/tcp/26656",
      "validator-2": "/ip6/::1/tcp/26656",
      "validator-3": "/ip4/10.0.0.4/tcp/26656",
    });
    const config = JSON.parse(readFileSync(path("hosts", "validator-1", "config.json"), "utf8"));
    expect(config).to.deep.equal({ listenAddresses: ["/ip4/0.0.0.0/tcp/26656"], rpcPort: 8_545 });
  });

  it("refuses a folder that is not empty, and leaves it as it was", async () => {
    await allot(["testnet", "--validators", "1", "--bare", "--output", path("full")]);
    const before = readFileSync(path("full", "validator-0", "genesis.json"), "utf8");
    expectRefusal(await allot(["testnet", "--bare", "--output", path("full")]), /full is not empty/);
    expect(readFileSync(path("full", "validator-0", "genesis.json"), "utf8")).to.equal(before);
  });

  it("refuses flags that cannot be, and makes nothing", async () => {
    const output = ["--output", path("nothing")];
    expectRefusal(
      await allot(["testnet", "--validators", "0", ...output]),
      /--validators: must be a whole number from 1/,
    );
    expectRefusal(await allot(["testnet", "--validators", "4x", ...output]), /--validators: must be a whole number/);
    expectRefusal(
      await allot(["testnet", "--hosts", "a,b", "--validators", "3", ...output]),
      /2 machines for 3 validators/,
    );
    expectRefusal(await allot(["testnet", "--chain-id", "0", ...output]), /--chain-id/);
    expectRefusal(await allot(["testnet", "--pace", "fast", ...output]), /--pace: must be one of local, wide-area/);
    expectRefusal(
      await allot(["testnet", "--network-id", "0x12", "--bare", ...output]),
      /--network-id: must be 0x and 64/,
    );
    expectRefusal(
      await allot(["testnet", "--hosts", "10.0.0.1,a b", "--bare", ...output]),
      /must be an address such as/,
    );
    expect(existsSync(path("nothing"))).to.equal(false);
  });
});

describe("allot init and allot genesis", () => {
  const path = temporaryFolder();

  it("init makes a network of one validator", async () => {
    const { stdout, code } = await allot(["init", "--dir", path("solo"), "--bare", "--json"]);
    expect(code).to.equal(0);
    const genesis = readGenesis(path("solo", "genesis.json"));
    expect(genesis.validators.map((one) => one.address)).to.deep.equal([JSON.parse(stdout).address]);
    expect(existsSync(path("solo", "signer-guard.json"))).to.equal(true);
  });

  it("organisations that keep their keys to themselves agree on a genesis", async () => {
    const names = ["acme", "bolt", "cora", "dune"];
    for (const [i, name] of names.entries()) {
      const addresses = `/ip4/127.0.0.1/tcp/${21_000 + i}`;
      await allot(["init", "--dir", path(name), "--name", name, "--entry-only", "--addresses", addresses]);
      expect(existsSync(path(name, "genesis.json"))).to.equal(false);
    }
    const entries = names.map((name) => path(name, "validator.json"));
    const created = await allot(["genesis", "create", ...entries, "--output", path("genesis.json")]);
    expect(created.code, created.stderr).to.equal(0);
    const genesis = readGenesis(path("genesis.json"));
    expect(Object.fromEntries(genesis.validators.map((one) => [one.name, one.organisation]))).to.deep.equal({
      acme: 1,
      bolt: 2,
      cora: 3,
      dune: 4,
    });
    const shown = await allot(["genesis", "show", path("genesis.json")]);
    expect(shown.stdout)
      .to.match(/^cora +3 +0x/m)
      .and.to.match(/^TaskMarket +0x/m);
    const installed = await allot(["genesis", "install", path("genesis.json"), "--dir", path("cora")]);
    expect(installed.code, installed.stderr).to.equal(0);
    expect(readGenesis(path("cora", "genesis.json"))).to.deep.equal(genesis);
    expect(existsSync(path("cora", "signer-guard.json"))).to.equal(true);
  });

  it("install refuses a genesis that does not know the folder's key", async () => {
    await allot(["init", "--dir", path("other"), "--bare"]);
    await allot(["init", "--dir", path("stranger"), "--name", "stranger", "--entry-only"]);
    const call = ["genesis", "install", path("other", "genesis.json"), "--dir", path("stranger")];
    expectRefusal(await allot(call), /none of its validators has the address 0x/);
    expect(existsSync(path("stranger", "genesis.json"))).to.equal(false);
  });

  it("create refuses an entry with a mistake, at its place", async () => {
    writeFileSync(path("broken.json"), '{"name":"a b"}');
    const call = ["genesis", "create", path("broken.json"), "--output", path("never.json")];
    expectRefusal(await allot(call), /broken\.json: name: may have letters, digits/);
  });
});

describe("allot start", () => {
  const path = temporaryFolder();

  before(() => allot(["testnet", "--validators", "2", "--bare", "--output", path("net")]));

  const start = (...more: string[]) => allot(["start", "--dir", path("net", "validator-0"), ...more]);

  it("refuses a folder that is no node's", async () => {
    expectRefusal(await allot(["start", "--dir", path("nowhere")]), /nowhere is no node's folder.*allot init/);
  });

  it("refuses options with mistakes, wherever they stand", async () => {
    expectRefusal(await start("--rpc-port", "70000"), /--rpc-port: must be a whole number from 0 to 65535/);
    expectRefusal(await start("--engine", "evm"), /--engine: must be one of ethereumjs, hardhat/);
    expectRefusal(await start("--peer-addresses", "eve=/ip4/10.0.0.1/tcp/1"), /no validator named "eve"; it has/);
    const here = ["start", "--dir", path("net", "validator-0")];
    expectRefusal(await allot(here, { ALLOT_LOG_LEVEL: "loud" }), /ALLOT_LOG_LEVEL: must be one of trace, debug/);
  });

  it("refuses a config.json with a mistake, at its place", async () => {
    const file = path("net", "validator-1", "config.json");
    const here = ["start", "--dir", path("net", "validator-1")];
    writeFileSync(file, '{ "rpcPrt": 8545 }');
    expectRefusal(await allot(here), /config\.json: rpcPrt: is not known here; known are rpcEnabled/);
    writeFileSync(file, '{ "rpcPort": 8545, }');
    expectRefusal(await allot(here), /config\.json: line 1, column 20: not valid JSON/);
    writeFileSync(file, "{}");
  });

  it("refuses a key that is no validator's of this network", async () => {
    const keyFile = path("net", "validator-1", "keys", "validator.key");
    const own = readFileSync(keyFile);
    writeFileSync(keyFile, `0x${"17".repeat(32)}\n`);
    const here = ["start", "--dir", path("net", "validator-1")];
    expectRefusal(await allot(here), /is the key of 0x[0-9a-f]{40}, which is no validator in/);
    writeFileSync(keyFile, own);
  });
});
