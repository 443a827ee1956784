// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {TaskJobs} from "./TaskJobs.sol";

/// @title What happens to a unit after a no-show
/// @notice Ranked losers get acceptance windows, one after the other; accepting is opting in, letting the window pass is
/// declining, and free. The price is what the mechanism returns for the same bids without the agents that failed, and
/// without the candidates that let their turn pass.
/// @dev No ranking is stored: it is computed again from the stored bids whenever somebody asks. Whose turn it is follows
/// from the bids, from whose deadline had passed without a delivery when the unit was offered, and from the clock: in
/// which order units that failed are concluded changes no price, and what happens to other units of the task meanwhile
/// shifts nobody's turn.
abstract contract TaskReassignment is TaskJobs {
    /// @notice The unit is not waiting for another agent.
    error TaskMarketNotOffered(uint256 taskId, uint256 unit);
    /// @notice It is not the caller's turn.
    error TaskMarketNotCandidate(uint256 taskId, uint256 unit, address caller, address candidate);

    /// @inheritdoc ITaskMarket
    function acceptReassignment(uint256 taskId, uint256 unit) external {
        Task storage task = _task(taskId);
        if (_assignments[taskId][unit].status != UnitStatus.Offered) revert TaskMarketNotOffered(taskId, unit);
        (address candidate, uint256 price) = _candidate(taskId, task, unit);
        if (candidate != msg.sender || _isEngaged(taskId, task.units, candidate)) {
            revert TaskMarketNotCandidate(taskId, unit, msg.sender, candidate);
        }
        uint256 agentId = tender.checkEligible(task.tenderId, candidate);
        ledger.startReassignedJob(agentId, uint64(_obligationEnd(task, block.timestamp + task.deliveryWindow)));
        _assign(taskId, task, unit, candidate, agentId, price);
    }

    /// @inheritdoc ITaskMarket
    function candidateOf(uint256 taskId, uint256 unit)
        external
        view
        returns (address bidder, uint64 price, uint40 until)
    {
        Task storage task = _task(taskId);
        Assignment storage assignment = _assignments[taskId][unit];
        if (assignment.status != UnitStatus.Offered) return (address(0), 0, 0);
        uint256 exact;
        (bidder, exact) = _candidate(taskId, task, unit);
        if (bidder == address(0) || _isEngaged(taskId, task.units, bidder)) return (address(0), 0, 0);
        return (bidder, uint64(exact), uint40(_turnEnd(task, assignment)));
    }

    /// @dev The loser whose turn it is now, and its price; zero when nobody is left.
    function _candidate(uint256 taskId, Task storage task, uint256 unit)
        internal
        view
        returns (address bidder, uint256 price)
    {
        Assignment storage assignment = _assignments[taskId][unit];
        uint256 turn = _turn(task, assignment);
        if (turn >= task.candidatesMax) return (address(0), 0);
        IAwardMechanism.Award[] memory winners = tender.awardOf(task.tenderId);
        address[] memory excluded = new address[](assignment.failedBefore + turn);
        for (uint256 i = 0; i < assignment.failedBefore; i++) excluded[i] = _failed[taskId][i];
        for (uint256 i = 0; i <= turn; i++) {
            // Places not filled yet are zero, which is nobody's bid.
            (bidder, price) = _firstLoser(winners, tender.awardWithout(task.tenderId, excluded));
            if (bidder == address(0)) break;
            if (i < turn) excluded[assignment.failedBefore + i] = bidder;
        }
    }

    /// @dev Last second of the acceptance window that is running.
    function _turnEnd(Task storage task, Assignment storage assignment) internal view returns (uint256) {
        return assignment.decidedAt + (_turn(task, assignment) + 1) * task.acceptanceWindow - 1;
    }

    /// @dev Number of acceptance windows that have passed since the unit was offered.
    function _turn(Task storage task, Assignment storage assignment) private view returns (uint256) {
        return (block.timestamp - assignment.decidedAt) / task.acceptanceWindow;
    }

    /// @dev The first of the awarded who was no winner in the first place.
    function _firstLoser(IAwardMechanism.Award[] memory winners, IAwardMechanism.Award[] memory awards)
        private
        pure
        returns (address, uint256)
    {
        for (uint256 i = 0; i < awards.length; i++) {
            bool won = false;
            for (uint256 j = 0; j < winners.length && !won; j++) won = winners[j].winner == awards[i].winner;
            if (!won) return (awards[i].winner, awards[i].price);
        }
        return (address(0), 0);
    }

    /// @dev Whether a bidder has, or had and failed, a unit of the task.
    function _isEngaged(uint256 taskId, uint256 units, address bidder) private view returns (bool) {
        for (uint256 unit = 0; unit < units; unit++) {
            if (_assignments[taskId][unit].provider == bidder) return true;
        }
        address[] storage failed = _failed[taskId];
        for (uint256 i = 0; i < failed.length; i++) {
            if (failed[i] == bidder) return true;
        }
        return false;
    }
}
