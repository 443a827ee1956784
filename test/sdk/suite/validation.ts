// What validators say of agents' work.
import { expect } from "chai";
import { keccak256, type LocalAccount, toHex } from "viem";
import { type Actors, refused } from "./actors.ts";

export function describeValidation(actors: () => Actors): void {
  it("asks a validator, reads its answers, and sums them up", async function () {
    this.timeout(60_000);
    const { requester, evaluator, agents } = actors();
    const [{ agentId, client: owner }] = agents;
    const validator = (evaluator.account as LocalAccount).address;
    const requestHash = keccak256(toHex(`work of ${owner.account?.address} at ${Date.now()}`));
    const request = { agentId, validator, uri: "https://agent.example/work", requestHash };
    await refused(requester.requestValidation(request), "ValidationUnauthorized");
    await owner.requestValidation(request);
    await refused(owner.requestValidation(request), "ValidationRequestExists");
    await refused(owner.requestValidation({ ...request, uri: "" }), "ValidationRequestIncomplete");
    const read = () => requester.getValidation({ requestHash });
    expect(await read()).to.deep.include({ agentId, validator, response: undefined, updatedAt: undefined });
    const summary = (tag?: string) =>
      requester.getValidationSummary({ agentId, validators: [validator], ...(tag === undefined ? {} : { tag }) });
    expect(await summary()).to.deep.equal({ count: 0n, average: 0 });

    await refused(requester.respondToValidation({ requestHash, response: 100 }), "ValidationNotValidator");
    await refused(evaluator.respondToValidation({ requestHash, response: 101 }), "ValidationResponseTooLarge");
    await evaluator.respondToValidation({ requestHash, response: 40, tag: "soft" });
    const fileHash = keccak256("0x01");
    await evaluator.respondToValidation({ requestHash, response: 90, tag: "hard", fileHash });
    const answered = await read();
    expect(answered).to.deep.include({ response: 90, tag: "hard", fileHash });
    expect(answered.updatedAt).to.be.a("bigint");
    // The latest answer counts alone, under its own tag.
    expect(await summary()).to.deep.equal({ count: 1n, average: 90 });
    expect(await summary("hard")).to.deep.equal({ count: 1n, average: 90 });
    expect(await summary("soft")).to.deep.equal({ count: 0n, average: 0 });
    await refused(requester.getValidation({ requestHash: keccak256("0x02") }), "ValidationRequestUnknown");
  });
}
