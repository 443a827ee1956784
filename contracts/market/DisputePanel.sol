// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {IDisputePanel} from "../interfaces/IDisputePanel.sol";
import {IJobEscrow} from "../interfaces/IJobEscrow.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {PanelRoster} from "./PanelRoster.sol";

/// @title The fallback panel
/// @notice Objections, sealed votes and rulings. The panel holds bonds and nothing else: the market asks it how a unit is
/// decided and moves the unit's money itself. Every vote that was opened earns the same, whichever way it went and however
/// the dispute ended; nothing that a loser forfeits reaches anybody.
/// @dev A ruling follows from the opened votes and the clock alone, and no call can change it after the reveal deadline:
/// `concludeDispute` and the market's `conclude` may come in any order, by anyone, or never.
contract DisputePanel is PanelRoster {
    using SafeERC20 for IERC20;

    /// @notice Contracts of the network that the panel works with.
    struct Modules {
        ICredits credits;
        IPermissions permissions;
        IAgentLedger ledger;
        IMarketTender tender;
        IJobEscrow escrow;
        ITaskMarket market;
    }

    /// @notice The money of bonds and fees.
    ICredits public immutable credits;
    /// @notice Organisations of requesters and evaluators.
    IPermissions public immutable permissions;
    /// @notice The tender of every task: when it was posted.
    IMarketTender public immutable tender;
    /// @notice The escrow of every job: what was delivered when.
    IJobEscrow public immutable escrow;
    /// @notice The market whose verdicts are objected to.
    ITaskMarket public immutable market;

    mapping(uint256 taskId => mapping(uint256 unit => Dispute)) private _disputes;
    mapping(uint256 taskId => mapping(uint256 unit => Seat[])) private _seats;
    mapping(address account => uint256) private _credits;

    /// @notice Nothing of this unit can be objected to: no delivery in time awaits its outcome.
    error DisputePanelNothingToObject(uint256 taskId, uint256 unit);
    /// @notice The task has no dispute window.
    error DisputePanelNoDisputeWindow(uint256 taskId);
    /// @notice Objections are taken from the verdict, or the end of the verdict window, to the end of the dispute window.
    error DisputePanelOutsideWindow(uint256 taskId, uint256 unit, uint256 from, uint256 to);
    /// @notice Only the party that the outcome goes against may object.
    error DisputePanelNotTheLoser(uint256 taskId, uint256 unit, address caller, address loser);
    /// @notice The unit has been objected to.
    error DisputePanelObjected(uint256 taskId, uint256 unit);
    /// @notice Fewer members can be drawn than must vote.
    error DisputePanelTooFewMembers(uint256 drawn, uint256 quorum);
    /// @notice There is no dispute about this unit.
    error DisputePanelNoDispute(uint256 taskId, uint256 unit);
    /// @notice The account has no seat in this dispute.
    error DisputePanelNoSeat(uint256 taskId, uint256 unit, address account);
    /// @notice The vote is sealed already, or opened.
    error DisputePanelVoteMade(uint256 taskId, uint256 unit, address voter);
    /// @notice There is no sealed vote to open.
    error DisputePanelNotSealed(uint256 taskId, uint256 unit, address voter);
    /// @notice A commitment of zero seals nothing.
    error DisputePanelCommitmentEmpty();
    /// @notice Vote and salt are not those of the commitment.
    error DisputePanelOpeningMismatch(uint256 taskId, uint256 unit, address voter);
    /// @notice Votes are sealed until the vote deadline, then opened until the reveal deadline.
    error DisputePanelOutsideVoting(uint256 taskId, uint256 unit, uint256 voteDeadline, uint256 revealDeadline);
    /// @notice Votes can still be opened.
    error DisputePanelUndecided(uint256 taskId, uint256 unit, uint256 notBefore);
    /// @notice The bond has been shared out.
    error DisputePanelConcluded(uint256 taskId, uint256 unit);

    constructor(Modules memory modules) PanelRoster(modules.ledger) {
        credits = modules.credits;
        permissions = modules.permissions;
        tender = modules.tender;
        escrow = modules.escrow;
        market = modules.market;
    }

    /// @inheritdoc IDisputePanel
    function objectToVerdict(uint256 taskId, uint256 unit, bytes32 reason) external {
        ITaskMarket.Task memory task = market.taskOf(taskId);
        ITaskMarket.Assignment memory assignment = market.assignmentOf(taskId, unit);
        _checkObjection(taskId, unit, task, assignment);
        Dispute storage dispute = _disputes[taskId][unit];
        if (dispute.objector != address(0)) revert DisputePanelObjected(taskId, unit);
        ITaskMarket.PanelTerms memory terms = task.panel;
        dispute.objector = msg.sender;
        dispute.voteDeadline = uint40(block.timestamp + terms.voteWindow);
        dispute.revealDeadline = uint40(block.timestamp + terms.voteWindow + terms.voteRevealWindow);
        dispute.quorum = terms.quorum;
        dispute.bond = terms.bond;
        dispute.fee = terms.fee;
        emit ObjectionMade(
            taskId, unit, msg.sender, terms.bond, dispute.voteDeadline, dispute.revealDeadline, reason
        );
        dispute.seats = _seat(taskId, unit, task, assignment.agentId);
        IERC20(credits).safeTransferFrom(msg.sender, address(this), terms.bond);
    }

    /// @inheritdoc IDisputePanel
    function commitVote(uint256 taskId, uint256 unit, bytes32 commitment) external {
        Dispute storage dispute = _dispute(taskId, unit);
        if (block.timestamp > dispute.voteDeadline) {
            revert DisputePanelOutsideVoting(taskId, unit, dispute.voteDeadline, dispute.revealDeadline);
        }
        if (commitment == 0) revert DisputePanelCommitmentEmpty();
        Seat storage seat = _seatOf(taskId, unit, msg.sender);
        if (seat.vote != Vote.None) revert DisputePanelVoteMade(taskId, unit, msg.sender);
        seat.vote = Vote.Sealed;
        seat.commitment = commitment;
        emit VoteCommitted(taskId, unit, msg.sender, commitment);
    }

    /// @inheritdoc IDisputePanel
    function revealVote(uint256 taskId, uint256 unit, address voter, bool uphold, bytes32 salt) external {
        Dispute storage dispute = _dispute(taskId, unit);
        if (block.timestamp <= dispute.voteDeadline || block.timestamp > dispute.revealDeadline) {
            revert DisputePanelOutsideVoting(taskId, unit, dispute.voteDeadline, dispute.revealDeadline);
        }
        Seat storage seat = _seatOf(taskId, unit, voter);
        if (seat.vote != Vote.Sealed) revert DisputePanelNotSealed(taskId, unit, voter);
        if (voteCommitmentOf(taskId, unit, voter, uphold, salt) != seat.commitment) {
            revert DisputePanelOpeningMismatch(taskId, unit, voter);
        }
        seat.vote = uphold ? Vote.Uphold : Vote.Dismiss;
        dispute.votes++;
        if (uphold) dispute.upholdWeight += seat.weight;
        else dispute.dismissWeight += seat.weight;
        emit VoteRevealed(taskId, unit, voter, uphold, seat.weight);
    }

    /// @inheritdoc IDisputePanel
    function concludeDispute(uint256 taskId, uint256 unit) external {
        Dispute storage dispute = _dispute(taskId, unit);
        Ruling ruling = _rulingOf(dispute);
        if (ruling == Ruling.Pending) revert DisputePanelUndecided(taskId, unit, dispute.revealDeadline + 1);
        if (dispute.concluded) revert DisputePanelConcluded(taskId, unit);
        dispute.concluded = true;
        uint64 fee = dispute.fee;
        Seat[] storage seats = _seats[taskId][unit];
        for (uint256 i = 0; i < seats.length; i++) {
            if (seats[i].vote > Vote.Sealed) _credits[seats[i].voter] += fee;
        }
        uint64 fees = fee * dispute.seats;
        uint64 paid = fee * dispute.votes;
        uint64 returned = ruling == Ruling.Dismissed ? 0 : dispute.bond - fees;
        uint64 burned = dispute.bond - paid - returned;
        _credits[dispute.objector] += returned;
        emit DisputeConcluded(taskId, unit, ruling, returned, paid, burned);
        if (burned > 0) credits.burn(burned);
    }

    /// @inheritdoc IDisputePanel
    function withdrawFor(address account) external returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) return 0;
        _credits[account] = 0;
        emit Withdrawn(account, amount);
        IERC20(credits).safeTransfer(account, amount);
    }

    /// @inheritdoc IDisputePanel
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account];
    }

    /// @inheritdoc IDisputePanel
    function rulingOf(uint256 taskId, uint256 unit) external view returns (Ruling ruling, uint40 revealDeadline) {
        Dispute storage dispute = _disputes[taskId][unit];
        if (dispute.objector == address(0)) return (Ruling.None, 0);
        return (_rulingOf(dispute), dispute.revealDeadline);
    }

    /// @inheritdoc IDisputePanel
    function disputeOf(uint256 taskId, uint256 unit) external view returns (Dispute memory) {
        return _disputes[taskId][unit];
    }

    /// @inheritdoc IDisputePanel
    function seatsOf(uint256 taskId, uint256 unit) external view returns (Seat[] memory) {
        return _seats[taskId][unit];
    }

    /// @inheritdoc IDisputePanel
    function voteCommitmentOf(uint256 taskId, uint256 unit, address voter, bool uphold, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), taskId, unit, voter, uphold, salt));
    }

    /// @dev A delivery in time, its outcome standing but not executed, the window open, and the caller its loser.
    function _checkObjection(
        uint256 taskId,
        uint256 unit,
        ITaskMarket.Task memory task,
        ITaskMarket.Assignment memory assignment
    ) private view {
        if (task.disputeWindow == 0) revert DisputePanelNoDisputeWindow(taskId);
        if (assignment.status != ITaskMarket.UnitStatus.Assigned) revert DisputePanelNothingToObject(taskId, unit);
        (, uint40 submittedAt,) = escrow.submissionOf(assignment.jobId);
        if (submittedAt == 0 || submittedAt > assignment.deliveryDeadline) {
            revert DisputePanelNothingToObject(taskId, unit);
        }
        bool judged = assignment.verdict != ITaskMarket.Verdict.None;
        uint256 from = judged ? assignment.decidedAt : uint256(assignment.deliveryDeadline) + task.verdictWindow + 1;
        uint256 to = (judged ? from : from - 1) + task.disputeWindow;
        if (block.timestamp < from || block.timestamp > to) revert DisputePanelOutsideWindow(taskId, unit, from, to);
        bool rejected = assignment.verdict == ITaskMarket.Verdict.Rejected;
        address loser = rejected ? assignment.provider : task.requester;
        if (msg.sender != loser) revert DisputePanelNotTheLoser(taskId, unit, msg.sender, loser);
    }

    /// @dev Draws the panel and writes it down.
    function _seat(uint256 taskId, uint256 unit, ITaskMarket.Task memory task, uint256 agentId)
        private
        returns (uint8 count)
    {
        ITaskMarket.PanelTerms memory terms = task.panel;
        (Member[] memory drawn, uint256[] memory levels) = _draw(
            permissions.organisationOf(task.requester),
            ledger.agentOf(agentId).organisation,
            permissions.organisationOf(task.evaluator),
            tender.openedAt(task.tenderId),
            terms.level,
            terms.seats
        );
        if (drawn.length < terms.quorum) revert DisputePanelTooFewMembers(drawn.length, terms.quorum);
        Seat[] storage seats = _seats[taskId][unit];
        for (uint256 i = 0; i < drawn.length; i++) {
            address voter = ledger.bidKeyOf(drawn[i].agentId);
            uint8 weight = uint8(levels[i] < terms.weightMax ? levels[i] : terms.weightMax);
            seats.push(Seat(voter, drawn[i].agentId, weight, Vote.None, 0));
            emit SeatDrawn(taskId, unit, voter, drawn[i].agentId, weight);
        }
        return uint8(drawn.length);
    }

    function _rulingOf(Dispute storage dispute) private view returns (Ruling) {
        if (block.timestamp <= dispute.revealDeadline) return Ruling.Pending;
        if (dispute.votes < dispute.quorum) return Ruling.Silent;
        return dispute.upholdWeight > dispute.dismissWeight ? Ruling.Upheld : Ruling.Dismissed;
    }

    function _dispute(uint256 taskId, uint256 unit) private view returns (Dispute storage dispute) {
        dispute = _disputes[taskId][unit];
        if (dispute.objector == address(0)) revert DisputePanelNoDispute(taskId, unit);
    }

    function _seatOf(uint256 taskId, uint256 unit, address voter) private view returns (Seat storage) {
        Seat[] storage seats = _seats[taskId][unit];
        for (uint256 i = 0; i < seats.length; i++) {
            if (seats[i].voter == voter) return seats[i];
        }
        revert DisputePanelNoSeat(taskId, unit, voter);
    }
}
