import { expect } from "chai";
import { CrashPoint } from "../../node/storage/crashPoints.ts";
import { failsWith } from "../storage/errorCode.ts";

describe("ALLOT_CRASH_AT", () => {
  it("asks for nothing when it is not set", () => {
    expect(CrashPoint.from({})).to.equal(undefined);
    expect(CrashPoint.from({ ALLOT_CRASH_AT: "" })).to.equal(undefined);
  });

  it("names a point and how often it is passed before", () => {
    expect(CrashPoint.from({ ALLOT_CRASH_AT: "wal.torn:5" })?.name).to.equal("wal.torn");
    expect(CrashPoint.from({ ALLOT_CRASH_AT: "guard.synced" })?.name).to.equal("guard.synced");
  });

  for (const text of ["wal.tron", "wal.torn:0", "wal.torn:x", "toString"]) {
    it(`refuses ${text}, and says what there is`, async () => {
      const { message } = await failsWith("BAD_VALUE", () => CrashPoint.from({ ALLOT_CRASH_AT: text }));
      expect(message).to.match(/^ALLOT_CRASH_AT: must be one of wal\.created, /);
    });
  }
});
