import type { SignLock } from "../../agent/signLock.ts";
import type { AllotCore } from "../../clients/context.ts";
import { ClientError } from "../../errors/clientError.ts";

/** The sign lock of the call, or of the client where there is one: nothing is stated without. */
export function requireSignLock(client: AllotCore | undefined, signLock: SignLock | undefined): SignLock {
  const found = signLock ?? client?.allot.signLock;
  if (found !== undefined) return found;
  throw new ClientError(
    "SIGN_LOCK_MISSING",
    "This action makes a statement that must never be contradicted, and there is no sign lock. Give createAllotClient one: await openFileSignLock({ directory }).",
    { docsPath: "docs/sdk.md#the-sign-lock" },
  );
}
