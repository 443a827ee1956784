// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAgenticCommerce} from "./IAgenticCommerce.sol";

/// @title What Allot's job escrow adds to ERC-8183
/// @notice Withdrawal of what has been credited, and reading.
interface IJobEscrow is IAgenticCommerce {
    struct Job {
        address client;
        address provider;
        address evaluator;
        string description;
        /// In units of the payment token.
        uint256 budget;
        /// From this second of block time on, anyone may have the client refunded.
        uint256 expiredAt;
        JobStatus status;
        address hook;
        /// Second of block time at which the provider submitted; 0 before.
        uint256 submittedAt;
        /// What the provider submitted; 0 before.
        bytes32 deliverable;
    }

    /// @notice Released or refunded money left the contract for its owner.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Sends an account what it has been credited. Anyone may call it; only the account receives.
    /// @return amount What was sent, in units of the payment token; 0 is no error.
    function withdrawFor(address account) external returns (uint256 amount);

    /// @notice What `withdrawFor` would send an account.
    function creditOf(address account) external view returns (uint256 amount);

    /// @notice Everything about a job; reverts for one that does not exist.
    function getJob(uint256 jobId) external view returns (Job memory);

    /// @notice When a job was created, in seconds of block time; reverts for a job that does not exist.
    function createdAtOf(uint256 jobId) external view returns (uint40);

    /// @notice Status, submission time (0 before) and deliverable (0 before) alone: what a client decides by.
    function submissionOf(uint256 jobId)
        external
        view
        returns (JobStatus status, uint40 submittedAt, bytes32 deliverable);
}
