// What the SDK promises on any network with the rules: the same claims, tried on Hardhat's network and on validators.
import type { TestNetwork } from "../fixtures/testNetwork.ts";
import { describeAccounts } from "./accounts.ts";
import { describeAccusations } from "./accusations.ts";
import { type Actors, bringActors } from "./actors.ts";
import { describeAgents } from "./agents.ts";
import { describeCapabilities } from "./capabilities.ts";
import { describeDisputes } from "./disputes.ts";
import { describeEvidence } from "./evidence.ts";
import { describeGovernance } from "./governance.ts";
import { describeIdentity } from "./identity.ts";
import { describeLife } from "./life.ts";
import { describeReputation } from "./reputation.ts";
import { describeStatements } from "./statements.ts";
import { describeValidation } from "./validation.ts";
import { describeValidators } from "./validators.ts";

export function describeMarket(start: () => Promise<TestNetwork>): void {
  let network: TestNetwork;
  let actors: Actors;

  before(async function () {
    this.timeout(60_000);
    network = await start();
    actors = await bringActors(network);
  });
  after(async () => {
    await actors?.close();
    await network?.close();
  });

  const present = (): Actors => actors;
  describeLife(present);
  describeAccounts(present);
  describeAgents(present);
  describeDisputes(present);
  describeCapabilities(present);
  describeAccusations(present);
  describeIdentity(present);
  describeReputation(present);
  describeValidation(present);
  describeGovernance(present);
  describeValidators(present);
  // Last, since it ends with suspended agents.
  describeStatements(present);
  describeEvidence(present);
}
