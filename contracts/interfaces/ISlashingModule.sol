// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title ISlashingModule
/// @notice What all slashing modules share: the faults that they punish, and the list of contracts whose statements count.
interface ISlashingModule {
    /// @notice A fault was punished for the first time.
    /// @param offender An agentId, or the address of an attester or validator as a number.
    /// @param subject What the fault is about: a tender, a job, a test run, a view, an attestation.
    event FaultPunished(bytes32 indexed faultId, uint256 indexed offender, bytes32 indexed subject, uint64 taken);
    /// @notice A reporter was credited its share of a penalty.
    event FaultRewarded(bytes32 indexed faultId, address indexed reporter, uint64 amount);
    /// @notice Statements made to this contract count from now on.
    event SourceAdded(address indexed source);

    /// @notice Whether statements made to a contract count. Contracts are added by the governor, never removed.
    function isSource(address source) external view returns (bool);
    /// @notice Adds a contract whose statements count. Only by the operators.
    function addSource(address source) external;
}
