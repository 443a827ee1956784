import { expect } from "chai";
import {
  buildRegistrationFile,
  parseRegistrationFile,
  RegistrationError,
  readRegistrationFile,
  registrationUriOf,
} from "../../sdk/index.ts";

const content = {
  name: "Übersetzer",
  description: "German to English",
  image: "https://agent.example/image.png",
  services: [{ name: "A2A", endpoint: "https://agent.example/.well-known/agent-card.json", version: "0.3.0" }],
  registrations: [{ agentId: 22, agentRegistry: "eip155:1:0x742d" }],
  supportedTrust: ["reputation"],
};

async function refusal(action: () => unknown): Promise<RegistrationError> {
  try {
    await action();
  } catch (error) {
    expect(error).to.be.instanceOf(RegistrationError);
    return error as RegistrationError;
  }
  return expect.fail("expected a refusal");
}

describe("registration files (ERC-8004)", () => {
  it("go into a data: URI and come back as they were, fields unknown to the text included", async () => {
    const file = buildRegistrationFile({ ...content, extra: { kept: true } });
    expect(file).to.deep.include({ active: true, x402Support: false, extra: { kept: true } });
    const uri = registrationUriOf(file);
    expect(uri).to.match(/^data:application\/json;base64,[A-Za-z0-9+/=]+$/);
    expect(await readRegistrationFile({ uri })).to.deep.equal(file);
  });

  it("are refused by the name of the field that is wrong", async () => {
    const file = buildRegistrationFile(content);
    for (const [field, wrong] of [
      ["type", { type: "other" }],
      ["name", { name: "" }],
      ["services.0.endpoint", { services: [{ name: "MCP" }] }],
      ["registrations.0.agentRegistry", { registrations: [{ agentId: 1, agentRegistry: "0x742d" }] }],
      ["active", { active: "yes" }],
    ] as const) {
      const error = await refusal(() => parseRegistrationFile({ ...file, ...wrong }));
      expect(error.code).to.equal("REGISTRATION_INVALID");
      expect(error.facts).to.deep.include({ field });
    }
    expect((await refusal(() => parseRegistrationFile([]))).facts).to.deep.include({ field: "(the file)" });
  });

  it("are read over https, and from ipfs through a gateway", async () => {
    const file = buildRegistrationFile(content);
    const asked: string[] = [];
    const fetch = (async (url: string) => {
      asked.push(url);
      return new Response(JSON.stringify(file));
    }) as typeof globalThis.fetch;
    expect(await readRegistrationFile({ uri: "https://agent.example/a.json", fetch })).to.deep.equal(file);
    const ipfsGateway = "https://gateway.example/";
    expect(await readRegistrationFile({ uri: "ipfs://cid/a.json", fetch, ipfsGateway })).to.deep.equal(file);
    expect(asked).to.deep.equal(["https://agent.example/a.json", "https://gateway.example/ipfs/cid/a.json"]);
  });

  it("that cannot be read say why", async () => {
    const answering = (body: string, status = 200) =>
      (async () => new Response(body, { status })) as unknown as typeof globalThis.fetch;
    const uri = "https://agent.example/a.json";
    for (const [parameters, sentence] of [
      [{ uri: "ftp://a" }, "none of data:"],
      [{ uri: "ipfs://cid" }, "needs a gateway"],
      [{ uri: "data:text/plain,a" }, "not of application/json"],
      [{ uri: "data:application/json,%zz" }, "not percent-encoded"],
      [{ uri: "data:application/json;base64,e30x" }, "not JSON"],
      [{ uri, fetch: answering("", 404) }, "answered 404"],
      [{ uri, fetch: answering("x".repeat(1_048_577)) }, "longer than"],
    ] as const) {
      const error = await refusal(() => readRegistrationFile(parameters));
      expect(error.code).to.equal("REGISTRATION_UNREADABLE");
      expect(error.message).to.contain(sentence);
    }
  });
});
