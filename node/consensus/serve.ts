// Answering requests: from memory where it is all there, otherwise from storage. Never with silence.
import type { ValidatorIndex, View } from "../types/brands.ts";
import type { Certificate } from "../types/certificate.ts";
import { unreachable } from "../types/errors.ts";
import type { FetchRequest } from "../types/message.ts";
import type { Draft } from "./draft.ts";
import { lowestViewHeld } from "./view.ts";

export function answer(draft: Draft, to: ValidatorIndex, request: FetchRequest): void {
  const { state } = draft;
  switch (request.kind) {
    case "fetchBlock": {
      const block = state.blocks.get(request.digest)?.block;
      if (block === undefined) return draft.emit({ kind: "serve", to, request });
      const finalization = state.final.find((final) => final.digest === request.digest)?.finalization;
      const own = finalization?.vote.digest === request.digest ? finalization : undefined;
      return draft.emit({ kind: "send", to, message: { kind: "blocks", blocks: [{ block, finalization: own }] } });
    }
    case "fetchHeights": {
      const count = Math.min(request.count, state.config.limits.blocksPerMessageMax);
      return draft.emit({ kind: "serve", to, request: { ...request, count } });
    }
    case "fetchViews":
      if (request.epoch !== state.config.epoch || request.fromView < lowestViewHeld(state))
        return draft.emit({ kind: "serve", to, request });
      return draft.emit({ kind: "send", to, message: { kind: "certificates", certificates: heldIn(draft, request) } });
    default:
      return unreachable(request);
  }
}

/** "Fetch by view returns every kind held", the highest views first, up to the shared count limit. */
function heldIn({ state }: Draft, { fromView, toView }: { fromView: View; toView: View }): Certificate[] {
  const held: Certificate[] = [];
  for (let view = Math.min(toView, state.current); view >= fromView; view--) {
    const record = state.views.get(view as View);
    const kinds = [record?.finalization, record?.nullification, record?.notarization].filter((c) => c !== undefined);
    if (held.length + kinds.length > state.config.limits.certificatesPerMessageMax) break;
    held.push(...kinds);
  }
  return held;
}
