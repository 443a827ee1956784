// Every method with every kind of wrong parameter: the answer is −32602, and its sentence names the parameter.
import { expect } from "chai";
import { allMethods } from "../../node/rpc/methods.ts";
import { address, hash, rightParameters } from "./rightParameters.ts";
import { startTestNode, type TestNode } from "./testNode.ts";

/** Values that fit nowhere but where they are listed as fitting. */
const wrong: readonly unknown[] = [
  "0xzz",
  "latestt",
  -1,
  1.5,
  "12",
  `0x${"1".repeat(67)}`,
  { surprise: true },
  [["0x1"]],
  "",
  true,
];

/** Wrong values that happen to be right for a parameter. */
const fits = (parameter: string, value: unknown): boolean =>
  (parameter === "fullTransactions" && value === true) ||
  // The options of a subscription depend on its kind; newHeads takes none.
  (parameter === "data" && value === "0x");

/** Parameters that may be left out. */
const optionals: readonly string[] = [
  "fullTransactions",
  "block",
  "stateOverrides",
  "timeoutMs",
  "options",
  "epoch",
  "rewardPercentiles",
  "validator",
];

describe("parameters of JSON-RPC", function () {
  this.timeout(60_000);
  let node: TestNode;
  before(async () => {
    node = await startTestNode();
  });
  after(() => node.close());

  it("lists right parameters here for every method that takes any", () => {
    const taking = allMethods.filter((each) => each.parameters.length > 0).map((each) => each.name);
    expect(Object.keys(rightParameters).sort()).to.deep.equal(taking.sort());
  });

  for (const method of allMethods) {
    const given = rightParameters[method.name] ?? [];

    it(`${method.name} accepts right parameters, and no more than it has`, async () => {
      const answer = await node.call(method.name, ...given);
      expect(answer.error?.code, answer.error?.message).to.not.equal(-32602);
      const padded = [...given, ...Array(method.parameters.length - given.length).fill(null)];
      const more = await node.call(method.name, ...padded, "0x0");
      expect(more.error?.code).to.equal(-32602);
      expect(more.error?.message).to.contain(`${method.name} takes`);
    });

    for (const [index, { name }] of method.parameters.entries()) {
      it(`${method.name} refuses a wrong ${name}`, async () => {
        for (const value of wrong) {
          if (fits(name, value)) continue;
          const parameters = [...given];
          parameters[index] = value;
          const { error } = await node.call(method.name, ...parameters);
          expect(error?.code, `${JSON.stringify(value)}: ${JSON.stringify(error)}`).to.equal(-32602);
          expect(error?.message, JSON.stringify(value)).to.match(new RegExp(`^${name}\\b`));
        }
        if (index < given.length && !optionals.includes(name)) {
          const { error } = await node.call(method.name, ...given.slice(0, index));
          expect(error?.code).to.equal(-32602);
          expect(error?.message).to.match(new RegExp(`^${name} must be .*, not missing$`));
        }
      });
    }
  }

  const cases: readonly (readonly [string, readonly unknown[], RegExp])[] = [
    ["eth_call", [{ to: address, dat: "0x" }], /^call\.dat is no field here; known are from, to, /],
    ["eth_call", [{ to: "0x1" }], /^call\.to must be an address .*, not "0x1"$/],
    ["eth_call", [{ data: "0x00", input: "0x01" }], /^call\.data and call\.input differ/],
    ["eth_call", [{ value: "0x01" }], /^call\.value must be an amount/],
    ["eth_call", [{ value: `0x1${"0".repeat(64)}` }], /^call\.value must be an amount/],
    ["eth_call", [{}, "latest", { [address]: {} }], /^stateOverrides must be an empty object/],
    ["eth_getBalance", [address, { blockHash: "0x1" }], /^block\.blockHash must be a hash/],
    ["eth_getBalance", [address, {}], /^block must be /],
    ["eth_getBalance", [address, "0x01"], /^block must be /],
    ["eth_getBlockByNumber", [hash], /^block must be a block number/],
    ["eth_getLogs", [{ topics: [[hash, "0x1"]] }], /^filter\.topics\[0\]\[1\] must be a hash/],
    ["eth_getLogs", [{ topics: [null, null, null, null, null] }], /^filter\.topics has 5 values; at most 4/],
    ["eth_getLogs", [{ blockHash: hash, fromBlock: "0x0" }], /^filter\.blockHash excludes/],
    ["eth_getLogs", [{ fromBlock: "0x5", toBlock: "0x4" }], /^filter\.toBlock 4 lies before filter\.fromBlock 5/],
    ["eth_getProof", [address, ["0x0", "zz"]], /^slots\[1\] must be a storage slot/],
    ["eth_getProof", [address, Array(257).fill("0x0")], /^slots has 257 values; at most 256/],
    ["eth_feeHistory", ["0x401", "latest"], /^blockCount must be at most 1024/],
    ["eth_feeHistory", ["0x1", "latest", [50, 20]], /^rewardPercentiles must be in ascending order/],
    ["eth_feeHistory", ["0x1", "latest", [101]], /^rewardPercentiles\[0\] must be a number from 0 to 100/],
    ["eth_subscribe", ["logs", { address: 1 }], /^options\.address must be an address/],
    ["eth_subscribe", ["newPendingTransactions", 1], /^options must be true or false/],
    [
      "eth_subscribe",
      ["transactionReceipts", { transactionHashes: ["0x"] }],
      /^options\.transactionHashes\[0\] must be a hash/,
    ],
  ];
  for (const [method, parameters, sentence] of cases) {
    it(`${method}(${JSON.stringify(parameters).slice(1, 70)}… is told: ${sentence.source}`, async () => {
      const { error } = await node.call(method, ...parameters);
      expect(error?.code, error?.message).to.equal(-32602);
      expect(error?.message).to.match(sentence);
    });
  }
});
