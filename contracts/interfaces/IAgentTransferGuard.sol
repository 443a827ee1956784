// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title What the identity registry asks of the ledger when an agent changes hands
/// @notice The ledger knows what binds an agent, the registry who owns it.
interface IAgentTransferGuard {
    /// @notice True while the agent has commitments, jobs, open faults or a suspension: then it cannot be transferred.
    function isEngaged(uint256 agentId) external view returns (bool);

    /// @notice Called by the identity registry within a transfer: ends the bid key and the attestations made before.
    function agentTransferred(uint256 agentId, address from, address to) external;
}
