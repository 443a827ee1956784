// JSON-RPC, from the text of a request to the text of its answer, on a real ledger. What the
// dispatcher calls a defect is a find.
import { callGasMax } from "../../node/config/limits.ts";
import { CallSlots } from "../../node/rpc/callSlots.ts";
import { Dispatcher } from "../../node/rpc/dispatcher.ts";
import { Filters } from "../../node/rpc/filters.ts";
import { allMethods } from "../../node/rpc/methods.ts";
import { ReceiptWaiters } from "../../node/rpc/receiptWaiters.ts";
import { Subscriptions } from "../../node/rpc/subscriptions.ts";
import { rightParameters } from "../rpc/rightParameters.ts";
import { startTestNode } from "../rpc/testNode.ts";
import { mutateBytes } from "./mutateBytes.ts";
import { mutateJson } from "./mutateJson.ts";
import type { Target } from "./target.ts";

/** Jumps for ever, asks blake2f for eight million rounds, and runs the call's data. */
const costly: readonly unknown[] = [
  { data: "0x5b5f56", gas: `0x${callGasMax.toString(16)}` },
  { to: `0x${"9".padStart(40, "0")}`, data: `0x007a1200${"01".repeat(209)}`, gas: `0x${callGasMax.toString(16)}` },
];

const methodsThatWait = new Set(["eth_sendRawTransactionSync"]);

export async function rpcTarget(): Promise<Target> {
  const { backend, close } = await startTestNode();
  const node = {
    backend,
    filters: new Filters(backend.engine.chain, () => performance.now()),
    subscriptions: new Subscriptions(),
    receiptWaiters: new ReceiptWaiters(),
    callSlots: new CallSlots(),
  };
  let defect: unknown;
  const dispatcher = new Dispatcher(allMethods, {
    onCall: () => undefined,
    onDefect: (_, error) => {
      defect = error;
    },
  });
  const seeds = allMethods
    .filter(({ name }) => !methodsThatWait.has(name))
    .map(({ name }) => ({ jsonrpc: "2.0", id: 1, method: name, params: rightParameters[name] ?? [] }));
  return {
    name: "JSON-RPC",
    make(random) {
      // A whole call costs half a second: one now and then is enough to see that nothing else waits for it.
      if (random.chance(0.000_05)) return { ...seeds[0], method: "eth_call", params: [random.pick(costly), "latest"] };
      const seed = random.pick(seeds);
      const kind = random.below(20);
      if (kind === 0) {
        const bytes = Buffer.from(JSON.stringify(seed));
        return Buffer.from(mutateBytes(random, bytes, bytes)).toString("utf8");
      }
      if (kind === 1) return [seed, mutateJson(random, seed), random.pick(seeds)];
      if (kind < 5) return mutateJson(random, seed);
      return { ...seed, params: mutateJson(random, seed.params) };
    },
    async run(input) {
      const text = typeof input === "string" ? input : JSON.stringify(input);
      defect = undefined;
      const answer = await dispatcher.answer(text, { node, session: undefined });
      if (defect !== undefined) throw defect;
      const answers = answer === undefined ? [] : ([JSON.parse(answer)].flat() as { error?: unknown }[]);
      return answers.every(({ error }) => error === undefined);
    },
    close,
  };
}
