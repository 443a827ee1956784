// Follows real cores in the model: after each input to one core there must be actions of that validator in the model
// that lead to exactly where the core now stands.
import { cloned } from "./counterexample.ts";
import { copyState, type ModelLayout, type NetworkState } from "./modelLayout.ts";
import { type ActionKind, ModelProtocol } from "./modelProtocol.ts";

/** One input can bring a proposal whose justification moves a validator through all views, with a vote in each. */
const actionsMax = 12;

const restarts: readonly ActionKind[] = ["restart", "acceptAndRestart"];

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
   * @param isRestarted whether the core was restarted: otherwise the model must do without
   */
  follow(validator: number, word: number, parents: number, isRestarted: boolean): boolean {
    const plain = (1 << this.#layout.restartShift) - 1;
    const isThere = ({ local, parents: own }: NetworkState): boolean =>
      ((local[validator] as number) & plain) === word && own[0] === parents;
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
          if (!isRestarted && restarts.includes(this.#protocol.action.kind)) return;
          const key = `${this.#trial.local[validator]}/${this.#trial.parents[0]}`;
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
