// Everything that reads JSON which somebody else wrote: files of operators and agents, and certificates.
import { scryptSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTaskFile } from "../../node/cli/client/taskFile.ts";
import { checkValue, parseJson } from "../../node/config/jsonFile.ts";
import { readConfigFile } from "../../node/config/nodeConfig.ts";
import { keccak256 } from "../../node/crypto/keccak.ts";
import { decryptKey } from "../../node/crypto/keystore.ts";
import { genesisSchema } from "../../node/genesis/genesisSchema.ts";
import { newGenesis } from "../../node/genesis/newNetwork.ts";
import { readSeatEntry } from "../../node/genesis/seatEntry.ts";
import { Digest, Epoch, View } from "../../node/types/brands.ts";
import { AllotError } from "../../node/types/errors.ts";
import { readMarketFile } from "../../scripts/demo/marketFile.ts";
import { decodeRecord, encodeRecord } from "../../sdk/agent/signLockRecord.ts";
import {
  commitmentOf,
  encodeEvidenceFile,
  parseRegistrationFile,
  readEvidenceFile,
  verifyAssignmentCertificate,
  verifyEvidence,
} from "../../sdk/index.ts";
import { domain, sign, validators } from "../consensus/samples.ts";
import type { Random } from "../execution/random.ts";
import { testNetwork } from "../genesis/networkFixture.ts";
import { makeCertificate, validatorSetOf } from "../sdk/fixtures/certificateMaker.ts";
import { mutateBytes } from "./mutateBytes.ts";
import { mutateJson } from "./mutateJson.ts";
import type { Target } from "./target.ts";

interface JsonTarget {
  readonly name: string;
  readonly seed: unknown;
  readonly read: (value: unknown) => unknown;
}

/** One to three changes; now and then the seed itself, so that what is right goes on being accepted. */
const changed = (random: Random, seed: unknown): unknown => {
  let value = seed;
  const changes = random.chance(0.02) ? 0 : 1 + random.below(3);
  for (let left = changes; left > 0; left--) value = mutateJson(random, value);
  return value;
};

export function jsonTarget({ name, seed, read }: JsonTarget): Target {
  return {
    name,
    make: (random) => changed(random, seed),
    async run(input) {
      try {
        await read(input);
        return true;
      } catch (error) {
        if (error instanceof AllotError) return false;
        throw error;
      }
    },
  };
}

/** Text that is JSON or nearly. */
function textTarget(name: string, seed: string, read: (text: string) => void): Target {
  return {
    name,
    make(random) {
      if (random.chance(0.3)) return `${JSON.stringify(changed(random, JSON.parse(seed)))}\n`;
      const bytes = Buffer.from(seed);
      return Buffer.from(random.chance(0.05) ? bytes : mutateBytes(random, bytes, bytes)).toString("utf8");
    },
    run(input) {
      try {
        read(input as string);
        return true;
      } catch (error) {
        if (error instanceof AllotError) return false;
        throw error;
      }
    },
  };
}

function signLockText(): string {
  const bid = {
    tenderId: `0x${"07".repeat(32)}`,
    bidder: `0x${"aa".repeat(20)}`,
    amount: 5n,
    salt: `0x${"0b".repeat(32)}`,
  } as const;
  return encodeRecord({
    kind: "bid",
    domain: { chainId: 31_107, salt: `0x${"5a".repeat(32)}`, verifyingContract: `0x${"cc".repeat(20)}` },
    bidder: bid.bidder,
    amount: bid.amount,
    salt: bid.salt,
    bid: { tenderId: bid.tenderId, agentId: 7n, slot: 0n, commitment: commitmentOf(bid) },
  });
}

const registrationFile = {
  type: "https://eips.ethereum.org/EIPS/eip-8004#registration-v1",
  name: "Übersetzer",
  description: "German to English",
  image: "https://agent.example/image.png",
  services: [{ name: "A2A", endpoint: "https://agent.example/.well-known/agent-card.json", version: "0.3.0" }],
  x402Support: false,
  active: true,
  registrations: [{ agentId: 22, agentRegistry: "eip155:1:0x742d" }],
  supportedTrust: ["reputation"],
};

const seatEntry = {
  name: "validator-0",
  organisation: "acme",
  address: `0x${"a1".repeat(20)}`,
  peerKey: `0x02${"b2".repeat(32)}`,
  addresses: ["/ip4/127.0.0.1/tcp/26656", "/dns4/allot.acme.example/tcp/26656"],
  operator: `0x${"c3".repeat(20)}`,
  reporter: `0x${"d4".repeat(20)}`,
};

const passphrase = "open sesame";

const nodeConfig = {
  rpcPort: 8545,
  logLevel: "info",
  listenAddresses: ["/ip4/0.0.0.0/tcp/26656"],
  peerAddresses: { "validator-1": ["/ip4/10.0.0.2/tcp/26656"] },
};

const task = {
  specificationHash: `0x${"07".repeat(32)}`,
  mechanism: "vickrey",
  evaluator: `0x${"e1".repeat(20)}`,
  reserve: "12.5",
  requirements: [{ capability: "digest", level: 3, attester: `0x${"a1".repeat(20)}` }],
  commitWindow: 60,
  revealWindow: 60,
  deliveryWindow: 600,
  verdictWindow: 600,
};

/** Two votes of one validator in one view, signed. */
function voteEvidence(): unknown {
  const statements = (["11", "22"] as const).map((byte) => {
    const digest = Digest(`0x${byte.repeat(32)}`);
    const { signature } = sign(0, { kind: "finalize", epoch: Epoch(0), view: View(7), digest });
    return { vote: "finalize", digest, signature };
  });
  return {
    version: 1,
    kind: "vote-equivocation",
    chainId: domain.chainId,
    networkId: domain.networkId,
    validator: validators[0],
    epoch: 0,
    view: 7,
    statements,
  };
}

/** A keystore whose passphrase is soon tried: what that costs stands in the file. */
function cheapKeystore(): unknown {
  const [salt, ciphertext] = [Buffer.alloc(32, 3), Buffer.alloc(32, 2)];
  const derived = scryptSync(passphrase, salt, 32, { N: 2, r: 1, p: 1 });
  const mac = Buffer.from(keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])));
  return {
    version: 3,
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: "11".repeat(16) },
      ciphertext: ciphertext.toString("hex"),
      kdf: "scrypt",
      kdfparams: { n: 2, r: 1, p: 1, dklen: 32, salt: salt.toString("hex") },
      mac: mac.toString("hex"),
    },
  };
}

/** A file system in memory, where there is one. */
const memoryFolder = "/dev/shm";

/** Readers that take a file's name get one. */
function fromFile(read: (file: string) => unknown): (value: unknown) => void {
  const folder = mkdtempSync(join(existsSync(memoryFolder) ? memoryFolder : tmpdir(), "allot-fuzz-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "file.json");
  return (value) => {
    writeFileSync(file, JSON.stringify(value) ?? "");
    read(file);
  };
}

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** The example with as few tasks as use all its agents; files are named relative to the market file, which lies elsewhere here. */
function market(): unknown {
  const whole = JSON.parse(readFileSync(join(examples, "market.json"), "utf8")) as { tasks: { file: string }[] };
  const tasks = whole.tasks.slice(0, 10).map((each) => ({ ...each, file: join(examples, each.file) }));
  return { ...whole, tasks };
}

export async function jsonTargets(): Promise<readonly Target[]> {
  const validatorSet = validatorSetOf();
  return [
    jsonTarget({ name: "validator's entry", seed: seatEntry, read: fromFile(readSeatEntry) }),
    jsonTarget({ name: "configuration", seed: nodeConfig, read: fromFile(readConfigFile) }),
    jsonTarget({ name: "task file", seed: task, read: fromFile(readTaskFile) }),
    jsonTarget({ name: "market file", seed: market(), read: fromFile(readMarketFile) }),
    jsonTarget({
      name: "keystore",
      seed: cheapKeystore(),
      read: (value) => decryptKey("a keystore", value, passphrase),
    }),
    jsonTarget({
      name: "evidence file",
      seed: voteEvidence(),
      read: (value) => void encodeEvidenceFile(readEvidenceFile(value)),
    }),
    jsonTarget({ name: "evidence", seed: voteEvidence(), read: (value) => verifyEvidence(value, domain) }),
    jsonTarget({
      name: "genesis file",
      seed: JSON.parse(JSON.stringify(await newGenesis(testNetwork({ bare: true })))),
      read: (value) => checkValue("genesis.json", genesisSchema, value),
    }),
    textTarget("JSON text", JSON.stringify(registrationFile, null, 2), (text) => void parseJson("a file", text)),
    textTarget("sign lock", signLockText(), (text) => void decodeRecord(text, "a record")),
    jsonTarget({ name: "registration file", seed: registrationFile, read: parseRegistrationFile }),
    jsonTarget({
      name: "assignment certificate",
      seed: JSON.parse(JSON.stringify(await makeCertificate())),
      read: (value) => verifyAssignmentCertificate(value as never, validatorSet),
    }),
  ];
}
