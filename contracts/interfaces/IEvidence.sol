// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IEvidence
/// @notice What all slashing modules share: commitments to evidence, and the list of contracts whose statements count.
interface IEvidence {
    /// @notice A reporter committed to evidence.
    event EvidenceCommitted(address indexed reporter, bytes32 indexed commitment);
    /// @notice A fault was punished for the first time.
    /// @param offender An agentId, or the address of an attester or validator as a number.
    /// @param subject What the fault is about: a tender, a job, a test run, a view.
    event FaultPunished(bytes32 indexed faultId, uint256 indexed offender, bytes32 indexed subject, uint64 taken);
    /// @notice A reporter was credited its share of a penalty.
    event FaultRewarded(bytes32 indexed faultId, address indexed reporter, uint64 amount);
    /// @notice Statements made to this contract count from now on.
    event SourceAdded(address indexed source);

    /// @notice Records that the caller holds some evidence without showing it.
    function commitEvidence(bytes32 commitment) external;
    /// @notice Block in which a commitment was made; 0 for none.
    function evidenceCommittedAt(address reporter, bytes32 commitment) external view returns (uint256);
    /// @notice Whether statements made to a contract count. Contracts are added by the governor, never removed.
    function isSource(address source) external view returns (bool);
    /// @notice Adds a contract whose statements count. Only by the operators.
    function addSource(address source) external;
}
