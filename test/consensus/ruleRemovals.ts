// Each rule of the protocol, how to take it out of the core, and the test that must fail then. `removeRules.ts` tries
// them all and writes docs/consensus-rules.md.

import { edit, type RuleRemoval } from "./ruleRemoval.ts";
import { ruleRemovalsOfEpochs } from "./ruleRemovalsOfEpochs.ts";

export const ruleRemovals: readonly RuleRemoval[] = [
  {
    rule: "Votes are signed for one network: its random id salts the EIP-712 domain.",
    vital: true,
    edits: [{ file: "node/types/votePreimage.ts", find: "words.set(bytesOf(networkId), 128);", replace: "" }],
    test: "networkId: a vote of another network with the same chain id proves nothing here",
  },
  {
    rule: "A certificate on which one of my votes relies is durable before that vote leaves.",
    vital: true,
    edits: [
      edit(
        "certificates",
        '  draft.emit({ kind: "persist", record: { kind: "certificate", certificate } });\n  apply(draft, certificate);',
        '  apply(draft, certificate);\n  draft.emit({ kind: "persist", record: { kind: "certificate", certificate } });',
      ),
    ],
    test: "every certificate that one of my votes relies on is durable before that vote leaves",
  },
  {
    rule: "A certificate that moves me is durable before any vote in the view it moves me to.",
    vital: true,
    edits: [edit("certificates", 'draft.emit({ kind: "persist", record: { kind: "certificate", certificate } });')],
    test: "every certificate that moves me is durable before my vote in the view that it moved me to",
  },
  {
    rule: "A block's body and justification are durable before my Notarize of it.",
    vital: true,
    edits: [edit("proposal", "      persistBlock(draft, digest);\n")],
    test: "Notarize(v, b) requires b's body and justification durable",
  },
  {
    rule: "A leader's own block is durable before its Notarize.",
    vital: true,
    edits: [edit("propose", "  persistBlock(draft, block.digest);\n")],
    test: "logs its block, then its vote, then sends both together",
  },
  {
    rule: "What I notarized is kept and served, also after a restart.",
    vital: true,
    edits: [edit("start", "return addBlock(draft, record.block, { persisted: true });", "return;")],
    test: "what was notarized is served to who asks for it, before and after a restart",
  },
  {
    rule: "Every vote is logged before the guard is asked to sign it.",
    vital: true,
    edits: [edit("voting", '  draft.emit({ kind: "persist", record: { kind: "vote", vote } });\n')],
    test: "every vote is logged before it is signed",
  },
  {
    rule: "The leader timeout is 0 for a leader that has been silent.",
    vital: true,
    edits: [edit("view", "mayBeSkipped(state) ? 0 : ")],
    test: "tL = 0 for a silent leader while a quorum is not silent",
  },
  {
    rule: "... but only while a quorum, myself included, is not silent.",
    vital: true,
    edits: [edit("view", " && state.lastActive.length - silent.size >= state.quorum")],
    test: "tL is not 0 when fewer than a quorum are not silent",
  },
  {
    rule: "... and never for the leader itself.",
    vital: true,
    edits: [edit("view", "index !== state.config.self && ")],
    test: "the leader itself never uses tL = 0",
  },
  {
    rule: "Silence lasts skipInactiveViews × n views.",
    vital: false,
    edits: [edit("view", "config.parameters.skipInactiveViews * config.validators.length", "1")],
    test: "tL is not 0 for a leader heard from within the last skipInactiveViews × n views",
  },
  {
    rule: "Only a proposal of the current view gets a vote.",
    vital: true,
    edits: [
      edit("voting", "view !== draft.state.current || "),
      edit(
        "proposal",
        "    addBlock(draft, block);\n",
        "    addBlock(draft, block);\n  if (view < state.current) castNotarize(draft, view, block.digest);\n",
      ),
    ],
    test: "current only: a proposal of a past view gets no vote",
  },
  {
    rule: "No Notarize in a view in which I have sent a vote of any kind.",
    vital: true,
    edits: [edit("voting", "hasVoted(draft.record(view)) || "), edit("proposal", " || hasVoted(record)")],
    test: "any kind: after Nullify(v) there is no Notarize(v)",
  },
  {
    rule: "... which the leader's own proposal obeys, too.",
    vital: true,
    edits: [
      edit("voting", "hasVoted(draft.record(view)) || "),
      edit("propose", "  if (hasVoted(draft.record(view))) return;\n"),
    ],
    test: "any kind: a leader that has given up on its view does not propose in it",
  },
  {
    rule: "Of two proposals in a view only the first counts.",
    vital: false,
    edits: [
      edit("proposal", "  if (view === state.current && draft.record(view)?.proposal !== undefined) return;\n"),
      edit("proposal", '  draft.cancelTimer("leader");', '  draft.setInView({ check: "none" });'),
      edit("proposal", " || hasVoted(record)"),
      edit("voting", "hasVoted(draft.record(view)) || "),
    ],
    test: "votes for the first of two proposals only",
  },
  {
    rule: "No Finalize for a view below the current one.",
    vital: true,
    edits: [edit("voting", "view < draft.state.current || ")],
    test: "no Finalize(v) when v is below the current view at acceptance",
  },
  {
    rule: "No Finalize after Nullify in the same view.",
    vital: true,
    edits: [edit("voting", "own.nullify || own.finalize", "own.finalize")],
    test: "no Finalize(v) after Nullify(v)",
  },
  {
    rule: "No Finalize of another block than the one I notarized.",
    vital: true,
    edits: [edit("voting", "  if (own.notarize !== undefined && own.notarize !== digest) return;\n")],
    test: "no Finalize(v, b) after Notarize(v, c)",
  },
  {
    rule: "A vote for a view below mine is answered.",
    vital: true,
    edits: [edit("step", "  if (from === signer) replyTo(draft, from, vote.view);\n")],
    test: "stale reply: a vote for a view below mine is answered",
  },
  {
    rule: "A vote for my current view is answered with my highest finalization.",
    vital: true,
    edits: [edit("reply", "if (view > state.current) return;", "if (view >= state.current) return;")],
    test: "stale reply: a vote for my current view is answered",
  },
  {
    rule: "Answers are rate-limited for each peer.",
    vital: false,
    edits: [edit("reply", "if (state.replied.has(key)) return false;")],
    test: "stale reply: repeated votes are answered too, but each peer only once in half of tR",
  },
  {
    rule: "The timers wait while there is nothing to order.",
    vital: true,
    edits: [edit("idle", "if (nothingToOrder(draft.state)) disarm(draft);\n  else arm(draft);", "arm(draft);")],
    test: "the timers wait on a new chain, and run once there is a transaction",
  },
  {
    rule: "There is something to order until every non-empty block is final ...",
    vital: true,
    edits: [edit("idle", "return isSettled(state, parent.digest);", "return true;")],
    test: "goes on while a non-empty block is notarized and not final",
  },
  {
    rule: "... and its result stands in a finalized header ...",
    vital: true,
    edits: [edit("idle", "return !state.committed.changedState;", "return true;")],
    test: "goes on until the result of a non-empty block stands in a finalized header",
  },
  {
    rule: "... and again when heartbeatMs have passed since the last notarization.",
    vital: true,
    edits: [edit("idle", "  if (state.heartbeatDue) return false;\n")],
    test: "ends the wait heartbeatMs after the last notarization",
  },
  {
    rule: "A valid vote of another validator for my current view ends the wait.",
    vital: true,
    edits: [edit("step", "  noteActivity(draft, signer, vote.view);\n")],
    test: "any valid vote for my current view by another validator ends the wait",
  },
  {
    rule: "... also when it came before I entered the view.",
    vital: true,
    edits: [edit("view", "  if (othersSpoke(draft, view)) insist(draft);\n")],
    test: "a vote for the view that came before the view was entered ends the wait, too",
  },
  {
    rule: "The leader then builds, if need be an empty block.",
    vital: true,
    edits: [
      edit(
        "propose",
        "if (!armed || timedOut",
        'if (!armed || draft.state.available?.transactions === "none" || timedOut',
      ),
    ],
    test: "the leader then builds, if need be an empty block",
  },
  {
    rule: "After a restart I resend my votes of the current view ...",
    vital: true,
    edits: [edit("start", "  repeatVotes(draft);\n")],
    test: "resends its votes of the current view and its certificate for the previous one",
  },
  {
    rule: "... and my certificate for the previous one.",
    vital: true,
    edits: [edit("start", "  resend(draft);\n")],
    test: "resends its votes of the current view and its certificate for the previous one",
  },
  {
    rule: "A leader proposes the block that it had logged, never another one.",
    vital: true,
    edits: [edit("propose", "  if (own !== undefined) return propose(draft, own);\n")],
    test: "a leader whose block was logged but not its vote proposes that block",
  },
  {
    rule: "Nothing is signed while guard and log do not agree ...",
    vital: true,
    edits: [edit("start", "  checkSigner(draft, recovered);\n")],
    test: "signs nothing when the guard has signed what the log does not hold",
  },
  {
    rule: "... and then only from the highest reported view + 2.",
    vital: true,
    edits: [edit("signing", "Math.max(...views) + 2", "Math.max(...views)")],
    test: "signs again from the highest view reported by n − f validators + 2",
  },
  {
    rule: "The timeouts double with each nullified view and fall back on a notarization.",
    vital: true,
    edits: [edit("view", "baseMs * 2 ** Math.min(nullifiedStreak, 30)", "baseMs")],
    test: "doubles once for each nullified view",
  },
  {
    rule: "Whoever has timed out repeats its votes and certificates every tR.",
    vital: true,
    edits: [edit("step", "      resend(draft);\n")],
    test: "after a timeout resends its votes, its best certificate for v − 1 and its highest finalization every tR",
  },
  {
    rule: "A certificate for any view at or above the current one moves me past it.",
    vital: true,
    edits: [
      edit("certificates", "const moves = vote.view >= state.current;", "const moves = vote.view === state.current;"),
    ],
    test: "votes beyond the future window are dropped; certificates count for any view",
  },
  {
    rule: "A block extends its parent only over nullified views.",
    vital: true,
    edits: [
      edit(
        "commit",
        "return coversBetween(state.nullified, header.parentView, lowest);",
        "return header.view > 0 || coversBetween(state.nullified, header.parentView, lowest);",
      ),
    ],
    test: "a long run of nullified views: the block carries the highest, the rest is fetched before the vote",
  },
  {
    rule: "Every certificate of a justification is verified as it stands.",
    vital: true,
    edits: [
      edit(
        "justification",
        "  if (!certificates.every((certificate) => isValidCertificate(draft, certificate))) return false;\n",
      ),
    ],
    test: "BAD_JUSTIFICATION: the leader is reported and the view given up",
  },
  {
    rule: "A proposal is refused when it states another result of its parent than mine.",
    vital: true,
    edits: [
      edit("proposal", '  if (header.parentExecutionHash !== parent.executionHash) return "WRONG_PARENT_RESULT";\n'),
    ],
    test: "WRONG_PARENT_RESULT: the leader is reported and the view given up",
  },
  {
    rule: "A node stops when a final header states another result than its own.",
    vital: true,
    edits: [edit("commit", "entry.block.header.parentExecutionHash !== draft.state.committed.executionHash", "false")],
    test: "stops when its result differs from the one in a final header",
  },
  {
    rule: "A block's time lies after its parent's, and at most maxStepMs after it.",
    vital: true,
    edits: [edit("proposal", '  if (header.timestampMs <= parent.timestampMs) return "TIME_WENT_BACK";\n')],
    test: "TIME_WENT_BACK: the leader is reported and the view given up",
  },
  {
    rule: "A pending verdict is none.",
    vital: true,
    edits: [edit("proposal", '      draft.setInView({ check: "waiting" });\n', "      reject(draft);\n")],
    test: "a pending verdict is none: the application is asked again",
  },
  {
    rule: "A finalization off my chain stops the node.",
    vital: true,
    edits: [edit("commit", "  if (contradictsChain(state, view, digest)) return beginFork(draft, finalization);\n")],
    test: "a finalization in a view that my chain skipped stops the node",
  },
  {
    rule: "... nor does one no higher than my tip, in a later view, descend from it.",
    vital: true,
    edits: [edit("blocks", "beginFork(draft, finalization);\n", ";\n")],
    test: "a later finalized block that is no higher than my tip stops the node",
  },
  {
    rule: "... nor one that my chain passes over before its place is known.",
    vital: true,
    edits: [
      edit("commit", "foreign === undefined ? join(draft, path) : beginFork(draft, foreign)", "join(draft, path)"),
    ],
    test: "a finalization that my chain passes over, before it was known to which chain it belongs, stops the node",
  },
  {
    rule: "... nor a run of final blocks from another parent than my tip.",
    vital: true,
    edits: [edit("step", "  if (foreign !== undefined) return beginFork(draft, foreign);\n")],
    test: "a run of final blocks from another parent than my tip stops a node that is far behind",
  },
  {
    rule: "Who saw a fork signs nothing any more ...",
    vital: true,
    edits: [edit("voting", " || state.fork !== undefined")],
    test: "from the first sight of a fork nothing is signed or committed, and the others are shown both chains",
  },
  {
    rule: "... shows the others both chains ...",
    vital: true,
    edits: [edit("fork", "  for (const certificate of certificatesOf(state)) {", "  for (const certificate of []) {")],
    test: "from the first sight of a fork nothing is signed or committed, and the others are shown both chains",
  },
  {
    rule: "... and asks them for what convicts all culprits before it stops.",
    vital: true,
    edits: [
      edit("fork", "const candidates = isProven ? [] : holders(state);", "const candidates: ValidatorIndex[] = [];"),
    ],
    test: "asks the others for the certificate that convicts all culprits, and stops when it has convicted them",
  },
  {
    rule: "Blocks are fetched from the last final one on, too: what is held above it may have been passed over.",
    vital: true,
    edits: [edit("fetch", "[request, fromFinal, otherwise]", "[request, request, otherwise]")],
    test: "asks from the last final block, too, when what it holds above that may be no ancestor of what is final",
  },
  {
    rule: "Ancestors are committed before their descendants.",
    vital: true,
    edits: [edit("commit", "    path.push(block);", "    if (path.length === 0) path.push(block);")],
    test: "commits a finalized block's ancestors first, each with a finalization that covers it",
  },
  {
    rule: "Voters who saw another block are sent the leader's Notarize.",
    vital: false,
    edits: [edit("tally", "  exchange(draft, signed);\n")],
    test: "a vote for another digest than the leader showed me is answered with the leader's Notarize, once",
  },
  {
    rule: "Evidence is sought inside certificates.",
    vital: true,
    edits: [
      edit(
        "certificates",
        "  for (const signed of draft.state.config.scheme.votesOf(certificate)) addVote(draft, signed);\n",
      ),
    ],
    test: "nullifyFinalize is found where certificates intersect",
  },
  {
    rule: "The leader waits blockIntervalMs after entering the view, unless the block would be full.",
    vital: false,
    edits: [edit("propose", "tip === undefined || !paceAllows(state)", "tip === undefined")],
    test: "pace: the leader waits blockIntervalMs after entering the view, unless the block would be full",
  },
  {
    rule: "Votes beyond the future window are dropped.",
    vital: false,
    edits: [edit("step", " || vote.view > state.current + state.config.limits.futureViewsMax")],
    test: "votes beyond the future window are dropped; certificates count for any view",
  },
  ...ruleRemovalsOfEpochs,
  {
    rule: "Timeouts that cannot work are refused at start.",
    vital: false,
    edits: [edit("create", "if (workable) return;", "return;")],
    test: "refuses timeouts that cannot work",
  },
];

/** docs/consensus-rules.md. */
export function table(): string {
  const rows = ruleRemovals.map(({ rule, vital, test }) => `| ${vital ? "◆ " : ""}${rule} | ${test} |`);
  return `# Rules of consensus and the tests that guard them

Each rule of [consensus.md](consensus.md) that stands in the code as such, and the test that fails when it is taken out.
\`node test/consensus/removeRules.ts\` takes them out one at a time and runs the test. ◆: without it an honest validator
can be convicted, or the chain forks or stops; the others bound cost. This file is written by the same command with
\`--docs\`.

| rule | test |
| --- | --- |
${rows.join("\n")}
`;
}
