import { revertDataOf, revertedErrorFrom } from "../errors/revertedError.ts";

/** Runs a reading call; a refusal by the rules comes as `RevertedError`. */
export async function callRules<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    throw revertedErrorFrom(data, error);
  }
}
