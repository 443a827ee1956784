// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IContradictoryAttestations
/// @notice Punishes an attester that said two different things of one agent, one capability and one test run.
interface IContradictoryAttestations {
    /// @notice What an attester said: on chain, or in a request that EAS would take from anybody (a delegated attestation).
    /// @param uid EAS's id of an attestation that was made; what follows is then ignored. 0 for a signed request.
    /// @param signature 65 bytes (r, s, v) of the attester over EAS's `Attest` with the fields before it.
    struct AttestationStatement {
        bytes32 uid;
        address recipient;
        uint64 expirationTime;
        bool revocable;
        bytes32 refUID;
        bytes data;
        uint256 value;
        uint256 nonce;
        uint64 deadline;
        bytes signature;
    }

    /// @notice Two statements of one attester that contradict each other.
    /// @param resolver Resolver whose schema they are under; must be on the module's list.
    struct AttestationEvidence {
        address resolver;
        address attester;
        AttestationStatement first;
        AttestationStatement second;
    }

    /// @notice Punishes without reward.
    function report(AttestationEvidence calldata evidence) external returns (bytes32 faultId);
    /// @notice Punishes if nobody has, and credits the reporter's share to the caller, who committed to this evidence
    /// with `commitEvidence(evidenceCommitment(evidence, caller, salt))` in an earlier block than this one, and than the
    /// one in which the fault was punished.
    function reportCommitted(AttestationEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId);
    /// @notice What a reporter commits to. Does not depend on the order of the statements.
    function evidenceCommitment(AttestationEvidence calldata evidence, address reporter, bytes32 salt)
        external
        view
        returns (bytes32);
    /// @notice Checks evidence; reverts with what is wrong with it.
    function verify(AttestationEvidence calldata evidence) external view returns (bytes32 faultId);
    /// @notice keccak256(abi.encode(kind, attester, subject)): one fault per attester, agent, capability and test run.
    function faultIdOf(address attester, uint256 agentId, bytes32 capability, bytes32 testRun)
        external
        pure
        returns (bytes32);
    /// @notice What the fault is about: keccak256(abi.encode(agentId, capability, testRun)).
    function subjectOf(uint256 agentId, bytes32 capability, bytes32 testRun) external pure returns (bytes32);
}
