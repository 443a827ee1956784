import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { lockDirectory } from "../../node/storage/directoryLock.ts";
import { failsWith } from "./errorCode.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const lockModule = new URL("../../node/storage/directoryLock.ts", import.meta.url).href;

/** Another process that holds the folder until it is killed. */
async function holder(folder: string) {
  const program = `import { lockDirectory } from ${JSON.stringify(lockModule)};
    lockDirectory(process.argv[1]); console.log("locked"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("the lock of a node's folder", () => {
  it("refuses a second process and names the first", async () => {
    const folder = temporaryFolder();
    const child = await holder(folder);
    try {
      const error = await failsWith("DIRECTORY_IN_USE", () => lockDirectory(folder));
      expect(error.message).to.contain(String(child.pid));
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  it("ends with the process, also when that is killed", async () => {
    const folder = temporaryFolder();
    const child = await holder(folder);
    child.kill("SIGKILL");
    await once(child, "exit");
    lockDirectory(folder).release();
  });

  it("refuses a second use by the same process, until it is released", async () => {
    const folder = temporaryFolder();
    const lock = lockDirectory(folder);
    await failsWith("DIRECTORY_IN_USE", () => lockDirectory(folder));
    lock.release();
    lockDirectory(folder).release();
  });
});
