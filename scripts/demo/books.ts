// Everything that is kept of a run while it happens, each in a book of its own, filled block by block.
import type { Founding } from "../../node/genesis/founding.ts";
import { type CreditBook, createCreditBook } from "./creditBook.ts";
import { createDisputeBoard, type DisputeBoard } from "./disputeBoard.ts";
import type { FollowedBlock } from "./follow.ts";
import { createReputationBoard, type ReputationBoard } from "./reputationBoard.ts";
import { createRoleReports, type RoleReports } from "./roleReports.ts";
import { createScoreboard, type Scoreboard, type ScoreboardOptions } from "./scoreboard.ts";
import { createTiming, type Timing } from "./timing.ts";

export interface Books {
  readonly board: Scoreboard;
  readonly panel: DisputeBoard;
  readonly reputation: ReputationBoard;
  readonly credits: CreditBook;
  readonly timing: Timing;
  readonly reports: RoleReports;
  /** Of the last block taken. */
  readonly height: number;
  take(block: FollowedBlock): void;
}

const blocksEveryMs = 2_000;

export function createBooks(options: ScoreboardOptions & { readonly credits: Founding["credits"] }): Books {
  const { say } = options;
  const board = createScoreboard(options);
  const panel = createDisputeBoard(options);
  const reputation = createReputationBoard();
  const credits = createCreditBook(options.credits);
  const timing = createTiming();
  let height = 0;
  let told = { atMs: performance.now(), height: 0, transactions: 0 };
  return {
    ...{ board, panel, reputation, credits, timing, reports: createRoleReports() },
    get height() {
      return height;
    },
    take(block) {
      height = block.number;
      for (const book of [board, panel, reputation, credits, timing]) book.take(block);
      const now = performance.now();
      if (now - told.atMs < blocksEveryMs) return;
      say(`blocks ${told.height + 1} to ${height}: ${timing.transactions - told.transactions} transactions`);
      told = { atMs: now, height, transactions: timing.transactions };
    },
  };
}
