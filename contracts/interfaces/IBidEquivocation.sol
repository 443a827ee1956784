// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IBidEquivocation
/// @notice Punishes an agent that made two different commitments to one tender.
interface IBidEquivocation {
    /// @notice Two statements of one agent on one tender with different commitments.
    /// @param tender Tender contract; must be on the module's list.
    /// @param signatureA 65 bytes (r, s, v) of a bid key of the agent over the first statement.
    /// @param signatureB Likewise over the second; empty if the second statement is what `bidderB` committed on chain.
    /// @param commitmentB Second commitment; ignored (and read from the chain) when `signatureB` is empty.
    /// @param bidderB Bid key that committed on chain; ignored unless `signatureB` is empty.
    struct BidEvidence {
        address tender;
        bytes32 tenderId;
        uint256 agentId;
        uint64 slot;
        bytes32 commitmentA;
        bytes signatureA;
        bytes32 commitmentB;
        bytes signatureB;
        address bidderB;
    }

    /// @notice Punishes without reward.
    function report(BidEvidence calldata evidence) external returns (bytes32 faultId);
    /// @notice Punishes if nobody has, and credits the reporter's share to the caller, who committed to this evidence
    /// with `commitEvidence(evidenceCommitment(evidence, caller, salt))` in an earlier block than this one, and than the
    /// one in which the fault was punished.
    function reportCommitted(BidEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId);
    /// @notice What a reporter commits to. Does not depend on the order of the statements.
    function evidenceCommitment(BidEvidence calldata evidence, address reporter, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice Checks evidence; reverts with what is wrong with it.
    function verify(BidEvidence calldata evidence) external view returns (bytes32 faultId);
    /// @notice keccak256(abi.encode(kind, agentId, tenderId)): one fault per agent and tender.
    function faultIdOf(bytes32 tenderId, uint256 agentId) external pure returns (bytes32);
}
