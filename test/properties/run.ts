// A run: fast-check draws blocks of calls from a seed, the crowd plays them against the contracts, and everything is
// brought to its end. Every run begins in the same state.
import fc from "fast-check";
import { Block, WEIGHTED_MOVES } from "./block.ts";
import { compareAll, PropertyBroken } from "./comparison.ts";
import { endTasks, exitAll, outcomeOf } from "./ending.ts";
import type { Tally } from "./tally.ts";
import { World } from "./world.ts";

/** Blocks of a run, and moves in a block. */
const BLOCKS = { min: 50, max: 70 };
const MOVES = { minLength: 30, maxLength: 80, size: "max" } as const;

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000);

export class Runs {
  readonly #world: World;
  readonly #model: World["model"];
  readonly #actors: ReadonlySet<string>;
  #snapshot = "";

  constructor(world: World) {
    this.#world = world;
    this.#model = world.model;
    this.#actors = new Set(world.actors);
  }

  static async begin(connection: Parameters<typeof World.create>[0]): Promise<Runs> {
    return new Runs(await World.create(connection));
  }

  /** One run; throws with its seed and the call, or the figure, in which a property was found broken. */
  async run(seed: number, tally: Tally): Promise<void> {
    const move = fc.record({ move: fc.constantFrom(...WEIGHTED_MOVES), seed: fc.nat() });
    const block = fc.record({ seed: fc.nat(), moves: fc.array(move, MOVES) }).map((spec) => new Block(spec, tally));
    const blocks = fc.array(block, { minLength: BLOCKS.min, maxLength: BLOCKS.max, size: "max" });
    const property = fc.asyncProperty(blocks, async (list) => {
      const w = await this.#fresh();
      await fc.asyncModelRun(() => ({ model: {}, real: w }), list);
      await this.#end(w, tally);
    });
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, endOnFailure: true });
    // The thousands of calls that led there are replayed by the seed, and not shown.
    if (failed) throw new PropertyBroken(`seed ${seed}: ${told(errorInstance)}`, { cause: errorInstance });
  }

  /** Twice: by a stranger in one order, by somebody else in the other; what comes out must be the same. */
  async #end(w: World, tally: Tally): Promise<void> {
    const before = w.model;
    const snapshot = await w.chain.snapshot();
    w.model = before.copy();
    const offers = await endTasks(w, tally, w.reporter.address, (list) => [...list].reverse());
    await compareAll(w);
    const other = `${offers}\n${outcomeOf(w.model)}`;
    await w.chain.revert(snapshot);
    w.model = before;
    const offered = await endTasks(w, tally, w.stranger.address, (list) => list);
    await compareAll(w);
    if (`${offered}\n${outcomeOf(w.model)}` !== other)
      throw new PropertyBroken("property 3: outcomes depend on order or caller");
    await exitAll(w, tally);
  }

  async #fresh(): Promise<World> {
    const w = this.#world;
    if (this.#snapshot !== "") await w.chain.revert(this.#snapshot);
    this.#snapshot = await w.chain.snapshot();
    w.model = this.#model.copy();
    w.actors = new Set(this.#actors);
    w.signed = new Map();
    w.made = [];
    w.newActors = [];
    return w;
  }
}
