// What the consensus core has the application do with a block: build it, judge it, execute it. Each is answered by an
// input; what only a defect can bring about is handed to `fatal`.
import type { AvailabilityWatch } from "./availability.ts";
import type { BlockTrail } from "./blockTrail.ts";
import type { Input } from "./consensus/input.ts";
import type { DriverOptions } from "./driverOptions.ts";
import type { OrderedBlock } from "./types/application.ts";
import { assembleBlock } from "./types/assembleBlock.ts";
import type { SealedBlock } from "./types/block.ts";
import type { BuildRequest } from "./types/buildRequest.ts";
import { AllotError } from "./types/errors.ts";

type Answer = (input: Input) => void;

export class ApplicationWork {
  readonly #options: Pick<DriverOptions, "application" | "clock" | "metrics" | "log">;
  readonly #availability: AvailabilityWatch;
  readonly #trail: BlockTrail;
  readonly #fatal: (error: unknown) => void;

  constructor(
    options: Pick<DriverOptions, "application" | "clock" | "metrics" | "log">,
    availability: AvailabilityWatch,
    trail: BlockTrail,
    fatal: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#availability = availability;
    this.#trail = trail;
    this.#fatal = fatal;
  }

  build(request: BuildRequest): Input {
    const { application, clock } = this.#options;
    try {
      const transactions = request.empty ? [] : application.buildTransactions(request.parentDigest);
      const block = assembleBlock(request, transactions, clock.wallMs());
      this.#trail.built(block);
      return { kind: "built", block };
    } catch (error) {
      if (!(error instanceof AllotError)) throw error;
      return { kind: "buildFailed", view: request.view, reason: error.message };
    }
  }

  async verify(block: SealedBlock, maxDriftMs: number, answer: Answer): Promise<void> {
    const { application, clock, log } = this.#options;
    const { digest, header } = block;
    const aheadMs = header.timestampMs - clock.wallMs() - maxDriftMs;
    if (aheadMs > 0) {
      const result = { verdict: "pending", reason: "its time is ahead of my clock", retryAfterMs: aheadMs } as const;
      return answer({ kind: "verified", digest, result });
    }
    try {
      const result = await application.verifyProposal(orderedBlock(block));
      if (result.verdict === "invalid") {
        const facts = { view: header.view, proposer: header.proposer, code: result.code };
        log.warn(facts, `refused a proposal: ${result.reason}`);
      }
      this.#trail.verified(block, result.verdict);
      answer({ kind: "verified", digest, result });
    } catch (error) {
      this.#fatal(error);
    }
  }

  async execute(block: SealedBlock, answer: Answer): Promise<void> {
    const { application, metrics } = this.#options;
    const { digest, header } = block;
    const bytes = block.transactions.reduce((sum, { length }) => sum + length, 0);
    this.#availability.executed(digest, header.height, { transactions: block.transactions.length, bytes });
    const done = metrics.executionStarted();
    try {
      const { executionHash, changedState } = await application.execute(orderedBlock(block));
      done();
      this.#trail.executed(block, executionHash);
      answer({ kind: "executed", digest, executionHash, changedState });
    } catch (error) {
      // A sibling of its ancestor was committed meanwhile: the block is void, nobody waits for its result.
      if (header.height <= application.info().height || application.resultOf(header.parentDigest) === undefined) return;
      this.#fatal(error);
    }
  }
}

function orderedBlock({ digest, header, transactions }: SealedBlock): OrderedBlock {
  const { parentDigest, height, timestampMs, proposer, parentExecutionHash } = header;
  return { digest, parentDigest, height, timestampMs, proposer, transactions, parentExecutionHash };
}
