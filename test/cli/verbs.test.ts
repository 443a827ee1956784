import { describeAccusations } from "./suite/accusations.ts";
import { describeAgents } from "./suite/agents.ts";
import { describeAttestations } from "./suite/attestations.ts";
import { describeDisputes } from "./suite/disputes.ts";
import { describeEvidence } from "./suite/evidence.ts";
import { describeEvidenceExport } from "./suite/evidenceExport.ts";
import { describeGovernance } from "./suite/governance.ts";
import { describeMarket } from "./suite/market.ts";
import { describeMistakes } from "./suite/mistakes.ts";
import { type OperatorNetwork, startOperatorNetwork } from "./suite/operatorNetwork.ts";
import { describeAttest, describeSlash } from "./suite/policing.ts";
import { describeValidators } from "./suite/validators.ts";
import { describeWatch } from "./suite/watch.ts";

describe("the command line on four validators", function () {
  this.timeout(120_000);
  let network: OperatorNetwork;
  before(async () => {
    network = await startOperatorNetwork();
  });
  after(() => network?.close());

  describe("allot agents", () => describeAgents(() => network));
  describe("allot market", () => describeMarket(() => network));
  describe("allot attest", () => describeAttest(() => network));
  describe("attestations", () => describeAttestations(() => network));
  describe("allot slash", () => describeSlash(() => network));
  describe("allot slash, accusations", () => describeAccusations(() => network));
  describe("allot evidence", () => describeEvidence(() => network));
  describe("allot disputes", () => describeDisputes(() => network));
  describe("allot validators", () => describeValidators(() => network));
  describe("allot governance", () => describeGovernance(() => network));
  describe("mistakes in a call", () => describeMistakes(() => network));
  // It kills a validator, and starts it again.
  describe("allot evidence export", () => describeEvidenceExport(() => network));
  // Last: it kills a validator, and the others go on.
  describe("allot watch", () => describeWatch(() => network));
});
