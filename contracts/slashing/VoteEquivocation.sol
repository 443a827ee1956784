// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Governed} from "../governance/Governed.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IValidatorRegistry} from "../interfaces/IValidatorRegistry.sol";
import {IVoteEquivocation} from "../interfaces/IVoteEquivocation.sol";
import {Evidence} from "./Evidence.sol";

/// @title Validator equivocation
/// @notice Two notarizes of different blocks, two finalizes of different blocks, a nullify and a finalize, a notarize and a
/// finalize of different blocks: cast in one view by one validator, they cost its whole stake, its key is barred and it is
/// out of the next set. Every fork yields more than a third of a set such validators.
/// @dev A notarize and a nullify of one view are no contradiction: that is what an honest validator casts whose timer fires
/// after it has notarized. Evidence counts while the validator's stake stands for it, and for the evidence's age after
/// it has asked for it, having left the sets; the unbonding delay is longer, by the parameters' bounds.
contract VoteEquivocation is IVoteEquivocation, Evidence {
    struct Wiring {
        IValidatorRegistry registry;
        IPermissions permissions;
        IParameters parameters;
        address governor;
    }

    bytes32 private constant KIND = keccak256("allot.fault.vote-equivocation");
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)");
    bytes32 private constant NOTARIZE_TYPEHASH = keccak256("Notarize(uint64 epoch,uint64 view,bytes32 digest)");
    bytes32 private constant NULLIFY_TYPEHASH = keccak256("Nullify(uint64 epoch,uint64 view)");
    bytes32 private constant FINALIZE_TYPEHASH = keccak256("Finalize(uint64 epoch,uint64 view,bytes32 digest)");

    /// @notice The register of validators.
    IValidatorRegistry public immutable registry;
    /// @notice Random word drawn once per network.
    bytes32 public immutable networkId;

    /// @notice The network's id is zero.
    error VoteEquivocationNetworkIdMissing();
    /// @notice The account was no validator in that epoch.
    error VoteEquivocationNoValidator(address account, uint64 epoch);
    /// @notice Evidence about this validator no longer counts.
    error VoteEquivocationTooOld(address validator, uint256 until);
    /// @notice A signature is malformed, has a high s, or recovers to nobody.
    error VoteEquivocationSignatureInvalid(uint256 statement);
    /// @notice A vote is another's.
    error VoteEquivocationAuthorInvalid(address author, address validator);
    /// @notice An honest validator may cast both votes.
    error VoteEquivocationConsistent();

    constructor(Wiring memory wiring, bytes32 networkId_)
        Evidence(wiring.registry, wiring.permissions, wiring.parameters, new address[](0))
        Governed(wiring.governor)
    {
        if (networkId_ == 0) revert VoteEquivocationNetworkIdMissing();
        registry = wiring.registry;
        networkId = networkId_;
    }

    /// @inheritdoc IVoteEquivocation
    function report(VoteEvidence calldata evidence) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        uint256 offender = uint160(evidence.validator);
        _punish(faultId, offender, subjectOf(evidence.epoch, evidence.viewNumber), penaltyOf(evidence.validator));
    }

    /// @inheritdoc IVoteEquivocation
    function reportCommitted(VoteEvidence calldata evidence, bytes32 salt) external returns (bytes32 faultId) {
        faultId = verify(evidence);
        bytes32 commitment = evidenceCommitment(evidence, msg.sender, salt);
        bytes32 subject = subjectOf(evidence.epoch, evidence.viewNumber);
        uint256 offender = uint160(evidence.validator);
        _punishAndReward(faultId, offender, subject, penaltyOf(evidence.validator), commitment);
    }

    /// @inheritdoc IVoteEquivocation
    function verify(VoteEvidence calldata evidence) public view returns (bytes32 faultId) {
        address validator = evidence.validator;
        if (!registry.isInSet(evidence.epoch, validator)) {
            revert VoteEquivocationNoValidator(validator, evidence.epoch);
        }
        uint256 retiredAt = registry.retiredAt(validator);
        if (retiredAt != 0) {
            uint256 until = retiredAt + parameters.lowerOf(IParameters.Parameter.EvidenceAge, retiredAt);
            if (block.timestamp > until) revert VoteEquivocationTooOld(validator, until);
        }
        _checkVote(evidence, evidence.first, 0);
        _checkVote(evidence, evidence.second, 1);
        if (!_contradict(evidence.first, evidence.second)) revert VoteEquivocationConsistent();
        return faultIdOf(validator, evidence.epoch, evidence.viewNumber);
    }

    /// @inheritdoc IVoteEquivocation
    function evidenceCommitment(VoteEvidence calldata evidence, address reporter, bytes32 salt)
        public
        pure
        returns (bytes32)
    {
        bytes32 a = _structHash(evidence, evidence.first);
        bytes32 b = _structHash(evidence, evidence.second);
        if (a > b) (a, b) = (b, a);
        bytes32 faultId = faultIdOf(evidence.validator, evidence.epoch, evidence.viewNumber);
        return keccak256(abi.encode(faultId, a, b, reporter, salt));
    }

    /// @inheritdoc IVoteEquivocation
    function faultIdOf(address validator, uint64 epoch, uint64 viewNumber) public pure returns (bytes32) {
        return _faultIdOf(KIND, uint160(validator), subjectOf(epoch, viewNumber));
    }

    /// @inheritdoc IVoteEquivocation
    function subjectOf(uint64 epoch, uint64 viewNumber) public pure returns (bytes32) {
        return bytes32((uint256(epoch) << 64) | viewNumber);
    }

    /// @inheritdoc IVoteEquivocation
    function voteDigest(VoteKind kind, uint64 epoch, uint64 viewNumber, bytes32 digest) public view returns (bytes32) {
        return _typedDataHash(_voteHash(kind, epoch, viewNumber, digest));
    }

    /// @notice What the fault costs the validator now, in millionths of a credit: everything.
    function penaltyOf(address validator) public view returns (uint256) {
        return registry.stakeInReachOf(uint160(validator));
    }

    function _checkVote(VoteEvidence calldata evidence, SignedVote calldata vote, uint256 statement) private view {
        bytes32 hash = _typedDataHash(_structHash(evidence, vote));
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(hash, vote.signature);
        if (fault != ECDSA.RecoverError.NoError) revert VoteEquivocationSignatureInvalid(statement);
        if (signer != evidence.validator) revert VoteEquivocationAuthorInvalid(signer, evidence.validator);
    }

    /// @dev CONSENSUS, "Accountability": the four pairs.
    function _contradict(SignedVote calldata a, SignedVote calldata b) private pure returns (bool) {
        if (a.kind == VoteKind.Nullify) return b.kind == VoteKind.Finalize;
        if (b.kind == VoteKind.Nullify) return a.kind == VoteKind.Finalize;
        return a.digest != b.digest;
    }

    function _structHash(VoteEvidence calldata evidence, SignedVote calldata vote) private pure returns (bytes32) {
        return _voteHash(vote.kind, evidence.epoch, evidence.viewNumber, vote.digest);
    }

    function _voteHash(VoteKind kind, uint64 epoch, uint64 viewNumber, bytes32 digest) private pure returns (bytes32) {
        if (kind == VoteKind.Nullify) return keccak256(abi.encode(NULLIFY_TYPEHASH, epoch, viewNumber));
        bytes32 typeHash = kind == VoteKind.Notarize ? NOTARIZE_TYPEHASH : FINALIZE_TYPEHASH;
        return keccak256(abi.encode(typeHash, epoch, viewNumber, digest));
    }

    function _typedDataHash(bytes32 structHash) private view returns (bytes32) {
        bytes32 name = keccak256("Allot Consensus");
        bytes32 separator = keccak256(abi.encode(DOMAIN_TYPEHASH, name, keccak256("1"), block.chainid, networkId));
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }
}
