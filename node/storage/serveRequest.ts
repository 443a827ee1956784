import { blocksMessageBytesMax, certificatesPerMessageMax } from "../config/limits.ts";
import { unreachable } from "../types/errors.ts";
import type { FetchRequest, PeerMessage } from "../types/message.ts";
import type { ChainStore } from "./chainStore.ts";
import type { ViewArchive } from "./viewArchive.ts";

/** The answer to a peer's request: truncated to what fits a message, at worst empty, never none. */
export function serveRequest(request: FetchRequest, chain: ChainStore, archive: ViewArchive): PeerMessage {
  switch (request.kind) {
    case "fetchBlock": {
      const found = chain.byDigest(request.digest);
      return { kind: "blocks", blocks: found === undefined ? [] : [found] };
    }
    case "fetchHeights":
      return { kind: "blocks", blocks: chain.range(request.fromHeight, request.count, blocksMessageBytesMax) };
    case "fetchViews": {
      const certificates = archive.certificates(request.fromView, request.toView, certificatesPerMessageMax);
      return { kind: "certificates", certificates };
    }
    default:
      return unreachable(request);
  }
}
