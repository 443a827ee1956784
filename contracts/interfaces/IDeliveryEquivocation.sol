// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IDeliveryEquivocation
/// @notice Punishes an agent that made two different deliveries for one job.
interface IDeliveryEquivocation {
    /// @notice Two statements of one agent on one job with different deliverables.
    /// @param escrow Escrow of the job; must be on the module's list, and so must the job's client.
    /// @param deliverableA What the first statement delivers.
    /// @param signatureA 65 bytes (r, s, v) of the job's provider over the first statement.
    /// @param deliverableB What the second delivers; ignored (and read from the escrow) when `signatureB` is empty.
    /// @param signatureB Likewise over the second; empty if the second statement is what was submitted on chain.
    struct DeliveryEvidence {
        address escrow;
        uint256 jobId;
        uint256 agentId;
        bytes32 deliverableA;
        bytes signatureA;
        bytes32 deliverableB;
        bytes signatureB;
    }

    /// @notice Punishes without reward.
    function report(DeliveryEvidence calldata evidence) external returns (bytes32 faultId);
    /// @notice Punishes if nobody has, and credits the reporter's share to the caller, who committed to this evidence
    /// with `commitEvidence(evidenceCommitment(evidence, caller, salt))` in an earlier block than this one, and than the
    /// one in which the fault was punished.
    function reportCommitted(DeliveryEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId);
    /// @notice What a reporter commits to. Does not depend on the order of the statements.
    function evidenceCommitment(DeliveryEvidence calldata evidence, address reporter, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice Checks evidence; reverts with what is wrong with it.
    function verify(DeliveryEvidence calldata evidence) external view returns (bytes32 faultId);
    /// @notice keccak256(abi.encode(kind, agentId, subject)): one fault per agent and job.
    function faultIdOf(address escrow, uint256 jobId, uint256 agentId) external pure returns (bytes32);
    /// @notice What the fault is about: keccak256(abi.encode(escrow, jobId)).
    function subjectOf(address escrow, uint256 jobId) external pure returns (bytes32);
    /// @notice What a provider signs: EIP-712, `Delivery(uint256 jobId,uint256 agentId,bytes32 deliverable)`, domain "Allot
    /// Market" of the escrow.
    function deliveryDigest(address escrow, uint256 jobId, uint256 agentId, bytes32 deliverable)
        external
        view
        returns (bytes32);
}
