import { Digest, Epoch, View } from "../../node/types/brands.ts";
import type { Vote } from "../../node/types/vote.ts";
import type { VoteEvidenceFile, VoteFileStatement } from "./evidenceFile.ts";

/** The vote that a statement of an evidence file is about. */
export function voteOf(file: VoteEvidenceFile, statement: VoteFileStatement): Vote {
  const place = { epoch: Epoch(file.epoch), view: View(file.view) };
  if (statement.vote === "nullify") return { kind: "nullify", ...place };
  return { kind: statement.vote, ...place, digest: Digest(statement.digest) };
}
