// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {IDisputePanel} from "../interfaces/IDisputePanel.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {ISealedBidTender} from "../interfaces/ISealedBidTender.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {TaskBook} from "./TaskBook.sol";
import {TaskReassignment} from "./TaskReassignment.sol";

/// @title Task market
/// @notice Posting, cancelling, settling, judging and concluding tasks. The outcome of a unit follows from recorded
/// facts (submission, verdict) and fixed deadlines, never from who calls first: nothing submitted in time is a no-show;
/// accepted, or left unjudged, is paid; rejected is refunded; objected to is what the panel rules.
/// @dev Every task ends by calls that one stranger can make: `settle` from the reveal deadline on, then `conclude` per
/// unit once its windows have passed. Nothing here calls an account that somebody else chose.
contract TaskMarket is TaskReassignment {
    using SafeERC20 for IERC20;

    bytes4 private constant PRICE_BINDING = bytes4(keccak256("profile.price-binding"));
    bytes4 private constant ALLOCATION_ONLY = bytes4(keccak256("profile.allocation-only"));

    /// @notice The caller may not do this to this task.
    error TaskMarketUnauthorized(uint256 taskId, address caller);
    /// @notice The market is paused: there are no new tasks.
    error TaskMarketPaused();
    /// @notice The requester is no active member of the network.
    error TaskMarketInactiveRequester(address requester);
    /// @notice The evaluator is missing; or the award binds the price and the evaluator is no member, or of the
    /// requester's organisation.
    error TaskMarketInvalidEvaluator(address evaluator);
    /// @notice A window is shorter or longer than permitted.
    error TaskMarketInvalidWindow(bytes32 window, uint32 given, uint32 min, uint32 max);
    /// @notice The reserve is zero, or units, lock or reassignments are out of range.
    error TaskMarketInvalidTerms(bytes32 term);
    /// @notice The task's status does not permit the call.
    error TaskMarketInvalidStatus(uint256 taskId, TaskStatus status);
    /// @notice The unit's status does not permit the call.
    error TaskMarketInvalidUnit(uint256 taskId, uint256 unit, UnitStatus status);
    /// @notice There is no delivery in time to judge.
    error TaskMarketNothingDelivered(uint256 taskId, uint256 unit);
    /// @notice The verdict has been given.
    error TaskMarketVerdictGiven(uint256 taskId, uint256 unit);
    /// @notice The verdict window has ended: silence was acceptance.
    error TaskMarketVerdictTooLate(uint256 taskId, uint256 unit, uint256 deadline);
    /// @notice Where the award binds the price, nothing is rejected before the delivery deadline has passed.
    error TaskMarketRejectionTooEarly(uint256 taskId, uint256 unit, uint256 deadline);
    /// @notice Nothing is decided yet; `notBefore` is when that may change without anybody's doing.
    error TaskMarketUndecided(uint256 taskId, uint256 unit, uint256 notBefore);

    constructor(Modules memory modules) TaskBook(modules) {}

    /// @inheritdoc ITaskMarket
    function post(TaskTerms calldata terms) external returns (uint256 taskId) {
        if (!permissions.isActive(msg.sender)) revert TaskMarketInactiveRequester(msg.sender);
        if (ledger.isPaused()) revert TaskMarketPaused();
        Parameters memory limits = _parameters.marketParameters();
        _checkTerms(terms, limits);
        bool priceBinding = terms.mechanism != postedPrice;
        uint32 organisation = permissions.organisationOf(msg.sender);
        uint32 excluded = _checkEvaluator(terms.evaluator, organisation, priceBinding);

        taskId = ++_taskCount;
        Task storage task = _tasks[taskId];
        task.requester = msg.sender;
        task.reserve = terms.reserve;
        task.units = terms.units;
        task.evaluator = terms.evaluator;
        task.acceptanceWindow = terms.acceptanceWindow;
        task.noShowBps = limits.noShowBps;
        task.maxReassignments = terms.maxReassignments;
        task.status = TaskStatus.Open;
        task.priceBinding = priceBinding;
        task.specification = terms.specification;
        task.deliveryWindow = terms.deliveryWindow;
        task.verdictWindow = terms.verdictWindow;
        task.disputeWindow = terms.disputeWindow;
        task.expiryMargin = limits.expiryMargin;
        task.candidatesMax = limits.candidatesMax;
        if (terms.disputeWindow > 0) task.panel = limits.panel;

        uint256 escrowed = uint256(terms.reserve) * terms.units;
        IERC20(credits).safeTransferFrom(msg.sender, address(this), escrowed + limits.postingFee);
        if (limits.postingFee > 0) credits.burn(limits.postingFee);
        task.tenderId = _openTender(taskId, terms, organisation, excluded, limits.minStake);
    }

    /// @inheritdoc ITaskMarket
    function cancel(uint256 taskId) external {
        Task storage task = _taskIn(taskId, TaskStatus.Open);
        if (msg.sender != task.requester) revert TaskMarketUnauthorized(taskId, msg.sender);
        task.status = TaskStatus.Cancelled;
        tender.cancelTender(task.tenderId);
        _credit(task.requester, uint256(task.reserve) * task.units);
        emit TaskCancelled(taskId);
    }

    /// @inheritdoc ITaskMarket
    function settle(uint256 taskId) external {
        Task storage task = _taskIn(taskId, TaskStatus.Open);
        IAwardMechanism.Award[] memory awards = _finalAwards(task.tenderId);
        task.status = awards.length == 0 ? TaskStatus.Closed : TaskStatus.Settled;
        task.settledAt = uint40(block.timestamp);
        task.openUnits = uint16(awards.length);
        uint64 obligationUntil = uint64(_obligationEnd(task, block.timestamp + task.deliveryWindow));
        for (uint256 unit = 0; unit < awards.length; unit++) {
            address winner = awards[unit].winner;
            uint256 agentId = ledger.agentIdOf(winner);
            ledger.startJob(agentId, obligationUntil);
            _assign(taskId, task, unit, winner, agentId, awards[unit].price);
        }
        uint256 spare = task.units - awards.length;
        if (spare > 0) _credit(task.requester, spare * task.reserve);
        for (uint256 unit = awards.length; unit < task.units; unit++) emit UnitRefunded(taskId, unit, task.reserve);
        emit TaskSettled(taskId, awards.length);
        if (awards.length == 0) emit TaskClosed(taskId);
    }

    /// @inheritdoc ITaskMarket
    function giveVerdict(uint256 taskId, uint256 unit, bool accepted, bytes32 reason) external {
        Task storage task = _taskIn(taskId, TaskStatus.Settled);
        if (msg.sender != task.evaluator) revert TaskMarketUnauthorized(taskId, msg.sender);
        Assignment storage assignment = _unitIn(taskId, unit, UnitStatus.Assigned);
        if (assignment.verdict != Verdict.None) revert TaskMarketVerdictGiven(taskId, unit);
        if (!_deliveredInTime(assignment)) revert TaskMarketNothingDelivered(taskId, unit);
        uint256 deadline = assignment.deliveryDeadline;
        if (block.timestamp > deadline + task.verdictWindow) {
            revert TaskMarketVerdictTooLate(taskId, unit, deadline + task.verdictWindow);
        }
        if (!accepted && task.priceBinding && block.timestamp <= deadline) {
            revert TaskMarketRejectionTooEarly(taskId, unit, deadline);
        }
        assignment.verdict = accepted ? Verdict.Accepted : Verdict.Rejected;
        assignment.decidedAt = uint40(block.timestamp);
        emit VerdictGiven(taskId, unit, msg.sender, accepted, reason);
        if (task.disputeWindow == 0) _execute(taskId, task, unit, IDisputePanel.Ruling.None, reason);
    }

    /// @inheritdoc ITaskMarket
    function conclude(uint256 taskId, uint256 unit) external {
        Task storage task = _taskIn(taskId, TaskStatus.Settled);
        Assignment storage assignment = _assignments[taskId][unit];
        if (assignment.status == UnitStatus.Offered) {
            (address candidate,) = _candidate(taskId, task, unit);
            if (candidate != address(0)) {
                revert TaskMarketUndecided(taskId, unit, _turnEnd(task, assignment) + 1);
            }
            _refundUnit(taskId, task, unit);
            return;
        }
        if (assignment.status != UnitStatus.Assigned) revert TaskMarketInvalidUnit(taskId, unit, assignment.status);
        bool delivered = _deliveredInTime(assignment);
        uint256 last = assignment.deliveryDeadline;
        IDisputePanel.Ruling ruling;
        if (delivered) {
            uint256 ruledAfter;
            (ruling, ruledAfter) = panel.rulingOf(taskId, unit);
            if (ruling == IDisputePanel.Ruling.None) {
                last = assignment.verdict == Verdict.None ? last + task.verdictWindow : assignment.decidedAt;
                last += task.disputeWindow;
            } else if (ruledAfter > last) {
                // Never before the delivery deadline, so that no ruling rejects earlier than an evaluator may.
                last = ruledAfter;
            }
        }
        if (block.timestamp <= last) revert TaskMarketUndecided(taskId, unit, last + 1);
        if (delivered) _execute(taskId, task, unit, ruling, 0);
        else _recordNoShow(taskId, task, unit);
    }

    /// @dev Carries out a verdict or what the panel made of it. Silence of the evaluator is acceptance, unless it was
    /// objected to and the panel was silent as well: then nobody vouches for the delivery, and nobody is punished.
    function _execute(
        uint256 taskId,
        Task storage task,
        uint256 unit,
        IDisputePanel.Ruling ruling,
        bytes32 reason
    ) private {
        Verdict verdict = _assignments[taskId][unit].verdict;
        bool accepted = verdict != Verdict.Rejected;
        if (ruling == IDisputePanel.Ruling.Upheld) accepted = !accepted;
        if (ruling == IDisputePanel.Ruling.Silent && verdict == Verdict.None) accepted = false;
        if (accepted) _pay(taskId, task, unit, reason);
        else _rejectDelivery(taskId, task, unit, reason);
    }

    function _openTender(
        uint256 taskId,
        TaskTerms calldata terms,
        uint32 organisation,
        uint32 excluded,
        uint64 minStake
    ) private returns (bytes32 tenderId) {
        uint64 commitDeadline = uint64(block.timestamp) + terms.commitWindow;
        uint64 revealDeadline = commitDeadline + terms.revealWindow;
        tenderId = tender.openMarketTender(
            ISealedBidTender.TenderTerms({
                targetRef: keccak256(abi.encode(block.chainid, address(this), taskId)),
                mechanism: terms.mechanism,
                reserve: terms.reserve,
                units: terms.units,
                commitDeadline: commitDeadline,
                revealDeadline: revealDeadline,
                bond: 0,
                bondAsset: address(0),
                slashRecipient: address(0),
                maxBidders: terms.maxBidders,
                integrationProfile: excluded != 0 ? PRICE_BINDING : ALLOCATION_ONLY
            }),
            IMarketTender.MarketTerms({
                requesterOrganisation: organisation,
                evaluatorOrganisation: excluded,
                lock: terms.lock,
                minStake: minStake,
                obligationUntil: uint64(_obligationEnd(_tasks[taskId], revealDeadline + terms.deliveryWindow)),
                requirements: terms.requirements
            })
        );
        emit TaskPosted(
            taskId,
            tenderId,
            msg.sender,
            terms.evaluator,
            terms.mechanism,
            terms.reserve,
            terms.units,
            commitDeadline,
            revealDeadline,
            terms.specification,
            terms.uri
        );
    }

    /// @dev The awards of a tender that is over; finalizes it if nobody has.
    function _finalAwards(bytes32 tenderId) private returns (IAwardMechanism.Award[] memory) {
        ISealedBidTender.Phase phase = tender.phaseOf(tenderId);
        bool over = phase == ISealedBidTender.Phase.Awarded || phase == ISealedBidTender.Phase.Void;
        return over ? tender.awardOf(tenderId) : tender.finalize(tenderId);
    }

    /// @dev Where the award binds the price, the evaluator's organisation, whose agents may not bid; otherwise 0.
    function _checkEvaluator(address evaluator, uint32 requesterOrganisation, bool priceBinding)
        private
        view
        returns (uint32 excluded)
    {
        if (evaluator == address(0)) revert TaskMarketInvalidEvaluator(evaluator);
        if (!priceBinding) return 0;
        excluded = permissions.organisationOf(evaluator);
        bool independent = excluded != 0 && excluded != requesterOrganisation;
        if (!independent) revert TaskMarketInvalidEvaluator(evaluator);
    }

    function _checkTerms(TaskTerms calldata terms, Parameters memory limits) private pure {
        if (terms.reserve == 0) revert TaskMarketInvalidTerms("reserve");
        if (terms.units == 0 || terms.units > limits.unitsMax) revert TaskMarketInvalidTerms("units");
        if (terms.lock < limits.lockMin) revert TaskMarketInvalidTerms("lock");
        if (terms.maxReassignments > limits.reassignmentsMax) revert TaskMarketInvalidTerms("maxReassignments");
        uint32 max = limits.windowMax;
        _checkWindow("commitWindow", terms.commitWindow, limits.commitWindowMin, max);
        _checkWindow("revealWindow", terms.revealWindow, limits.revealWindowMin, max);
        _checkWindow("bidWindows", terms.commitWindow + terms.revealWindow, 0, limits.bidWindowsMax);
        _checkWindow("deliveryWindow", terms.deliveryWindow, limits.deliveryWindowMin, max);
        _checkWindow("verdictWindow", terms.verdictWindow, limits.verdictWindowMin, max);
        _checkWindow("disputeWindow", terms.disputeWindow, 0, max);
        if (terms.maxReassignments > 0) {
            _checkWindow("acceptanceWindow", terms.acceptanceWindow, limits.acceptanceWindowMin, max);
        }
    }

    function _checkWindow(bytes32 window, uint32 given, uint32 min, uint32 max) private pure {
        if (given < min || given > max) revert TaskMarketInvalidWindow(window, given, min, max);
    }

    function _taskIn(uint256 taskId, TaskStatus wanted) private view returns (Task storage task) {
        task = _task(taskId);
        if (task.status != wanted) revert TaskMarketInvalidStatus(taskId, task.status);
    }

    function _unitIn(uint256 taskId, uint256 unit, UnitStatus wanted)
        private
        view
        returns (Assignment storage assignment)
    {
        assignment = _assignments[taskId][unit];
        if (assignment.status != wanted) revert TaskMarketInvalidUnit(taskId, unit, assignment.status);
    }
}
