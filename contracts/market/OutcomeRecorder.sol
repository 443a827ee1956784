// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentIdentity} from "../interfaces/IAgentIdentity.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IDisputePanel} from "../interfaces/IDisputePanel.sol";
import {IJobEscrow} from "../interfaces/IJobEscrow.sol";
import {IOutcomeRecorder} from "../interfaces/IOutcomeRecorder.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";

/// @title Outcomes of tasks as reputation
/// @notice Apart from every path that money takes: the market does not know this contract. What it writes follows from
/// recorded facts alone. Nothing counts between members of one organisation: not where the agent belongs to the
/// requester's or to the evaluator's now, whoever owned it when it worked.
/// @dev A call to the registry has a fixed amount of gas, and its failure is no reason to stop; a caller that leaves too
/// little gas for it is refused, so that nobody can make it fail.
contract OutcomeRecorder is IOutcomeRecorder {
    /// @notice Contracts of the network that the recorder reads and writes.
    struct Modules {
        ITaskMarket market;
        IJobEscrow escrow;
        IDisputePanel panel;
        IAgentLedger ledger;
        IPermissions permissions;
        IAgentIdentity identity;
        IReputationRegistry reputation;
    }

    /// @notice Most outcomes that one call looks at: with what each may take, far below a transaction's 16.8M gas.
    uint256 public constant OUTCOMES_PER_CALL = 8;
    /// @notice Gas that the registry gets per outcome; it takes less than half of that.
    uint256 public constant FEEDBACK_GAS = 1_000_000;
    /// @notice First tag of the feedback; the second is `paid`, `rejected` or `no-show`. The value is 100 or 0.
    string public constant TAG = "task-outcome";

    int128 private constant GOOD = 100;
    /// @dev Beyond FEEDBACK_GAS: what is kept of the call's gas (1/64), and what is done around it.
    uint256 private constant GAS_MARGIN = 150_000;

    /// @notice The tasks.
    ITaskMarket public immutable market;
    /// @notice What was delivered when.
    IJobEscrow public immutable escrow;
    /// @notice How verdicts were overturned.
    IDisputePanel public immutable panel;
    /// @notice Agents by bid key, and their organisations.
    IAgentLedger public immutable ledger;
    /// @notice Organisations of everybody else.
    IPermissions public immutable permissions;
    /// @notice Agents' present owners.
    IAgentIdentity public immutable identity;
    /// @notice Where feedback goes.
    IReputationRegistry public immutable reputation;

    mapping(uint256 taskId => uint256) private _recorded;
    mapping(uint256 agentId => Tally) private _tallies;
    /// @dev Feedback given per agent: its next index.
    mapping(uint256 agentId => uint64) private _given;

    /// @notice The task has units that are not paid or refunded yet.
    error OutcomeRecorderNotClosed(uint256 taskId, ITaskMarket.TaskStatus status);
    /// @notice The task's outcomes have been recorded.
    error OutcomeRecorderDone(uint256 taskId);
    /// @notice The call has too little gas left for the registry to do its part.
    error OutcomeRecorderGasShort(uint256 left, uint256 needed);

    constructor(Modules memory modules) {
        market = modules.market;
        escrow = modules.escrow;
        panel = modules.panel;
        ledger = modules.ledger;
        permissions = modules.permissions;
        identity = modules.identity;
        reputation = modules.reputation;
    }

    /// @inheritdoc IOutcomeRecorder
    function recordOutcome(uint256 taskId) external returns (bool more) {
        ITaskMarket.Task memory task = market.taskOf(taskId);
        if (task.status != ITaskMarket.TaskStatus.Closed) revert OutcomeRecorderNotClosed(taskId, task.status);
        address[] memory failed = market.failedOf(taskId);
        uint256 total = uint256(task.units) + failed.length;
        uint256 from = _recorded[taskId];
        if (from == total) revert OutcomeRecorderDone(taskId);
        uint256 to = from + OUTCOMES_PER_CALL < total ? from + OUTCOMES_PER_CALL : total;
        _recorded[taskId] = to;
        for (uint256 i = from; i < to; i++) {
            if (i < task.units) _recordUnit(taskId, task, i);
            else _record(taskId, task, ledger.agentIdOf(failed[i - task.units]), Outcome.NoShow);
        }
        more = to < total;
        if (!more) emit TaskRecorded(taskId);
    }

    /// @inheritdoc IOutcomeRecorder
    function recordedOf(uint256 taskId) external view returns (uint256 count) {
        return _recorded[taskId];
    }

    /// @inheritdoc IOutcomeRecorder
    function tallyOf(uint256 agentId) external view returns (Tally memory) {
        return _tallies[agentId];
    }

    /// @dev A unit that nobody was awarded has no outcome, nor has one that the evaluator and the panel were silent about.
    function _recordUnit(uint256 taskId, ITaskMarket.Task memory task, uint256 unit) private {
        ITaskMarket.Assignment memory assignment = market.assignmentOf(taskId, unit);
        if (assignment.status == ITaskMarket.UnitStatus.Paid) {
            _record(taskId, task, assignment.agentId, Outcome.Paid);
        } else if (assignment.status == ITaskMarket.UnitStatus.Refunded && _wasRejected(taskId, unit, assignment)) {
            _record(taskId, task, assignment.agentId, Outcome.Rejected);
        }
    }

    /// @dev Of a refunded unit: whether a delivery in time was judged. Otherwise its agent is among those that failed.
    function _wasRejected(uint256 taskId, uint256 unit, ITaskMarket.Assignment memory assignment)
        private
        view
        returns (bool)
    {
        (, uint40 submittedAt,) = escrow.submissionOf(assignment.jobId);
        if (submittedAt == 0 || submittedAt > assignment.deliveryDeadline) return false;
        (IDisputePanel.Ruling ruling,) = panel.rulingOf(taskId, unit);
        return assignment.verdict != ITaskMarket.Verdict.None || ruling == IDisputePanel.Ruling.Upheld;
    }

    function _record(uint256 taskId, ITaskMarket.Task memory task, uint256 agentId, Outcome outcome) private {
        if (_isOwn(task.requester, agentId) || _isOwn(task.evaluator, agentId)) return;
        Tally storage tally = _tallies[agentId];
        if (outcome == Outcome.Paid) tally.paid++;
        else if (outcome == Outcome.Rejected) tally.rejected++;
        else tally.noShows++;
        uint256 needed = FEEDBACK_GAS + GAS_MARGIN;
        if (gasleft() < needed) revert OutcomeRecorderGasShort(gasleft(), needed);
        int128 value = outcome == Outcome.Paid ? GOOD : int128(0);
        uint64 index;
        try reputation.giveFeedback{gas: FEEDBACK_GAS}(agentId, value, 0, TAG, _wordFor(outcome), "", "", 0) {
            index = ++_given[agentId];
        } catch {}
        emit OutcomeRecorded(taskId, agentId, task.requester, outcome, index);
    }

    /// @dev Whether an account and an agent, or the agent's present owner, belong to one organisation.
    function _isOwn(address account, uint256 agentId) private view returns (bool) {
        uint32 organisation = permissions.organisationOf(account);
        if (organisation == 0) return false;
        if (ledger.agentOf(agentId).organisation == organisation) return true;
        return permissions.organisationOf(identity.ownerOf(agentId)) == organisation;
    }

    function _wordFor(Outcome outcome) private pure returns (string memory) {
        if (outcome == Outcome.Paid) return "paid";
        return outcome == Outcome.Rejected ? "rejected" : "no-show";
    }
}
