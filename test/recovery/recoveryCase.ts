import type { DevnetValidator } from "../../node/cli/devnet.ts";
import type { RecoveryRun } from "./recoveryRun.ts";

/** Something that happens to a running network, mostly to one of its validators. It leaves all of them running. */
export interface RecoveryCase {
  readonly name: string;
  readonly run: (run: RecoveryRun, validator: DevnetValidator) => Promise<void>;
}
