// Everything that reads JSON which somebody else wrote: files of operators and agents, and certificates.
import { checkValue, parseJson } from "../../node/config/jsonFile.ts";
import { genesisSchema } from "../../node/genesis/genesisSchema.ts";
import { newGenesis } from "../../node/genesis/newNetwork.ts";
import { AllotError } from "../../node/types/errors.ts";
import { decodeRecord, encodeRecord } from "../../sdk/agent/signLockRecord.ts";
import { commitmentOf, parseRegistrationFile, verifyAssignmentCertificate } from "../../sdk/index.ts";
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

/** One change in many; now and then the seed itself, so that what is right goes on being accepted. */
const changed = (random: Random, seed: unknown): unknown => {
  let value = seed;
  for (let changes = random.below(4); changes > 0; changes--) value = mutateJson(random, value);
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

export async function jsonTargets(): Promise<readonly Target[]> {
  const validatorSet = validatorSetOf();
  return [
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
