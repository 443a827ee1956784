import { blocksMessageBytesMax, certificatesPerMessageMax } from "../config/limits.ts";
import { unreachable } from "../types/errors.ts";
import type { FetchRequest, PeerMessage } from "../types/message.ts";
import type { ChainStore } from "./chainStore.ts";
import type { EpochStore } from "./epochStore.ts";
import type { ViewArchive } from "./viewArchive.ts";

export interface ServedStores {
  readonly chain: ChainStore;
  readonly archive: ViewArchive;
  readonly epochs: EpochStore;
}

/** The answer to a peer's request: truncated to what fits a message, at worst empty, never none. */
export function serveRequest(request: FetchRequest, { chain, archive, epochs }: ServedStores): PeerMessage {
  switch (request.kind) {
    case "fetchBlock": {
      const tail = epochs.tailBlock(request.digest);
      const found = chain.byDigest(request.digest) ?? (tail && { block: tail, finalization: undefined });
      return { kind: "blocks", blocks: found === undefined ? [] : [found] };
    }
    case "fetchHeights":
      return { kind: "blocks", blocks: chain.range(request.fromHeight, request.count, blocksMessageBytesMax) };
    case "fetchViews": {
      const { epoch, fromView, toView } = request;
      const certificates = archive.certificates(epoch, fromView, toView, certificatesPerMessageMax);
      return { kind: "certificates", certificates };
    }
    default:
      return unreachable(request);
  }
}
