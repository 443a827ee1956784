import { BaseError } from "viem";
import { ClientError } from "../errors/clientError.ts";
import { revertDataOf, revertedErrorFrom } from "../errors/revertedError.ts";

/** Runs a reading call; a refusal by the rules comes as `RevertedError`, the SDK's own error as what it is. */
export async function callRules<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof BaseError) {
      const own = error.walk((inner) => inner instanceof ClientError);
      if (own instanceof ClientError) throw own;
    }
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    throw revertedErrorFrom(data, error);
  }
}
