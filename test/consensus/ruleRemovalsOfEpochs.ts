import { edit, type RuleRemoval } from "./ruleRemoval.ts";

/** Rules of one epoch's end and the next one's beginning. */
export const ruleRemovalsOfEpochs: readonly RuleRemoval[] = [
  {
    rule: "Nothing behind an epoch's last block is committed: the next epoch starts from it.",
    vital: true,
    edits: [edit("commit", "    if (entry.block.header.height === draft.state.config.lastHeight) endEpoch(draft);\n")],
    test: "commits nothing behind the epoch's last block",
  },
  {
    rule: "A block behind an epoch's last one is empty: it will be discarded ...",
    vital: false,
    edits: [
      edit("blocks", "if (isTail(config, header.height) && transactions.length > 0)", "if (transactions.length < 0)"),
    ],
    test: "refuses a block behind the last one that is not empty",
  },
  {
    rule: "... and a leader builds it so.",
    vital: false,
    edits: [edit("propose", "isTail(config, tip.height + 1) || ")],
    test: "builds behind the last block nothing but empty ones",
  },
  {
    rule: "An epoch's first block extends the last of the epoch before, and no other without a certificate.",
    vital: true,
    edits: [edit("justification", " || (isBase && parentDigest !== base.digest)")],
    test: "takes no other block for its base",
  },
  {
    rule: "A peer in an earlier epoch is handed what ended it, and nothing that it says counts.",
    vital: true,
    edits: [edit("step", 'if (mayReply(draft, from, "handOver")) draft', "if (false) draft")],
    test: "hands a peer in an earlier epoch over",
  },
  {
    rule: "Nor does what a peer in a later epoch says: it is told where I stand.",
    vital: true,
    edits: [edit("step", 'if (mayReply(draft, from, "behind")) draft', "if (false) draft")],
    test: "tells a peer in a later epoch where it stands",
  },
  {
    rule: "Nothing is signed in an epoch before the one that was last signed in.",
    vital: true,
    edits: [edit("signing", "if (signedEpoch > epoch)", "if (signedEpoch > epoch + 1)")],
    test: "signs nothing in an epoch before the one that it last signed in",
  },
  {
    rule: "In doubt about its signatures, a node signs in no epoch that another validator has left.",
    vital: true,
    edits: [edit("step", '  noteReport(draft, from, "ahead");\n')],
    test: "does not sign before it has followed whoever is ahead",
  },
  {
    rule: "Of a log that holds several epochs only the own one's records are replayed.",
    vital: true,
    edits: [edit("start", "if (epochOfRecord(record) === state.config.epoch) ")],
    test: "replays of its log what belongs to its epoch",
  },
  {
    rule: "A finalization of my epoch at or below its base is a fork.",
    vital: true,
    edits: [edit("certificates", 'if (certificate.vote.kind === "finalize") beginFork', "if (false) beginFork")],
    test: "sees a fork in a finalization of its epoch at or below its base",
  },
  {
    rule: "Whoever stands behind what it signed itself is no witness of where the others are.",
    vital: true,
    edits: [edit("step", 'message.signedEpoch > message.epoch ? "ahead" : message.view', "message.view")],
    test: "does not take a peer's word that stands behind what it signed itself",
  },
  {
    rule: "... and says so.",
    vital: true,
    edits: [edit("reply", 'signing.mode === "past" ? signing.signedEpoch : epoch', "epoch")],
    test: "says that it stands behind what it signed",
  },
  {
    rule: "What a core held of its views goes to the archive when its epoch ends.",
    vital: true,
    edits: [edit("commit", "  for (const record of draft.state.views.values()) archiveRecord(draft, record);\n")],
    test: "leaves to the archive what it held of the epoch that ends",
  },
];
