import type { FinalizedBlock } from "../../../node/types/block.ts";
import { sealBlock } from "../../../node/types/blockCodec.ts";
import type { PeerMessage } from "../../../node/types/message.ts";
import type { Byzantine } from "./byzantine.ts";

function forged({ block, finalization }: FinalizedBlock): FinalizedBlock {
  const { transactionsHash: _t, justificationHash: _j, ...header } = block.header;
  const transactions = [...block.transactions, Buffer.from("never submitted")];
  return { block: sealBlock(header, transactions, block.justification), finalization };
}

/** Answers who catches up with other blocks than were asked for, certificates of nothing, or nothing. */
export function lyingSyncPeer(): Byzantine {
  let answers = 0;
  return {
    outgoing(message: PeerMessage) {
      if (message.kind === "blocks") {
        const turn = answers++ % 3;
        if (turn === 0) return [{ kind: "blocks", blocks: [] }];
        if (turn === 1) return [{ kind: "blocks", blocks: message.blocks.map(forged) }];
        return [{ kind: "blocks", blocks: [...message.blocks].reverse() }];
      }
      if (message.kind === "certificates") {
        const certificates = message.certificates.map((one) => ({ ...one, signers: one.signers.slice(1) }));
        return [{ kind: "certificates", certificates }];
      }
      return [message];
    },
  };
}
