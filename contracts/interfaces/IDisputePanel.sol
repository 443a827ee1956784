// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title The fallback panel: objections to verdicts, and how they are decided
/// @notice Whoever a verdict (or the evaluator's silence) goes against may object once, with a bond, within the task's
/// dispute window. Evaluating agents of other organisations then vote sealed, open their votes, and the weight of the
/// opened votes rules. Amounts are millionths of a credit, times seconds of block time.
interface IDisputePanel {
    /// @dev None: nobody objected. Pending: votes can still be sealed or opened. Silent: fewer votes than the quorum
    /// were opened. Dismissed: the verdict, or silence as acceptance, stands. Upheld: the opposite holds.
    enum Ruling {
        None,
        Pending,
        Silent,
        Dismissed,
        Upheld
    }

    enum Vote {
        None,
        Sealed,
        Dismiss,
        Uphold
    }

    /// @notice An evaluating agent that may be drawn; one per organisation.
    /// @param joinedAt It is drawn for tasks posted later than this second only.
    struct Member {
        uint64 agentId;
        uint32 organisation;
        uint40 joinedAt;
    }

    /// @notice A member drawn for a dispute.
    /// @param voter The agent's bid key at the draw: the only one who votes, and who is paid.
    /// @param weight What the vote counts: the level of the evaluating capability, bounded by the task's terms.
    /// @param commitment The sealed vote; see `voteCommitmentOf`.
    struct Seat {
        address voter;
        uint64 agentId;
        uint8 weight;
        Vote vote;
        bytes32 commitment;
    }

    /// @notice An objection and its votes so far.
    /// @param objector Who objected and pays the bond: the requester against a payment, the provider against a refund.
    /// @param voteDeadline Last second for sealing votes.
    /// @param revealDeadline Last second for opening them; the ruling is final from the next second on.
    /// @param quorum Fewest opened votes that decide.
    /// @param concluded Whether the bond has been shared out.
    /// @param votes Opened votes.
    /// @param upholdWeight Weight of the votes for the objector.
    /// @param dismissWeight Weight of the votes against.
    struct Dispute {
        address objector;
        uint40 voteDeadline;
        uint40 revealDeadline;
        uint8 quorum;
        bool concluded;
        uint64 bond;
        uint64 fee;
        uint8 seats;
        uint8 votes;
        uint16 upholdWeight;
        uint16 dismissWeight;
    }

    /// @notice An evaluating agent may be drawn from now on.
    event PanelJoined(uint256 indexed agentId, uint32 indexed organisation);
    /// @notice An evaluating agent is drawn no more; seats it has already stay its own.
    event PanelLeft(uint256 indexed agentId, uint32 indexed organisation);
    /// @notice A party objected; its bond is held.
    event ObjectionMade(
        uint256 indexed taskId,
        uint256 indexed unit,
        address indexed objector,
        uint64 bond,
        uint40 voteDeadline,
        uint40 revealDeadline,
        bytes32 reason
    );
    /// @notice A member has a seat in a dispute.
    event SeatDrawn(
        uint256 indexed taskId, uint256 indexed unit, address indexed voter, uint256 agentId, uint8 weight
    );
    /// @notice A vote is sealed.
    event VoteCommitted(uint256 indexed taskId, uint256 indexed unit, address indexed voter, bytes32 commitment);
    /// @notice A vote is opened, and counts.
    event VoteRevealed(uint256 indexed taskId, uint256 indexed unit, address indexed voter, bool uphold, uint8 weight);
    /// @notice A dispute's bond was shared out: `returned` to the objector, `paid` to those who voted, `burned`.
    event DisputeConcluded(
        uint256 indexed taskId, uint256 indexed unit, Ruling ruling, uint64 returned, uint64 paid, uint64 burned
    );
    /// @notice An account was sent what it had been credited.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Offers the caller's agent as evaluating agent; by its bid key, holding `PANEL_CAPABILITY`. Takes the place
    /// of another agent of the organisation.
    function joinPanel() external;

    /// @notice Takes the caller's agent off the panel; by its bid key.
    function leavePanel() external;

    /// @notice Takes an agent off the panel that could not be drawn now; by anyone.
    function removeLapsed(uint32 organisation) external;

    /// @notice Objects to the verdict on a unit, or to its lack; by the requester against a payment, by the provider
    /// against a refund, within the dispute window. Takes the bond from the caller (allowance needed).
    /// @param reason Anything the objector wants on record, for example the hash of its argument.
    function objectToVerdict(uint256 taskId, uint256 unit, bytes32 reason) external;

    /// @notice Seals a vote; by the voter of a seat, once, until the vote deadline.
    /// @param commitment See `voteCommitmentOf`.
    function commitVote(uint256 taskId, uint256 unit, bytes32 commitment) external;

    /// @notice Opens a vote after the vote deadline; by anyone, the opening is all that is needed.
    function revealVote(uint256 taskId, uint256 unit, address voter, bool uphold, bytes32 salt) external;

    /// @notice Shares out the bond once the ruling is final; by anyone. No unit waits for it.
    function concludeDispute(uint256 taskId, uint256 unit) external;

    /// @notice Sends an account what it has been credited. Anyone may call it; only the account receives.
    function withdrawFor(address account) external returns (uint256 amount);

    /// @notice What `withdrawFor` would send.
    function creditOf(address account) external view returns (uint256 amount);

    /// @notice How a unit's dispute is decided, as of now.
    /// @return ruling None without an objection.
    /// @return revealDeadline The ruling is final after this second; 0 without an objection.
    function rulingOf(uint256 taskId, uint256 unit) external view returns (Ruling ruling, uint40 revealDeadline);

    /// @notice A unit's dispute; all zero without one.
    function disputeOf(uint256 taskId, uint256 unit) external view returns (Dispute memory);

    /// @notice The seats of a unit's dispute, in the order of the draw.
    function seatsOf(uint256 taskId, uint256 unit) external view returns (Seat[] memory);

    /// @notice Everybody who may be drawn, in no order that means anything.
    function members() external view returns (Member[] memory);

    /// @notice keccak256(abi.encode(chainId, this contract, taskId, unit, voter, uphold, salt)).
    function voteCommitmentOf(uint256 taskId, uint256 unit, address voter, bool uphold, bytes32 salt)
        external
        view
        returns (bytes32);
}
