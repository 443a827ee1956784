import { expect } from "chai";
import { AllotError } from "../../node/types/errors.ts";

/** Runs `action`, which must fail with an AllotError of this code; returns it. */
export async function failsWith(code: string, action: () => unknown): Promise<AllotError> {
  try {
    await action();
  } catch (error) {
    expect(error).to.be.instanceOf(AllotError);
    expect((error as AllotError).code).to.equal(code);
    return error as AllotError;
  }
  return expect.fail(`no error, ${code} expected`);
}
