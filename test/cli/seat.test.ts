import { existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { expect } from "chai";
import { createSeat, joinNetwork } from "../../node/cli/seat.ts";
import { nodeFolder } from "../../node/config/nodeFolder.ts";
import { readSignerGuard } from "../../node/storage/signerGuard.ts";
import { unusedRecord } from "../../node/storage/signerRecord.ts";
import type { Genesis } from "../../node/types/genesis.ts";
import { failsWith } from "../storage/errorCode.ts";
import { temporaryFolder } from "./runAllot.ts";

const genesis = { networkId: `0x${"12".repeat(32)}` } as Genesis;

describe("joining a network", () => {
  const path = temporaryFolder();
  const seatAt = (directory: string) => {
    const seat = { name: "a", organisation: "a", addresses: ["/ip4/127.0.0.1/tcp/1"], config: {} };
    return { folder: nodeFolder(directory), validator: createSeat(directory, seat).address };
  };

  it("writes genesis.json only when the signer's guard stands: no node starts without one", async () => {
    const { folder, validator } = seatAt(path("no-guard"));
    // Where the guard is to be written, nothing can be.
    mkdirSync(`${folder.signerGuard}.new`);
    let isRefused = false;
    await joinNetwork(folder.path, genesis, validator).catch(() => {
      isRefused = true;
    });
    expect(isRefused).to.equal(true);
    expect(existsSync(folder.genesis)).to.equal(false);
    rmdirSync(`${folder.signerGuard}.new`);
    await joinNetwork(folder.path, genesis, validator);
    expect(existsSync(folder.genesis)).to.equal(true);
  });

  it("can be done again when it was cut short after the guard", async () => {
    const { folder, validator } = seatAt(path("again"));
    await joinNetwork(folder.path, genesis, validator);
    rmSync(folder.genesis);
    await joinNetwork(folder.path, genesis, validator);
    const identity = { networkId: genesis.networkId, validator };
    expect(readSignerGuard(folder.signerGuard, identity)).to.deep.equal(unusedRecord);
  });

  it("replaces neither a genesis nor the guard of another network", async () => {
    const { folder, validator } = seatAt(path("joined"));
    await joinNetwork(folder.path, genesis, validator);
    await failsWith("FILE_EXISTS", () => joinNetwork(folder.path, genesis, validator));
    const other = { networkId: `0x${"34".repeat(32)}` } as Genesis;
    await failsWith("GUARD_FOREIGN", () => joinNetwork(folder.path, other, validator));
  });
});
