// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISlashingModule} from "./ISlashingModule.sol";

/// @title IEvidence
/// @notice What the slashing modules share whose faults two statements prove: commitments to evidence.
interface IEvidence is ISlashingModule {
    /// @notice A reporter committed to evidence.
    event EvidenceCommitted(address indexed reporter, bytes32 indexed commitment);

    /// @notice Records that the caller holds some evidence without showing it.
    function commitEvidence(bytes32 commitment) external;
    /// @notice Block in which a commitment was made; 0 for none.
    function evidenceCommittedAt(address reporter, bytes32 commitment) external view returns (uint256);
}
