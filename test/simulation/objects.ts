// Objects that clients share through a ledger. A call is the text of a transaction; the same functions say what the
// ledger makes of it and what an honest history looks like.
import type { SequentialObject } from "./linearizable.ts";

/** "register write 5", "register read", "register swap 5 6": put 6 where 5 stands. */
export const register: SequentialObject<number, string> = {
  initial: 0,
  apply(state, call) {
    const [, verb, first, second] = call.split(" ");
    if (verb === "write") return { state: Number(first), answer: "written" };
    if (verb === "read") return { state, answer: String(state) };
    const swaps = state === Number(first);
    return { state: swaps ? Number(second) : state, answer: swaps ? "swapped" : "kept" };
  },
};

/** "set add 7", "set read": all members, in order. */
export const set: SequentialObject<string, string> = {
  initial: "",
  apply(state, call) {
    const [, verb, member] = call.split(" ");
    if (verb === "read") return { state, answer: state };
    const members = state.split(",").filter((one) => one !== "");
    const all = new Set([...members, member as string]);
    return { state: [...all].sort((a, b) => Number(a) - Number(b)).join(","), answer: "added" };
  },
};

/** Both, as a ledger keeps them. Transactions about neither have no answer. */
export class SharedObjects {
  #register = register.initial;
  #set = set.initial;
  /** What each transaction that took effect was answered, by its text. */
  readonly #answers = new Map<string, string>();

  /** `transaction` is a call, then "#" and what makes it different from all others. */
  apply(transaction: string): void {
    const call = callOf(transaction);
    if (call.startsWith("register ")) {
      const { state, answer } = register.apply(this.#register, call);
      this.#register = state;
      this.#answers.set(transaction, answer);
    } else if (call.startsWith("set ")) {
      const { state, answer } = set.apply(this.#set, call);
      this.#set = state;
      this.#answers.set(transaction, answer);
    }
  }

  answerOf(transaction: string): string | undefined {
    return this.#answers.get(transaction);
  }

  /** Without asking the others: what was true here at some time, and may be no longer. */
  glance(call: string): string {
    return call.startsWith("register ")
      ? register.apply(this.#register, call).answer
      : set.apply(this.#set, call).answer;
  }
}

export const callOf = (transaction: string): string => transaction.slice(0, transaction.indexOf("#"));
