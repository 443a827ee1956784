// The verbs of `allot market` about assignment certificates: get one from a node, check one without any.
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { parseJson, readTextFile } from "../../config/jsonFile.ts";
import { AllotError } from "../../types/errors.ts";
import { record, sections } from "../client/shown.ts";
import { credits, idFlag } from "../client/values.ts";
import { addOfflineVerb, addVerb } from "../client/verb.ts";
import { integerFlag } from "../flags.ts";

const unitMax = 65_534;

/** Never over an existing file: a certificate may be the only copy of a proof. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const what = reason === "EEXIST" ? "exists already, and is not overwritten" : `cannot be written: ${reason}`;
    throw new AllotError("FILE_UNWRITABLE", { file, reason }, `--output: ${file} ${what}: choose another name`, {
      cause,
    });
  }
}

export function addCertificates(market: Command): void {
  addVerb<{ readonly unit: number; readonly output?: string }, [bigint]>(market, {
    name: "certificate",
    does: "get the certificate that a unit belongs to its agent: a proof for anybody who knows the validators",
    takes: (command) =>
      command
        .argument("<task>", "task id", idFlag("<task>"))
        .option("--unit <number>", "which unit of the task", integerFlag("--unit", 0, unitMax), 0)
        .option("--output <file>", "write it there; printed unless given"),
    examples: [
      "allot market certificate 12 --output certificate.json",
      "allot market verify certificate.json --genesis genesis.json",
    ],
    async run({ client, flags }, taskId) {
      const certificate = await client.getAssignmentCertificate({ taskId, unit: flags.unit });
      const text = JSON.stringify(certificate, null, 2);
      if (flags.output === undefined) return sections(certificate, [text]);
      writeNew(flags.output, `${text}\n`);
      return record({ taskId, unit: flags.unit, file: flags.output });
    },
  });

  addOfflineVerb<{ readonly genesis: string }, [string]>(market, {
    name: "verify",
    does: "check a certificate offline, with nothing but the genesis file; exit code 1 if it does not hold",
    takes: (command) =>
      command
        .argument("<file>", "certificate")
        .requiredOption("--genesis <file>", "the network's genesis.json, from whom you trust"),
    examples: ["allot market verify certificate.json --genesis genesis.json"],
    async run({ genesis }, file) {
      const { validatorSetOfGenesis, verifyAssignmentCertificate } = await import("../../../sdk/index.ts");
      const { readGenesis } = await import("../../genesis/readGenesis.ts");
      const set = validatorSetOfGenesis(readGenesis(genesis));
      const purpose = 'a certificate; "allot market certificate" gets one';
      const certificate = parseJson(file, readTextFile(file, purpose)) as never;
      const { taskId, unit, agentId, provider, price, status, height } = await verifyAssignmentCertificate(
        certificate,
        set,
      );
      return record({ verdict: "proven", taskId, unit, agentId, provider, price: credits(price), status, height });
    },
  });
}
