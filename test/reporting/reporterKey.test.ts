import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createSeat } from "../../node/cli/seat.ts";
import { deriveKey } from "../../node/crypto/derivedKey.ts";
import { derivePeerKey } from "../../node/crypto/peerKey.ts";
import { deriveReporterKey } from "../../node/crypto/reporterKey.ts";
import { validatorIdentity } from "../../node/crypto/validatorIdentity.ts";
import { readSeatEntry } from "../../node/genesis/seatEntry.ts";
import { temporaryFolder } from "../storage/temporaryFolder.ts";

const key = new Uint8Array(32).fill(7);
const seat = { name: "acme", organisation: "acme", addresses: ["/ip4/127.0.0.1/tcp/26656"], config: {} };

describe("a reporter key", () => {
  it("follows from the validator key for good, as the peer key does: networks know both by their public sides", () => {
    expect(validatorIdentity(key)).to.deep.equal({
      address: "0x4a62316623ad457f02cdc5d997ded67a383ec569",
      peerKey: "0x0271625dd5a5615bd80637476c3b48ef0bc6b86944f6ca05c6e2dff22c7bfdc6e1",
      reporter: "0x348b042cd64f2101c98449293a6dd47a8bc10cd3",
    });
  });

  it("is neither the validator key nor the peer key", () => {
    const all = [key, derivePeerKey(key), deriveReporterKey(key)].map((one) => Buffer.from(one).toString("hex"));
    expect(new Set(all).size).to.equal(3);
  });

  it("comes from a whole validator key alone", () => {
    expect(() => deriveKey(key.subarray(1), "any")).to.throw("a validator key has 32 bytes");
  });

  it("stands in the seat's public entry; one without it is refused with what to do", () => {
    const folder = join(temporaryFolder(), "acme");
    const entry = createSeat(folder, seat);
    const file = join(folder, "validator.json");
    expect(readSeatEntry(file).reporter).to.equal(entry.reporter);
    const { reporter, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    expect(reporter).to.equal(entry.reporter);
    writeFileSync(file, JSON.stringify(rest));
    expect(() => readSeatEntry(file)).to.throw(/reporter: is missing: add the one that "allot keys show/);
  });
});
