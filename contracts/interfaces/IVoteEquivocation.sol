// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IVoteEquivocation
/// @notice Punishes a validator that cast two votes in one view which no honest validator casts both of.
interface IVoteEquivocation {
    /// @dev What a validator says about a view (the EIP-712 types of the same names).
    enum VoteKind {
        Notarize,
        Nullify,
        Finalize
    }

    /// @notice One vote.
    /// @param digest The block; ignored for a Nullify, which names none.
    /// @param signature 65 bytes (r, s, v) of the validator key.
    struct SignedVote {
        VoteKind kind;
        bytes32 digest;
        bytes signature;
    }

    /// @notice Two votes of one validator in one view of one epoch, in any order.
    struct VoteEvidence {
        address validator;
        uint64 epoch;
        uint64 viewNumber;
        SignedVote first;
        SignedVote second;
    }

    /// @notice Punishes without reward.
    function report(VoteEvidence calldata evidence) external returns (bytes32 faultId);
    /// @notice Punishes if nobody has, and credits the reporter's share to the caller, who committed to this evidence
    /// with `commitEvidence(evidenceCommitment(evidence, caller, salt))` in an earlier block than this one, and than the
    /// one in which the fault was punished.
    function reportCommitted(VoteEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId);
    /// @notice What a reporter commits to. Does not depend on the order of the votes.
    function evidenceCommitment(VoteEvidence calldata evidence, address reporter, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice Checks evidence; reverts with what is wrong with it.
    function verify(VoteEvidence calldata evidence) external view returns (bytes32 faultId);
    /// @notice keccak256(abi.encode(kind, validator, subject)): one fault per validator, epoch and view.
    function faultIdOf(address validator, uint64 epoch, uint64 viewNumber) external pure returns (bytes32);
    /// @notice What the fault is about: epoch × 2^64 + view.
    function subjectOf(uint64 epoch, uint64 viewNumber) external pure returns (bytes32);
    /// @notice What a validator signs: EIP-712, domain "Allot Consensus" with the network's id as salt and no contract.
    function voteDigest(VoteKind kind, uint64 epoch, uint64 viewNumber, bytes32 digest) external view returns (bytes32);
}
