// Fetches the certificate of every assignment from one validator after the other, and verifies it with nothing but the
// validator set of the genesis file.
import { http } from "viem";
import type { Genesis } from "../../node/types/genesis.ts";
import {
  createAllotClient,
  decodeExecutionHeader,
  validatorSetOfGenesis,
  verifyAssignmentCertificate,
} from "../../sdk/index.ts";
import { pause } from "./pause.ts";
import type { AssignmentNews, TaskRecord } from "./scoreboard.ts";

export interface CertificateCheck {
  readonly verified: number;
  readonly failures: readonly string[];
  /** Resolves when every certificate asked for has been judged. */
  settled(): Promise<void>;
  check(news: AssignmentNews): void;
}

export interface CertificateOptions {
  readonly genesis: Genesis;
  /** Validators that run now. */
  readonly urls: () => readonly { readonly name: string; readonly url: string }[];
  readonly taskOf: (taskId: bigint) => TaskRecord | undefined;
  readonly nameOf: (address: `0x${string}`) => string;
  readonly say: (text: string) => void;
}

/** The certificate of height h exists as soon as h + 1 is final. */
const attempts = 60;
const retryMs = 250;

export function createCertificateCheck({ genesis, urls, taskOf, nameOf, say }: CertificateOptions): CertificateCheck {
  const set = validatorSetOfGenesis(genesis);
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  let verified = 0;
  let turn = 0;

  const fetchOnce = async (news: AssignmentNews) => {
    const running = urls();
    const from = running[turn++ % running.length];
    if (from === undefined) return undefined;
    const client = createAllotClient({ transport: http(from.url, { retryCount: 0 }) });
    const certificate = await client.getAssignmentCertificate({ taskId: news.taskId, unit: Number(news.unit) });
    return { from, certificate, height: decodeExecutionHeader(certificate.executionHeader)?.height ?? 0 };
  };

  const judge = async (news: AssignmentNews): Promise<void> => {
    let problem = "no validator gave one";
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await fetchOnce(news).catch((error: Error) => {
        problem = error.message;
        return undefined;
      });
      // A certificate of an earlier block tells how things stood before this award.
      if (found === undefined || found.height < news.height) {
        await pause(retryMs);
        continue;
      }
      try {
        const proven = await verifyAssignmentCertificate(found.certificate, set);
        // Between the award and the certificate, the unit may have gone to another agent.
        const holder = taskOf(news.taskId)?.provider ?? news.provider;
        const expected = [news.provider, holder].map((one) => one.toLowerCase());
        if (!expected.includes(proven.provider.toLowerCase())) {
          problem = `it proves ${proven.provider}, the chain told ${news.provider}`;
          break;
        }
        verified++;
        const height = String(proven.height);
        say(
          `task ${String(news.taskId).padStart(2)}  certificate of ${found.from.name} verified offline: ${nameOf(proven.provider)} (height ${height})`,
        );
        return;
      } catch (error) {
        problem = (error as Error).message;
        break;
      }
    }
    failures.push(`task ${news.taskId}: ${problem}`);
    say(`task ${String(news.taskId).padStart(2)}  CERTIFICATE NOT VERIFIED: ${problem}`);
  };

  return {
    get verified() {
      return verified;
    },
    failures,
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
    check(news) {
      const work = judge(news).finally(() => pending.delete(work));
      pending.add(work);
    },
  };
}
