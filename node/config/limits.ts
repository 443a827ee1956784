// Every limit of the node, in one place, with its unit at the end of its name. Past a limit: refuse with a clear
// error, count it, never grow. Parameters that all validators must share stand in genesis.json instead.

/** Most validators in a set: signer bitmaps and certificates are sized for it. */
export const validatorCountMax = 128;
/** Longest name of a validator. */
export const validatorNameCharactersMax = 64;
/** Addresses that one validator may publish. */
export const validatorAddressCountMax = 8;

/** Fewest blocks in an epoch, where it ends at all. */
export const epochBlocksMin = 3;
/** Validators ever admitted that a node knows how to reach, and how many of them it reads at a time. */
export const knownValidatorsMax = 1_024;
export const validatorsPageMax = 64;
/** Messages of the next epoch that are kept until this node follows: of one peer, and bytes of all together. */
export const earlyMessagesPerPeerMax = 64;
export const earlyMessagesBytesMax = 16 * 1024 * 1024;

// --- mempool and application ---

/** Longest raw transaction that is admitted, ordered or decoded. Room for the largest contract creation. */
export const transactionBytesMax = 128 * 1024;
/** Transactions that wait in the mempool, all senders together. */
export const mempoolTransactionsMax = 20_000;
/** Raw bytes that wait in the mempool, all senders together. */
export const mempoolBytesMax = 64 * 1024 * 1024;
/** How far above its nonce in the committed state a sender may number its transactions; with it, how many wait. */
export const mempoolNonceWindowMax = 256;
/** Heights for which a transaction behind a missing nonce is kept. */
export const mempoolGapHeightsMax = 1_000;
/** Hashes of executed transactions remembered to answer a repeated submission without decoding it. */
export const mempoolExecutedHashesMax = 50_000;
/** Decoded transactions kept between admission, verification and execution. */
export const transactionCacheMax = 20_000;
/** Blocks whose decoded transactions are kept between verification and execution. */
export const decodedBlocksMax = 64;
/** Senders remembered as members of the allow-list. */
export const allowListMembersMax = 20_000;
/** Senders recovered in one go before other work gets its turn: about 6 ms. */
export const recoveriesPerTurnMax = 128;

/** Most logs that one query answers. */
export const logQueryResultsMax = 10_000;
/** Most blocks that one log query may span. */
export const logQueryBlocksMax = 100_000;

// --- storage ---

/** Size of the write-ahead log's segment at which it is compacted: about a minute of full load. */
export const walSegmentBytesMax = 16 * 1024 * 1024;
/** Largest frame (what one sync makes durable): several blocks with their justifications. */
export const walFrameBytesMax = 64 * 1024 * 1024;
/** Writes to the consensus store that are gathered into one transaction, and how long they wait for each other. Fewer
 * than the blocks that the chain store remembers meanwhile. */
export const consensusWritesWaitingMax = 32;
export const consensusWriteDelayMs = 100;
/** Pieces of evidence against validators that are kept. */
export const evidenceCountMax = 10_000;

// --- reporting ---

/** Blocks that each validator leaves the one before it in line to show evidence: a commitment, the showing, and as many
 * again for leaders that leave them out. */
export const reportingTurnBlocks = 4;
/** Blocks after which evidence is looked at again that could not be shown. */
export const reportingRecheckBlocks = 64;
/** Transactions about one validator that may fail before its evidence is left to whoever exports it; the wait between
 * two doubles. */
export const reportingAttemptsMax = 8;
/** Pieces of evidence against one validator that are looked through, after a restart, for the one that was committed to;
 * past them it commits anew. */
export const reportingSearchedMax = 256;
/** Gas of the transactions: a commitment, and evidence shown. Each far above the cost; unused gas costs nothing. */
export const reportingCommitGasMax = 200_000;
export const reportingShowGasMax = 1_000_000;

// --- JSON-RPC ---

/** Epochs whose certificates are given in one answer: about 8 kB each. */
export const epochCertificatesMax = 256;
/** Longest request body or WebSocket message. */
export const rpcBodyBytesMax = 8 * 1024 * 1024;
/** Pieces of evidence in one answer. */
export const rpcEvidenceCountMax = 1_000;
/** Calls in one batch. */
export const rpcBatchCallsMax = 1_000;
/** Bytes that all clients together may have sent and not been answered yet. */
export const rpcIntakeBytesMax = 256 * 1024 * 1024;
/** Brackets, commas and colons of a request: they, not the bytes, make its parsing long. 10 ms at most. */
export const rpcJsonMarksMax = 100_000;
/** Calls of a batch answered before other work gets its turn. */
export const rpcCallsPerTurnMax = 32;
/** Connections at one time, HTTP and WebSocket together. */
export const rpcConnectionsMax = 2_048;
/** An HTTP connection with nothing to do is closed after this long. */
export const rpcKeepAliveMs = 65_000;
/** A request must have arrived whole within this time. */
export const rpcRequestTimeoutMs = 30_000;
/** Calls of one WebSocket connection that wait for their answers. */
export const rpcSocketCallsMax = 4_096;
/** Bytes that a WebSocket's reader may be behind before it is disconnected. */
export const rpcSocketBufferedBytesMax = 32 * 1024 * 1024;
/** Interval of WebSocket pings; a peer that answers none between two is gone. */
export const rpcSocketPingMs = 30_000;
/** Subscriptions of one WebSocket connection. */
export const rpcSocketSubscriptionsMax = 128;
/** Polled filters, all callers together. */
export const rpcFiltersMax = 1_024;
/** A filter that nobody polls for this long is forgotten. */
export const rpcFilterIdleMs = 5 * 60_000;
/** Hashes of admitted transactions remembered for filters of pending transactions. */
export const rpcPendingHashesMax = 16_384;
/** Alternatives in one place of a log filter: addresses, or topics at one position. */
export const logFilterAlternativesMax = 1_024;
/** Blocks whose logs are searched before other work gets its turn. */
export const logSliceBlocksMax = 256;
/** Blocks that one poll of a filter covers. */
export const rpcFilterPollBlocksMax = 2_000;
/** Blocks read for one answer before other work gets its turn. */
export const blocksPerTurnMax = 16;
/** Blocks of one eth_feeHistory. */
export const feeHistoryBlocksMax = 1_024;
/** Percentiles of one eth_feeHistory. */
export const feeHistoryPercentilesMax = 100;
/** Storage slots of one eth_getProof. */
export const proofSlotsMax = 256;
/** Gas that a call without a gas limit of its own may use; the most that any call may use. */
export const callGasMax = 100_000_000;
/** Calls and gas estimates at one time; more wait their turn. */
export const callsConcurrentMax = 4;
/** Calls and gas estimates that wait for their turn. */
export const callsWaitingMax = 1_024;
/** Callers of eth_sendRawTransactionSync that wait at one time. */
export const receiptWaitersMax = 8_192;
/** How long eth_sendRawTransactionSync waits, unless told otherwise; and at most. */
export const receiptWaitDefaultMs = 20_000;
export const receiptWaitMs = 60_000;
/** Blocks that allot_getAssignmentCertificate looks back for a finalization of the next height. */
export const certificateSearchBlocksMax = 64;

// --- consensus ---

/** Certificates in one message or justification: the one count that requester and responder share. */
export const certificatesPerMessageMax = 64;
/** Blocks asked for in one message. */
export const blocksPerMessageMax = 64;
/** Encoded blocks after which an answer is cut off, so that it fits a frame: at least one block is always sent. */
export const blocksMessageBytesMax = 4 * 1024 * 1024;
/** Transactions in any block, or all blocks of a message, that is decoded; a network's own, lower limit for a block
 * stands in its genesis. */
export const blockTransactionsWireMax = 65_536;
/** Views ahead of its own for which a validator accepts votes. Certificates count for any view. */
export const futureViewsMax = 64;
/** Views below its own whose votes a validator holds in memory, for evidence and for answering. */
export const pastViewsMax = 128;
/** Blocks above the committed tip held in memory while they wait for execution or finality. */
export const uncommittedBlocksMax = 256;
/** Proposals in a row refused because their parent's result differs from the validator's own, before an alarm. */
export const executionMismatchesMax = 3;
/** Rounds, one each retryIntervalMs, in which a node that saw a fork tells the others before it stops; and at most, while
 * it still asks them for the certificate that convicts all culprits. */
export const forkRoundsMin = 8;
export const forkRoundsMax = 64;

// --- network ---

/** What a frame between validators may be longer than the network's largest block: justification and headers. */
export const peerFrameOverheadBytesMax = 5 * 1024 * 1024;
/** Longest chunk of a frame: what a vote waits for at most behind an answer to a fetch, beside what the sockets hold. */
export const chunkBytesMax = 32 * 1024;
/** Frames that wait to be sent to one validator; past it new ones are dropped (consensus repeats what matters). */
export const peerQueueFramesMax = 4_096;
export const peerQueueBytesMax = 48 * 1024 * 1024;
/** Bytes that a validator may send before this one has processed them; then reading pauses. */
export const peerWindowBytes = 4 * 1024 * 1024;
/** Messages of one validator that wait for the consensus core; then reading from it pauses. */
export const peerInboxMessagesMax = 1_024;
export const peerInboxBytesMax = 24 * 1024 * 1024;
/** What a decoded transaction takes in memory beside its own bytes, counted in an inbox. */
export const transactionHeldBytes = 352;
/** First and longest wait before a validator is dialled again. */
export const redialDelayMinMs = 100;
export const redialDelayMaxMs = 5_000;
/** How long one attempt to connect may take. */
export const dialTimeoutMs = 5_000;
/** How long a validator that broke the protocol stays disconnected, the first time and at most; it doubles. */
export const peerBanMinMs = 5_000;
export const peerBanMaxMs = 10 * 60_000;
/** Faults that consensus reports of one validator within a minute before it is disconnected for a while. */
export const peerFaultsPerMinuteMax = 30;
/** Transactions wait at most this long for others to share a message with; on an idle network they wait for none. */
export const gossipIntervalMs = 20;
/** Transactions in one gossiped message, by bytes and by number. */
export const gossipBatchBytesMax = 256 * 1024;
export const gossipBatchTransactionsMax = 1_024;
/** Bytes of gossip that wait to be sent to one validator; past it that validator's stream is reset. */
export const gossipQueueBytesMax = 16 * 1024 * 1024;

// --- command line ---

/** How long a validator that was asked to stop may take before it is killed. */
export const validatorStopMs = 10_000;
/** How long the validators of a development network may take to be ready. */
export const devnetReadyMs = 60_000;

// --- execution ---

/** Accounts, slots and trie nodes that may wait in memory for the state tables. */
export const stateFlushEntriesMax = 20_000;
/** Blocks whose changes may wait in memory for the state tables: what a restart reads again at most. */
export const stateFlushBlocksMax = 256;
/** Accounts kept in memory: about 300 bytes each. */
export const accountCacheMax = 100_000;
/** Storage slots kept in memory: about 150 bytes each. */
export const slotCacheMax = 400_000;
/** Contract codes kept in memory, 24 KiB each at most. */
export const codeCacheMax = 1_000;
/** Trie nodes kept in memory: about 800 bytes each. */
export const trieNodeCacheMax = 100_000;
/** Executed blocks kept decoded for readers. */
export const executedBlockCacheMax = 64;
/** Sets of state changes of past blocks kept decoded for readers of past state. */
export const stateChangesCacheMax = 64;
/** Addresses and topics whose place in bloom filters is remembered. */
export const bloomItemCacheMax = 20_000;
/** Longest wait for an answer of Hardhat's EVM: mining the largest block takes seconds. */
export const edrAnswerTimeoutMs = 120_000;

// --- driver ---

/** Inputs of consensus taken before sockets and timers get their turn. */
export const inputsPerTurnMax = 64;
/** Own clients' transactions remembered until they are ordered, to be gossiped again when a link was down. */
export const ownTransactionsMax = 4_096;
/** How long the execution of a block keeps everything else from its turn. */
export const executionTurnMs = 10;
/** What a precompiled contract may take before it runs on a thread of its own, so that none takes more than about 10
 * ms of everything else's time: bytes of ripemd160, rounds of blake2f, multiplications of words of modexp. */
export const precompileInlineBytesMax = 64 * 1024;
export const precompileInlineRoundsMax = 10_000;
export const precompileInlineWorkMax = 100_000;
