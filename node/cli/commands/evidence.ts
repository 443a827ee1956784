// `allot evidence`: evidence taken from nodes and from the chain into files, looked at and checked offline. `allot slash
// report` submits them.
import type { Command } from "commander";
import type { EvidenceFile } from "../../../sdk/index.ts";
import { readTextFile } from "../../config/jsonFile.ts";
import { type KnownNetworkFlags, knownNetwork, takesKnownNetwork } from "../client/networkKnown.ts";
import { type Row, recordText, rowsText, type Shown, sections } from "../client/shown.ts";
import { addGroup, addOfflineVerb } from "../client/verb.ts";
import { addEvidenceExport } from "./evidenceExport.ts";

const purpose = "evidence; docs/evidence.md has the format";

/** Who is accused of what. */
function accusationOf(evidence: EvidenceFile): Row {
  const { kind, chainId, networkId } = evidence;
  const of = { kind, chainId, networkId };
  switch (evidence.kind) {
    case "bid-equivocation":
      return { ...of, agentId: evidence.agentId, tenderId: evidence.tenderId, contract: evidence.contract };
    case "delivery-equivocation":
      return { ...of, agentId: evidence.agentId, jobId: evidence.jobId, contract: evidence.contract };
    case "vote-equivocation":
      return { ...of, validator: evidence.validator, epoch: evidence.epoch, view: evidence.view };
    case "contradictory-attestations": {
      const { attester, agentId, capability, testRun, contract } = evidence;
      return { ...of, attester, agentId, capability, testRun, contract };
    }
  }
}

/** What two statements can contradict each other in; the rest of an attestation says where and until when. */
const contents: readonly string[] = ["commitment", "deliverable", "vote", "digest", "level", "report"];

/** What each statement says, and how it was made. */
const statementRows = (evidence: EvidenceFile) =>
  evidence.statements.map((statement) => {
    const { signature, committedBy, submittedBy, ...said } = statement as Readonly<Record<string, string | undefined>>;
    const author = committedBy ?? submittedBy ?? (evidence as { readonly attester?: string }).attester;
    return {
      says: Object.entries(said)
        .filter(([name]) => contents.includes(name))
        .map(([name, value]) => `${name} ${value}`)
        .join(" "),
      made: signature === undefined ? `on chain by ${author}` : "signed",
    };
  });

function shown(evidence: EvidenceFile, findings: Row): Shown {
  const accusation = accusationOf(evidence);
  return sections({ ...accusation, ...findings, statements: evidence.statements }, [
    recordText({ ...accusation, ...findings }),
    `Statements\n${rowsText(statementRows(evidence), { says: "says", made: "made" }, "None.")}`,
  ]);
}

export function addEvidence(program: Command): void {
  const evidence = addGroup(program, "evidence", "evidence as files: take it from nodes and chain, check it offline", [
    "allot evidence export --output evidence                     what nodes have against validators",
    "allot evidence verify evidence.json --genesis genesis.json",
    "allot slash report evidence.json --key-file reporter.key    submits it",
  ]);

  addOfflineVerb<KnownNetworkFlags, [string]>(evidence, {
    name: "verify",
    does: "check evidence offline: network, contract, signatures, contradiction; exit code 1 if it does not hold",
    takes: (command) => takesKnownNetwork(command.argument("<file>", "evidence file")),
    examples: [
      "allot evidence verify evidence.json --genesis genesis.json",
      "allot evidence verify evidence.json --chain-id 8469 --network-id 0x7a23acc1a0a695a9935a86153a236e85bf4e19befd4c1b68d72cc55aa1a8718e",
    ],
    async run(flags, file) {
      const { readEvidenceFile, verifyEvidence } = await import("../../../sdk/index.ts");
      const { validatorSet, ...context } = await knownNetwork(flags);
      const given = readEvidenceFile(readTextFile(file, purpose));
      // A genesis file names the first epoch's set alone: of another epoch's votes it says nothing.
      const names =
        given.kind === "vote-equivocation" && validatorSet !== undefined && validatorSet.epoch === given.epoch;
      const known = names ? { ...context, validatorSet } : context;
      const { evidence: read, faultId, signers, unproven } = await verifyEvidence(given, known);
      const verdict = unproven.length === 0 ? "proven" : "proven, if what the ledger alone knows is so";
      return shown(read, { verdict, faultId, signers, unproven });
    },
  });

  addOfflineVerb<object, [string]>(evidence, {
    name: "show",
    does: "show what an evidence file says, without checking whether it is true",
    takes: (command) => command.argument("<file>", "evidence file"),
    examples: ["allot evidence show evidence.json"],
    async run(_flags, file) {
      const { readEvidenceFile } = await import("../../../sdk/index.ts");
      return shown(readEvidenceFile(readTextFile(file, purpose)), {});
    },
  });

  addEvidenceExport(evidence);
}
