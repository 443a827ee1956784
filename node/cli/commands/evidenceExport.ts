// `allot evidence export`: writes what nodes have against validators, and what the chain has against agents and attesters,
// a file per fault.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { AllotClient, EvidenceFile } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { list } from "../client/shown.ts";
import { addressFlag, idFlag } from "../client/values.ts";
import { addVerb, type ClientFlags } from "../client/verb.ts";
import { notice } from "../output.ts";

interface ExportFlags {
  readonly output: string;
  readonly validator?: `0x${string}`;
  readonly task?: bigint;
  readonly attester?: `0x${string}`;
}

function offenderOf(evidence: EvidenceFile): string {
  if (evidence.kind === "vote-equivocation") return evidence.validator;
  return evidence.kind === "contradictory-attestations" ? evidence.attester : `agent ${evidence.agentId}`;
}

/** Every node that is named is asked: what one has not seen, or hides, another has. */
async function voteEvidence(flags: ExportFlags & ClientFlags): Promise<readonly EvidenceFile[]> {
  const { openClient, explained } = await import("../client/openClient.ts");
  const of = flags.validator === undefined ? {} : { validator: flags.validator };
  const answers = await Promise.allSettled(
    flags.rpcUrl.map(async (url) => {
      const node = await openClient({ ...flags, rpcUrl: [url] }, false);
      return node.getVoteEvidence(of);
    }),
  );
  const failures = answers.flatMap((answer, i) =>
    answer.status === "rejected" ? [explained(answer.reason, [flags.rpcUrl[i] ?? ""])] : [],
  );
  if (failures.length === answers.length) throw failures[0];
  for (const failure of failures) notice(flags, `Not asked: ${(failure as Error).message.split("\n", 1)[0]}`);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

async function found(client: AllotClient, flags: ExportFlags & ClientFlags): Promise<readonly EvidenceFile[]> {
  const { task, attester, validator } = flags;
  const fromTask = task === undefined ? [] : await client.findBidEvidence({ taskId: task });
  const fromAttester = attester === undefined ? [] : await client.findAttestationEvidence({ attester });
  const asksNodes = validator !== undefined || (task === undefined && attester === undefined);
  return [...fromTask, ...fromAttester, ...(asksNodes ? await voteEvidence(flags) : [])];
}

/** Keeps a file that is there: evidence of the same fault is as good as other evidence of it. */
function keep(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(file)) writeFileSync(file, text, { flag: "wx", flush: true });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const message = `${file} cannot be written (${reason}): name another folder with --output`;
    throw new AllotError("FILE_UNWRITABLE", { file, reason }, message, { cause });
  }
  return file;
}

export function addEvidenceExport(evidence: Command): void {
  addVerb<ExportFlags, []>(evidence, {
    name: "export",
    does: "write evidence into files, one per fault: what the nodes have against validators, or what the chain has of a task or an attester",
    takes: (command) =>
      command
        .requiredOption("--output <folder>", "folder to write into; files that are there stay as they are")
        .option("--validator <address>", "only what is against this validator", addressFlag("--validator"))
        .option("--task <task>", "from the chain: agents with two different bids for this task", idFlag("--task"))
        .option(
          "--attester <address>",
          "from the chain: two different attestations by one test run of this attester",
          addressFlag("--attester"),
        ),
    examples: [
      "allot evidence export --output evidence --rpc-url http://a.example:8545,http://b.example:8545",
      "allot evidence export --output evidence --task 12",
    ],
    async run({ client, flags }) {
      const { encodeEvidenceFile, faultIdOf, registerOf } = await import("../../../sdk/index.ts");
      const byFault = new Map((await found(client, flags)).map((one) => [faultIdOf(one), one]));
      const rows = await Promise.all(
        [...byFault].map(async ([faultId, one]) => {
          const { kind } = one;
          const file = keep(flags.output, `${kind}-${faultId.slice(2, 18)}.json`, encodeEvidenceFile(one));
          const punished = await client.isFaultPunished({ faultId, register: registerOf(kind) });
          return { file, kind, offender: offenderOf(one), faultId, punished };
        }),
      );
      const columns = { file: "file", offender: "offender", punished: "punished", faultId: "fault" } as const;
      return list(rows, columns, "No evidence found.");
    },
  });
}
