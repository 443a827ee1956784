// Follows real cores in the model: after each input to one core there must be actions of that validator in the model
// that lead to exactly where the core now stands.
import { cloned } from "./counterexample.ts";
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { type ActionKind, ModelProtocol } from "./modelProtocol.ts";

/** One input can bring a proposal whose justification moves a validator through all views, with a vote in each. */
const actionsMax = 12;

/** What happened to the core apart from its input. */
export type Mishap = "none" | "restart" | "loss";

const mishapOf: Partial<Record<ActionKind, Mishap>> = {
  restart: "restart",
  acceptAndRestart: "restart",
  loseEverything: "loss",
};

export class ModelShadow {
  readonly state: NetworkState;
  readonly #layout: ModelLayout;
  readonly #trial: NetworkState;
  readonly #protocol: ModelProtocol;

  constructor(layout: ModelLayout) {
    this.#layout = layout;
    this.state = layout.newState();
    this.#trial = layout.newState();
    this.#protocol = new ModelProtocol(layout, this.#trial, "speaking");
  }

  /**
   * Goes with a core to where it stands now; false when the model knows no way.
   * @param word of the validator, restarts left out
   * @param mishap what the model may let happen to the validator, too
   */
  follow(validator: number, word: number, parents: number, mishap: Mishap): boolean {
    const plain = (1 << this.#layout.restartShift) - 1;
    const isLost = ({ ghost }: NetworkState): boolean => this.#layout.signsFrom(ghost[validator] as number) > 0;
    const isThere = (state: NetworkState): boolean =>
      ((state.local[validator] as number) & plain) === word &&
      state.parents[0] === parents &&
      (mishap !== "loss" || isLost(state));
    let open = [cloned(this.#layout, this.state)];
    const seen = new Set<string>();
    for (let actions = 0; actions <= actionsMax; actions++) {
      const next: NetworkState[] = [];
      for (const state of open) {
        if (isThere(state)) {
          copyState(state, this.state);
          return true;
        }
        copyState(state, this.#trial);
        this.#protocol.expandOne(validator, () => {
          const { [this.#protocol.action.kind]: happened = mishap } = mishapOf;
          if (happened !== mishap) return;
          const key = `${this.#trial.local[validator]}/${this.#trial.ghost[validator]}/${this.#trial.parents[0]}`;
          if (seen.has(key)) return;
          seen.add(key);
          next.push(cloned(this.#layout, this.#trial));
        });
      }
      open = next;
    }
    return false;
  }
}
