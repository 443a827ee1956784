// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAgenticCommerce} from "../interfaces/IAgenticCommerce.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {TaskBook} from "./TaskBook.sol";

/// @title How a unit gets a job, and how its job ends
/// @notice Per unit, paid + refunded + held = reserve at all times, and at most one job is not at its end.
/// @dev A job whose escrow a stranger let expire ends the same way: its money is in the market's credit then, and the
/// market pays whom the outcome names.
abstract contract TaskJobs is TaskBook {
    using SafeERC20 for IERC20;

    bytes32 private constant NO_SHOW = keccak256("no-show");
    uint256 private constant BPS = 10_000;

    /// @notice Fault of not delivering a job: keccak256(abi.encode(keccak256("no-show"), agentId,
    /// keccak256(abi.encode(market, jobId)))).
    function noShowFaultIdOf(uint256 agentId, uint256 jobId) public view returns (bytes32) {
        return keccak256(abi.encode(NO_SHOW, agentId, keccak256(abi.encode(address(this), jobId))));
    }

    /// @dev Creates, prices and funds the job of a unit, at once, so that the provider cannot come between.
    function _assign(uint256 taskId, Task storage task, uint256 unit, address provider, uint256 agentId, uint256 price)
        internal
    {
        Assignment storage assignment = _assignments[taskId][unit];
        uint256 deadline = block.timestamp + task.deliveryWindow;
        uint256 jobId = escrow.createJob(
            provider,
            address(this),
            _obligationEnd(task, deadline) + task.expiryMargin,
            string.concat("task ", Strings.toString(taskId), " unit ", Strings.toString(unit)),
            address(0)
        );
        escrow.setBudget(jobId, price, "");
        IERC20(credits).forceApprove(address(escrow), price);
        escrow.fund(jobId, price, "");
        uint8 round = assignment.status == UnitStatus.Offered ? assignment.round + 1 : 0;
        _assignments[taskId][unit] = Assignment({
            provider: provider,
            price: uint64(price),
            status: UnitStatus.Assigned,
            verdict: Verdict.None,
            round: round,
            agentId: uint64(agentId),
            jobId: uint64(jobId),
            deliveryDeadline: uint40(deadline),
            decidedAt: 0,
            failedBefore: 0
        });
        emit UnitAssigned(taskId, unit, provider, agentId, jobId, uint64(price), round, uint40(deadline));
    }

    /// @dev Last second at which a unit delivered by `deadline` can still be decided, by a panel if need be.
    function _obligationEnd(Task storage task, uint256 deadline) internal view returns (uint256) {
        uint256 voting = uint256(task.panel.voteWindow) + task.panel.voteRevealWindow;
        return deadline + task.verdictWindow + task.disputeWindow + voting;
    }

    /// @dev Whether the agent delivered in time, as the escrow recorded it.
    function _deliveredInTime(Assignment storage assignment) internal view returns (bool) {
        (, uint40 submittedAt,) = escrow.submissionOf(assignment.jobId);
        return submittedAt != 0 && submittedAt <= assignment.deliveryDeadline;
    }

    /// @dev The provider gets the price, the requester the rest of the reserve.
    function _pay(uint256 taskId, Task storage task, uint256 unit, bytes32 reason) internal {
        Assignment storage assignment = _assignments[taskId][unit];
        uint64 price = assignment.price;
        assignment.status = UnitStatus.Paid;
        (IAgenticCommerce.JobStatus status,,) = escrow.submissionOf(assignment.jobId);
        if (status == IAgenticCommerce.JobStatus.Submitted) {
            escrow.complete(assignment.jobId, reason, "");
        } else {
            escrow.withdrawFor(address(this));
            _credit(assignment.provider, price);
        }
        _credit(task.requester, task.reserve - price);
        ledger.finishJob(assignment.agentId);
        emit UnitPaid(taskId, unit, assignment.provider, price, task.reserve - price);
        _closeUnit(taskId, task);
    }

    /// @dev The requester gets the whole reserve back after a rejected delivery.
    function _rejectDelivery(uint256 taskId, Task storage task, uint256 unit, bytes32 reason) internal {
        Assignment storage assignment = _assignments[taskId][unit];
        _retrieve(assignment.jobId, reason);
        ledger.finishJob(assignment.agentId);
        _refundUnit(taskId, task, unit);
    }

    /// @dev Slashes the agent that delivered nothing in time; then the unit is offered to others, or refunded.
    function _recordNoShow(uint256 taskId, Task storage task, uint256 unit) internal {
        Assignment storage assignment = _assignments[taskId][unit];
        uint256 agentId = assignment.agentId;
        bytes32 faultId = noShowFaultIdOf(agentId, assignment.jobId);
        _recordFailures(taskId, task, unit);
        _retrieve(assignment.jobId, NO_SHOW);
        uint64 penalty = _noShowPenalty(task, assignment.price);
        uint64 taken = ledger.slash(faultId, agentId, penalty, 0, false);
        ledger.finishJob(agentId);
        emit NoShowRecorded(taskId, unit, agentId, faultId, penalty, taken);
        if (assignment.round < task.maxReassignments) {
            assignment.status = UnitStatus.Offered;
            assignment.decidedAt = uint40(block.timestamp);
            assignment.failedBefore = uint16(_failed[taskId].length);
            emit UnitOffered(taskId, unit, assignment.round + 1, uint40(block.timestamp));
        } else {
            _refundUnit(taskId, task, unit);
        }
    }

    /// @dev Puts on record every agent of the task whose deadline has passed without a delivery, whether or not its unit has
    /// been concluded: nothing can make up for it any more, and what a unit is offered at must not depend on which of
    /// several that failed is concluded first. Without reassignment nothing depends on it.
    function _recordFailures(uint256 taskId, Task storage task, uint256 unit) private {
        (uint256 from, uint256 to) = task.maxReassignments == 0 ? (unit, unit + 1) : (0, task.units);
        for (uint256 i = from; i < to; i++) {
            Assignment storage assignment = _assignments[taskId][i];
            if (assignment.status != UnitStatus.Assigned || assignment.failedBefore != 0) continue;
            if (block.timestamp <= assignment.deliveryDeadline || _deliveredInTime(assignment)) continue;
            _failed[taskId].push(assignment.provider);
            assignment.failedBefore = uint16(_failed[taskId].length);
        }
    }

    function _refundUnit(uint256 taskId, Task storage task, uint256 unit) internal {
        _assignments[taskId][unit].status = UnitStatus.Refunded;
        _credit(task.requester, task.reserve);
        emit UnitRefunded(taskId, unit, task.reserve);
        _closeUnit(taskId, task);
    }

    /// @dev Gets a job's money back into the market's balance, whatever a stranger's `claimRefund` did before.
    function _retrieve(uint256 jobId, bytes32 reason) private {
        (IAgenticCommerce.JobStatus status,,) = escrow.submissionOf(jobId);
        if (status == IAgenticCommerce.JobStatus.Funded || status == IAgenticCommerce.JobStatus.Submitted) {
            escrow.reject(jobId, reason, "");
        }
        escrow.withdrawFor(address(this));
    }

    /// @dev At least what not delivering saved the agent, and a share of the reserve, the lower of the task's and
    /// today's; rounded up.
    function _noShowPenalty(Task storage task, uint256 price) private view returns (uint64) {
        uint256 reserve = task.reserve;
        uint256 bps = _parameters.get(IParameters.Parameter.NoShowShare);
        if (bps > task.noShowBps) bps = task.noShowBps;
        uint256 share = (reserve * bps + BPS - 1) / BPS;
        return uint64(share > reserve - price ? share : reserve - price);
    }

    function _closeUnit(uint256 taskId, Task storage task) private {
        if (--task.openUnits > 0) return;
        task.status = TaskStatus.Closed;
        emit TaskClosed(taskId);
    }
}
