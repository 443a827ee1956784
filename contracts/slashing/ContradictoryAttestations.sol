// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestation} from "@ethereum-attestation-service/eas-contracts/contracts/Common.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {CapabilityClaim, CapabilityClaims} from "../capability/CapabilityClaim.sol";
import {Governed} from "../governance/Governed.sol";
import {ICapabilityResolver} from "../interfaces/ICapabilityResolver.sol";
import {IContradictoryAttestations} from "../interfaces/IContradictoryAttestations.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {Evidence} from "./Evidence.sol";

/// @dev What EAS says of its own signatures beyond `IEAS`.
interface IEasSigning {
    /// @notice EIP-712 domain separator of delegated requests.
    function getDomainSeparator() external view returns (bytes32);
    /// @notice EIP-712 type hash of a delegated attestation.
    function getAttestTypeHash() external pure returns (bytes32);
}

/// @title Contradictory attestations
/// @notice An attester that says of one agent, one capability and one test run two different things (another level, another
/// report), signed or attested on chain, has lied at least once: it costs its stake, and it is suspended.
/// @dev An attestation that was revoked was still said. One without a test run contradicts nothing, and an end that
/// differs is no contradiction. EAS takes signatures of contracts (ERC-1271) too; they are no evidence here. There is no
/// age after which evidence no longer counts: a signature carries no time. What an attester said counts only while its
/// stake is there, and stake on its way out stays in reach for the unbonding delay.
contract ContradictoryAttestations is IContradictoryAttestations, Evidence {
    /// @param register The AttesterRegistry.
    /// @param permissions Who belongs to which organisation.
    /// @param parameters The rules' numbers.
    /// @param governor The Operators contract.
    struct Wiring {
        IStakeRegister register;
        IPermissions permissions;
        IParameters parameters;
        address governor;
    }

    bytes32 private constant KIND = keccak256("allot.fault.contradictory-attestations");

    /// @notice The attestation is of another schema, or its data is no claim on this network.
    error ContradictoryAttestationsStatementInvalid(uint256 statement);
    /// @notice A signature is malformed, has a high s, or recovers to nobody.
    error ContradictoryAttestationsSignatureInvalid(uint256 statement);
    /// @notice The statement is another account's.
    error ContradictoryAttestationsAuthorInvalid(address author, address attester);
    /// @notice The statements are not about one agent, one capability and one test run.
    error ContradictoryAttestationsUnrelated();
    /// @notice Both say the same, or no test run is named.
    error ContradictoryAttestationsConsistent();

    /// @param wiring Contracts that the module works with.
    /// @param resolvers Capability resolvers, present and retired.
    constructor(Wiring memory wiring, address[] memory resolvers)
        Evidence(wiring.register, wiring.permissions, wiring.parameters, resolvers)
        Governed(wiring.governor)
    {}

    /// @inheritdoc IContradictoryAttestations
    function report(AttestationEvidence calldata evidence) external returns (bytes32 faultId) {
        CapabilityClaim memory claim;
        (faultId, claim) = _verify(evidence);
        uint256 offender = uint160(evidence.attester);
        _punish(faultId, offender, _subjectOf(claim), penaltyOf(evidence.attester));
    }

    /// @inheritdoc IContradictoryAttestations
    function reportCommitted(AttestationEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId) {
        CapabilityClaim memory claim;
        (faultId, claim) = _verify(evidence);
        bytes32 commitment = evidenceCommitment(evidence, msg.sender, salt);
        uint256 offender = uint160(evidence.attester);
        _punishAndReward(faultId, offender, _subjectOf(claim), penaltyOf(evidence.attester), commitment);
    }

    /// @inheritdoc IContradictoryAttestations
    function verify(AttestationEvidence calldata evidence) external view returns (bytes32 faultId) {
        (faultId,) = _verify(evidence);
    }

    /// @inheritdoc IContradictoryAttestations
    function evidenceCommitment(AttestationEvidence calldata evidence, address reporter, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        (CapabilityClaim memory first, CapabilityClaim memory second) = _claimsOf(evidence);
        (bytes32 a, bytes32 b) = (_payloadOf(first), _payloadOf(second));
        if (a > b) (a, b) = (b, a);
        bytes32 faultId = _faultIdOf(KIND, uint160(evidence.attester), _subjectOf(first));
        return keccak256(abi.encode(faultId, a, b, reporter, salt));
    }

    /// @inheritdoc IContradictoryAttestations
    function faultIdOf(address attester, uint256 agentId, bytes32 capability, bytes32 testRun)
        external
        pure
        returns (bytes32)
    {
        return _faultIdOf(KIND, uint160(attester), subjectOf(agentId, capability, testRun));
    }

    /// @inheritdoc IContradictoryAttestations
    function subjectOf(uint256 agentId, bytes32 capability, bytes32 testRun) public pure returns (bytes32) {
        return keccak256(abi.encode(agentId, capability, testRun));
    }

    /// @notice What the fault costs the attester: its stake, on its way out or not, in millionths of a credit.
    function penaltyOf(address attester) public view returns (uint256) {
        return register.stakeInReachOf(uint160(attester));
    }

    function _verify(AttestationEvidence calldata evidence)
        private
        view
        returns (bytes32 faultId, CapabilityClaim memory first)
    {
        CapabilityClaim memory second;
        (first, second) = _claimsOf(evidence);
        bytes32 subject = _subjectOf(first);
        if (subject != _subjectOf(second)) revert ContradictoryAttestationsUnrelated();
        if (first.testRun == 0 || _payloadOf(first) == _payloadOf(second)) {
            revert ContradictoryAttestationsConsistent();
        }
        // Reverts for an agent that does not exist.
        ICapabilityResolver(evidence.resolver).identity().ownerOf(first.agentId);
        return (_faultIdOf(KIND, uint160(evidence.attester), subject), first);
    }

    function _claimsOf(AttestationEvidence calldata evidence)
        private
        view
        returns (CapabilityClaim memory first, CapabilityClaim memory second)
    {
        _requireSource(evidence.resolver);
        ICapabilityResolver resolver = ICapabilityResolver(evidence.resolver);
        first = _claimOf(resolver, evidence.attester, evidence.first, 0);
        second = _claimOf(resolver, evidence.attester, evidence.second, 1);
    }

    /// @dev What a statement says, once it is known to be the attester's.
    function _claimOf(
        ICapabilityResolver resolver,
        address attester,
        AttestationStatement calldata statement,
        uint256 index
    ) private view returns (CapabilityClaim memory claim) {
        bytes memory data;
        if (statement.uid != 0) {
            Attestation memory made = resolver.eas().getAttestation(statement.uid);
            if (made.schema != resolver.schemaId()) revert ContradictoryAttestationsStatementInvalid(index);
            if (made.attester != attester) revert ContradictoryAttestationsAuthorInvalid(made.attester, attester);
            data = made.data;
        } else {
            bytes32 digest = _digestOf(resolver, attester, statement);
            (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, statement.signature);
            if (fault != ECDSA.RecoverError.NoError) revert ContradictoryAttestationsSignatureInvalid(index);
            if (signer != attester) revert ContradictoryAttestationsAuthorInvalid(signer, attester);
            data = statement.data;
        }
        bool valid;
        (valid, claim) = CapabilityClaims.read(data, resolver.networkId());
        if (!valid) revert ContradictoryAttestationsStatementInvalid(index);
    }

    /// @dev What an attester signs for EAS (its `EIP1271Verifier`).
    function _digestOf(ICapabilityResolver resolver, address attester, AttestationStatement calldata s)
        private
        view
        returns (bytes32)
    {
        IEasSigning signing = IEasSigning(address(resolver.eas()));
        bytes32 structHash = keccak256(
            abi.encode(
                signing.getAttestTypeHash(),
                attester,
                resolver.schemaId(),
                s.recipient,
                s.expirationTime,
                s.revocable,
                s.refUID,
                keccak256(s.data),
                s.value,
                s.nonce,
                s.deadline
            )
        );
        return MessageHashUtils.toTypedDataHash(signing.getDomainSeparator(), structHash);
    }

    function _subjectOf(CapabilityClaim memory claim) private pure returns (bytes32) {
        return subjectOf(claim.agentId, claim.capability, claim.testRun);
    }

    function _payloadOf(CapabilityClaim memory claim) private pure returns (bytes32) {
        return keccak256(abi.encode(claim.level, claim.report));
    }
}
