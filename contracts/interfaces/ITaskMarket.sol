// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMarketTender} from "./IMarketTender.sol";

/// @title What a requester uses: tasks from posting to payment
/// @notice Client and evaluator of every job in the escrow, requester of every tender. Amounts are millionths of a
/// credit, times seconds of block time, windows seconds.
interface ITaskMarket {
    /// @dev New states are appended: certificates and indexers know the numbers.
    enum TaskStatus {
        None,
        Open,
        Settled,
        Closed,
        Cancelled
    }

    /// @dev New states are appended. None: not settled yet, or settled without an award for the unit. A unit with a
    /// dispute stays assigned until the outcome is carried out; see IDisputePanel.
    enum UnitStatus {
        None,
        Assigned,
        Offered,
        Paid,
        Refunded
    }

    enum Verdict {
        None,
        Accepted,
        Rejected
    }

    /// @notice Under what objections are decided; see IDisputePanel. One word, low end first.
    /// @param bond What an objector deposits; at least fee × seats. Returned but for the fees, burned when dismissed.
    /// @param fee Per seat: paid for a vote that was opened, burned for one that was not.
    /// @param voteWindow From the objection; votes are sealed.
    /// @param voteRevealWindow From the end of the vote window; votes are opened.
    /// @param seats Most members drawn (n); at most 16.
    /// @param quorum Fewest opened votes that decide (k); 1 to `seats`.
    /// @param level Lowest level of the evaluating capability that is drawn, at least 1.
    /// @param weightMax Most that one vote counts, however high the voter's level; below `quorum` unless both are 1, so
    /// that nobody alone outvotes all others.
    struct PanelTerms {
        uint64 bond;
        uint64 fee;
        uint32 voteWindow;
        uint32 voteRevealWindow;
        uint8 seats;
        uint8 quorum;
        uint8 level;
        uint8 weightMax;
    }

    /// @notice What a requester asks for.
    /// @param requirements Capabilities that a bidder must hold; see IMarketTender.
    /// @param mechanism One of the network's award mechanisms. All but the posted price bind the price, and then the
    /// evaluator must belong to an organisation other than the requester's.
    /// @param evaluator Account or contract that judges deliveries.
    /// @param reserve Highest price per unit; reserve × units is escrowed.
    /// @param units Identical units, each one job.
    /// @param maxBidders Most bids.
    /// @param lock Stake that a bidder locks until it reveals.
    /// @param commitWindow From posting; then commitments close.
    /// @param revealWindow From the end of the commit window.
    /// @param deliveryWindow From the call that assigns a unit.
    /// @param verdictWindow From the end of the delivery window; an evaluator silent until then has accepted.
    /// @param disputeWindow From the verdict, or the end of the verdict window; nothing is paid before its end, and whom
    /// the verdict goes against may object. 0 for verdicts that hold at once.
    /// @param acceptanceWindow Given to each ranked loser in turn, after a no-show.
    /// @param maxReassignments How often a unit may get another agent after a no-show.
    /// @param specification keccak256 of the file that says what is to be done.
    /// @param uri Where that file is found.
    struct TaskTerms {
        IMarketTender.Requirement[] requirements;
        address mechanism;
        address evaluator;
        uint64 reserve;
        uint16 units;
        uint16 maxBidders;
        uint64 lock;
        uint32 commitWindow;
        uint32 revealWindow;
        uint32 deliveryWindow;
        uint32 verdictWindow;
        uint32 disputeWindow;
        uint32 acceptanceWindow;
        uint8 maxReassignments;
        bytes32 specification;
        string uri;
    }

    /// @notice A task as stored: terms and parameters as they were when it was posted. Six words, low end first.
    /// @param openUnits Units awarded and not yet paid or refunded.
    /// @param noShowBps Least no-show penalty in ten-thousandths of the reserve.
    /// @param priceBinding Whether the price is bound by the award: no rejection before the delivery deadline.
    /// @param expiryMargin How long after every window an unfinished job's escrow expires.
    /// @param settledAt When the awards became jobs; 0 before.
    /// @param panel Under what objections are decided; all zero without a dispute window.
    struct Task {
        address requester;
        uint64 reserve;
        uint16 units;
        uint16 openUnits;
        address evaluator;
        uint32 acceptanceWindow;
        uint16 noShowBps;
        uint8 maxReassignments;
        TaskStatus status;
        bool priceBinding;
        bytes32 tenderId;
        bytes32 specification;
        uint40 settledAt;
        uint32 deliveryWindow;
        uint32 verdictWindow;
        uint32 disputeWindow;
        uint32 expiryMargin;
        uint8 candidatesMax;
        PanelTerms panel;
    }

    /// @notice Who has a unit, and how it stands: two words, low end first, at documented slots (see TaskBook). While a
    /// unit is offered, the record still names the agent that failed.
    /// @param provider Bid key of the agent: the job's provider, the only one who is paid.
    /// @param price What completion pays.
    /// @param round 0 for the award, n for the n-th reassignment.
    /// @param agentId ERC-8004 id.
    /// @param jobId Job in the escrow.
    /// @param deliveryDeadline Last second at which a delivery counts.
    /// @param decidedAt When the verdict came, or when the unit was offered again; 0 for neither.
    /// @param failedBefore How many agents had failed the task when this one's failure was put on record, or, of an offered
    /// unit, when it was offered; 0 before.
    struct Assignment {
        address provider;
        uint64 price;
        UnitStatus status;
        Verdict verdict;
        uint8 round;
        uint64 agentId;
        uint64 jobId;
        uint40 deliveryDeadline;
        uint40 decidedAt;
        uint16 failedBefore;
    }

    /// @notice Bounds and shares that new tasks are posted under.
    /// @param commitWindowMin Seconds, as all windows: long enough that f Byzantine leaders in a row cannot keep a
    /// transaction out (docs/windows.md derives it, for the other minima of windows too).
    /// @param windowMax Longest any window may be.
    /// @param bidWindowsMax Most of commit and reveal window together: stake that is asked for while a tender is open stays in
    /// reach for as long as evidence about the tender counts.
    /// @param expiryMargin See Task.
    /// @param postingFee Burned at every posting, beyond the escrow.
    /// @param lockMin Least stake a bidder locks.
    /// @param minStake Least stake a bidder has; kept with the tender.
    /// @param noShowBps See Task; at most 10,000.
    /// @param unitsMax Most units of one task: bounds what `settle` does in one call; at most 48.
    /// @param reassignmentsMax Highest `maxReassignments`.
    /// @param candidatesMax How many ranked losers, one after the other, are offered a failed unit; at most 6.
    /// @param panel See PanelTerms.
    struct Parameters {
        uint32 commitWindowMin;
        uint32 revealWindowMin;
        uint32 deliveryWindowMin;
        uint32 verdictWindowMin;
        uint32 acceptanceWindowMin;
        uint32 windowMax;
        uint32 bidWindowsMax;
        uint32 expiryMargin;
        uint64 postingFee;
        uint64 lockMin;
        uint64 minStake;
        uint16 noShowBps;
        uint16 unitsMax;
        uint8 reassignmentsMax;
        uint8 candidatesMax;
        PanelTerms panel;
    }

    /// @notice A task, its escrow taken and its tender open.
    event TaskPosted(
        uint256 indexed taskId,
        bytes32 indexed tenderId,
        address indexed requester,
        address evaluator,
        address mechanism,
        uint64 reserve,
        uint16 units,
        uint64 commitDeadline,
        uint64 revealDeadline,
        bytes32 specification,
        string uri
    );
    /// @notice The requester took back a task that nobody had bid on.
    event TaskCancelled(uint256 indexed taskId);
    /// @notice The awards of a task became jobs.
    event TaskSettled(uint256 indexed taskId, uint256 awards);
    /// @notice Every unit of the task is paid or refunded.
    event TaskClosed(uint256 indexed taskId);
    /// @notice An agent has a unit of a task, with a funded job.
    event UnitAssigned(
        uint256 indexed taskId,
        uint256 indexed unit,
        address indexed provider,
        uint256 agentId,
        uint256 jobId,
        uint64 price,
        uint8 round,
        uint40 deliveryDeadline
    );
    /// @notice The evaluator judged a delivery.
    event VerdictGiven(
        uint256 indexed taskId, uint256 indexed unit, address indexed evaluator, bool accepted, bytes32 reason
    );
    /// @notice An agent delivered nothing in time, and was slashed.
    event NoShowRecorded(
        uint256 indexed taskId, uint256 indexed unit, uint256 indexed agentId, bytes32 faultId, uint64 penalty, uint64 taken
    );
    /// @notice A unit waits for another agent, its turns counted from `offeredAt`.
    event UnitOffered(uint256 indexed taskId, uint256 indexed unit, uint8 round, uint40 offeredAt);
    /// @notice A unit ended: the provider gets the price, the requester the rest of the reserve.
    event UnitPaid(uint256 indexed taskId, uint256 indexed unit, address indexed provider, uint64 price, uint64 refunded);
    /// @notice A unit ended: the requester gets the whole reserve.
    event UnitRefunded(uint256 indexed taskId, uint256 indexed unit, uint64 amount);
    /// @notice An account was sent what it had been credited.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Posts a task: takes reserve × units and the posting fee from the caller (allowance needed), opens a tender.
    /// @return taskId Ids count from 1.
    function post(TaskTerms calldata terms) external returns (uint256 taskId);

    /// @notice Ends a task that nobody has bid on; by its requester. The escrow is credited, the fee is gone.
    function cancel(uint256 taskId) external;

    /// @notice Turns the awards into funded jobs, one per unit; by anyone, once the reveal window is over.
    function settle(uint256 taskId) external;

    /// @notice Judges a delivery made in time; by the evaluator, once, until the verdict window ends. Concludes the unit
    /// too when there is no dispute window.
    /// @param reason Anything the evaluator wants on record, for example the hash of its report.
    function giveVerdict(uint256 taskId, uint256 unit, bool accepted, bytes32 reason) external;

    /// @notice Ends what the recorded facts and the clock decide: a no-show, a payment, a refund; by anyone.
    function conclude(uint256 taskId, uint256 unit) external;

    /// @notice Takes over a unit whose agent failed; by the loser whose turn it is. Not to call is to decline, for free.
    function acceptReassignment(uint256 taskId, uint256 unit) external;

    /// @notice Sends an account all it has earned here and in the escrow. Anyone may call it; only the account receives.
    function withdrawFor(address account) external returns (uint256 amount);

    /// @notice What `withdrawFor` would send.
    function creditOf(address account) external view returns (uint256 amount);

    /// @notice Number of tasks so far; their ids are 1 to this.
    function taskCount() external view returns (uint256);

    /// @notice A task; reverts for one that does not exist.
    function taskOf(uint256 taskId) external view returns (Task memory);

    /// @notice The record of a unit; all zero before the task is settled, and when nobody was awarded the unit.
    function assignmentOf(uint256 taskId, uint256 unit) external view returns (Assignment memory);

    /// @notice Bid keys whose agents delivered nothing in time, in the order in which that was recorded.
    function failedOf(uint256 taskId) external view returns (address[] memory);

    /// @notice Whose turn it is to take over an offered unit.
    /// @return bidder Zero when the unit is not offered, when nobody is left, and when the one whose turn it is got
    /// another unit of the task meanwhile.
    /// @return price What it would be paid.
    /// @return until Last second of its turn.
    function candidateOf(uint256 taskId, uint256 unit)
        external
        view
        returns (address bidder, uint64 price, uint40 until);

    /// @notice Parameters that the next task is posted under.
    function parameters() external view returns (Parameters memory);
}
