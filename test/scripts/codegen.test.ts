import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

describe("the SDK's ABIs", () => {
  it("are those of the contracts as they are now", () => {
    const script = fileURLToPath(new URL("../../scripts/codegen.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    expect(status, stderr).to.equal(0);
  });
});
