import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { allotActions } from "../../sdk/clients/allotActions.ts";
import * as sdk from "../../sdk/index.ts";

const folder = fileURLToPath(new URL("../../sdk/actions/", import.meta.url));

/** Each exported function of the actions' files with the comment before it. */
function documented(): readonly { readonly name: string; readonly comment: string }[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((file) => {
    const text = readFileSync(`${file.parentPath}/${file.name}`, "utf8");
    const functions = text.matchAll(
      /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\nexport (?:async )?(?:function|const) (\w+)[\s(=]+client: AllotCore/g,
    );
    return [...functions].map(([, comment = "", name = ""]) => ({ name, comment }));
  });
}

/** For the SDK's own use. */
const internal = new Set([
  "ensureAllowance",
  "lockAttestation",
  "lockBid",
  "lockDelivery",
  "readEasNonce",
  "readRequestPlace",
  "readSeat",
  "readSchemaId",
  "registryOf",
  "reportEvidence",
  "requestAllot",
  "requireSignLock",
  "voteSaltOf",
]);

describe("the SDK's edge", () => {
  it("exports every action and gives it to the client", () => {
    const names = documented()
      .map(({ name }) => name)
      .filter((name) => !internal.has(name));
    expect(names).to.have.length.greaterThan(40);
    const methods = Object.keys(allotActions(undefined as never));
    expect(methods.sort()).to.deep.equal(
      names.filter((name) => name !== "followLogs" && name !== "postedTasksOf").sort(),
    );
    for (const name of methods) expect(sdk, name).to.have.property(name);
  });

  it("shows each action in an example that calls it", () => {
    const hidden = new Set([...internal, "followLogs", "postedTasksOf"]);
    for (const { name, comment } of documented().filter((one) => !hidden.has(one.name))) {
      const example = comment.split("@example")[1] ?? "";
      expect(example, `${name} has no example`).to.match(/```ts/);
      expect(example, `the example of ${name} does not call it`).to.include(`${name}(`);
    }
  });
});
