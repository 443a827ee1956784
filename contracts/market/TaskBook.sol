// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {IDisputePanel} from "../interfaces/IDisputePanel.sol";
import {IJobEscrow} from "../interfaces/IJobEscrow.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";

/// @title The market's books: tasks, assignments, and what it owes to whom
/// @notice Everything that is recorded of tasks, and all reading of it.
/// @dev Storage that certificates prove without running the EVM. Slot 0 is
/// `mapping(uint256 taskId => mapping(uint256 unit => Assignment))`: the record of a unit begins at
/// s = keccak256(abi.encode(unit, keccak256(abi.encode(taskId, uint256(0))))). Word s, from the low end: provider 160,
/// price 64, status 8, verdict 8, round 8 bits. Word s + 1: agentId 64, jobId 64, deliveryDeadline 40, decidedAt 40,
/// failedBefore 16.
/// Slot 1 is `mapping(uint256 taskId => Task)`, with the fields in the order of ITaskMarket.Task.
abstract contract TaskBook is ITaskMarket {
    using SafeERC20 for IERC20;

    /// @notice Contracts of the network that the market works with.
    /// @param postedPrice The mechanism whose awards do not bind the price.
    struct Modules {
        ICredits credits;
        IPermissions permissions;
        IAgentLedger ledger;
        IMarketTender tender;
        IJobEscrow escrow;
        IDisputePanel panel;
        IParameters parameters;
        address postedPrice;
    }

    /// @notice The money of the market.
    ICredits public immutable credits;
    /// @notice Who may post, and whose evaluator is independent.
    IPermissions public immutable permissions;
    /// @notice The record of agents: starts and ends jobs, takes stake.
    IAgentLedger public immutable ledger;
    /// @notice The tender of every task.
    IMarketTender public immutable tender;
    /// @notice The escrow of every job.
    IJobEscrow public immutable escrow;
    /// @notice Decides units whose verdict was objected to.
    IDisputePanel public immutable panel;
    /// @notice The mechanism whose awards do not bind the price.
    address public immutable postedPrice;
    /// @dev The rules' numbers, copied into a task when it is posted.
    IParameters internal immutable _parameters;

    /// @dev Slot 0: see the contract's comment.
    mapping(uint256 taskId => mapping(uint256 unit => Assignment)) internal _assignments;
    /// @dev Slot 1.
    mapping(uint256 taskId => Task) internal _tasks;
    /// @dev Bid keys whose agents failed a task, in that order: they are left out when a reassignment is computed.
    mapping(uint256 taskId => address[]) internal _failed;
    mapping(address account => uint256) private _credits;
    uint256 internal _taskCount;

    /// @notice There is no such task.
    error TaskMarketUnknownTask(uint256 taskId);

    constructor(Modules memory modules) {
        credits = modules.credits;
        permissions = modules.permissions;
        ledger = modules.ledger;
        tender = modules.tender;
        escrow = modules.escrow;
        panel = modules.panel;
        postedPrice = modules.postedPrice;
        _parameters = modules.parameters;
    }

    /// @inheritdoc ITaskMarket
    function withdrawFor(address account) external returns (uint256 amount) {
        uint256 own = _credits[account];
        _credits[account] = 0;
        if (own > 0) IERC20(credits).safeTransfer(account, own);
        // The market's own credit in the escrow is owed to others; it is drawn when a unit ends.
        amount = own + (account == address(this) ? 0 : escrow.withdrawFor(account));
        if (amount > 0) emit Withdrawn(account, amount);
    }

    /// @inheritdoc ITaskMarket
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account] + (account == address(this) ? 0 : escrow.creditOf(account));
    }

    /// @inheritdoc ITaskMarket
    function taskCount() external view returns (uint256) {
        return _taskCount;
    }

    /// @inheritdoc ITaskMarket
    function taskOf(uint256 taskId) external view returns (Task memory) {
        return _task(taskId);
    }

    /// @inheritdoc ITaskMarket
    function assignmentOf(uint256 taskId, uint256 unit) external view returns (Assignment memory) {
        return _assignments[taskId][unit];
    }

    /// @inheritdoc ITaskMarket
    function failedOf(uint256 taskId) external view returns (address[] memory) {
        return _failed[taskId];
    }

    /// @inheritdoc ITaskMarket
    function parameters() external view returns (Parameters memory) {
        return _parameters.marketParameters();
    }

    function _credit(address account, uint256 amount) internal {
        _credits[account] += amount;
    }

    function _task(uint256 taskId) internal view returns (Task storage task) {
        task = _tasks[taskId];
        if (task.status == TaskStatus.None) revert TaskMarketUnknownTask(taskId);
    }
}
