import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { freePorts } from "../../../node/cli/ports.ts";
import { allot } from "../runAllot.ts";
import { expectMistake, expectRefusedByRules, type OperatorNetwork } from "./operatorNetwork.ts";

/** What goes wrong before a verb gets to its work: the same for all of them. */
export function describeMistakes(network: () => OperatorNetwork): void {
  const register = ["agents", "register"];

  it("a verb that writes asks for a key, and says how to get one", async () => {
    const call = (...args: string[]) => allot([...register, "--rpc-url", network().urls, ...args]);
    expectMistake(await call(), /needs a key to sign with: .*--key-file.*allot keys generate/);
    expectMistake(await call("--key-file", network().path("none.key")), /none\.key does not exist/);
    writeFileSync(network().path("open.key"), `0x${"17".repeat(32)}\n`);
    chmodSync(network().path("open.key"), 0o644);
    expectMistake(await call("--key-file", network().path("open.key")), /mode 0644.*chmod 600/);
    writeFileSync(network().path("bad.key"), "0x12\n", { mode: 0o600 });
    expectMistake(await call("--key-file", network().path("bad.key")), /a private key is 64 hexadecimal digits/);
  });

  it("a verb signs with an encrypted key", async () => {
    const [safe, pass] = [network().path("safe.key"), network().path("pass.txt")];
    writeFileSync(pass, "correct horse\n");
    const imported = await allot(["keys", "import", safe, "--from", network().keyFile(15), "--passphrase-file", pass]);
    expect(imported.code, imported.stderr).to.equal(0);
    const call = [...register, "--rpc-url", network().urls, "--key-file", safe];
    expectMistake(await allot(call), /is encrypted.*--passphrase-file/);
    const { code, stdout, stderr } = await allot([...call, "--passphrase-file", pass, "--json"]);
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout).owner.toLowerCase()).to.equal(network().address(15));
    expect(stderr, "a program that reads JSON is told nothing else").to.equal("");
  });

  it("refuses a URL that is none", async () => {
    expectMistake(await allot(["market", "list", "--rpc-url", "localhost:8545"]), /--rpc-url: .*must be a URL such as/);
    expectMistake(await allot(["market", "list", "--rpc-url", ","]), /--rpc-url: names no node/);
  });

  it("says which node does not answer, and asks the next one where there is one", async () => {
    const [port] = await freePorts("127.0.0.1", 1);
    const nowhere = `http://127.0.0.1:${port}`;
    const list = (urls: string) => allot(["agents", "list", "--rpc-url", urls]);
    expectRefusedByRules(await list(nowhere), new RegExp(`no node answers at ${nowhere}: .*--rpc-url`));
    const { code, stderr } = await list(`${nowhere},${network().urls}`);
    expect(code, stderr).to.equal(0);
  });

  it("refuses a node that has no rules, and a server that is no node", async () => {
    const answer = (result: unknown) =>
      new Promise<{ url: string; close: () => void }>((resolve) => {
        const server = createServer((request, response) => {
          // It has no word on being ready, as nodes of other kinds.
          if (request.method === "GET") return void response.writeHead(404).end();
          let body = "";
          request.on("data", (chunk) => {
            body += chunk;
          });
          request.on("end", () => {
            response.setHeader("content-type", "application/json");
            response.end(
              typeof result === "string"
                ? JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(body).id, result })
                : "<html></html>",
            );
          });
        });
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo;
          resolve({ url: `http://127.0.0.1:${port}`, close: () => server.close() });
        });
      });
    const bare = await answer("0x");
    expectMistake(await allot(["market", "list", "--rpc-url", bare.url]), /has no rules at their addresses/);
    bare.close();
    const page = await answer(undefined);
    expectRefusedByRules(await allot(["market", "list", "--rpc-url", page.url]), /no node answers at/);
    page.close();
  });
}
