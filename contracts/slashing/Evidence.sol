// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";

/// @title What slashing modules share
/// @notice Whoever the offender is (agent, attester, validator): a fault is keccak256(abi.encode(kind, offender, subject))
/// and is punished once. Evidence is judged against this module's own list of contracts, never against one that the
/// evidence names. Anyone may show it; a reward needs a commitment made in an earlier block, so that showing evidence
/// does not hand the reward to whoever copies it.
abstract contract Evidence is IEvidence, Governed {
    /// @dev Ten-thousandths in a whole.
    uint256 internal constant BPS = 10_000;

    /// @notice The contract that holds the offenders' stake.
    IStakeRegister public immutable register;
    /// @notice Who belongs to which organisation.
    IPermissions public immutable permissions;
    /// @notice The rules' numbers.
    IParameters public immutable parameters;

    mapping(address source => bool) private _sources;
    mapping(address reporter => mapping(bytes32 commitment => uint256 blockNumber)) private _committedAt;
    mapping(bytes32 faultId => uint256 blockNumber) private _punishedAt;

    /// @notice Statements made to this contract do not count here.
    error EvidenceSourceUnknown(address source);
    /// @notice The source has no code, or is on the list already.
    error EvidenceSourceInvalid(address source);
    /// @notice The fault has been punished, and no commitment of the caller is older than that.
    error EvidenceFaultPunished(bytes32 faultId);
    /// @notice The caller has not committed to this evidence in an earlier block.
    error EvidenceNotCommitted(bytes32 commitment);
    /// @notice The caller has made this commitment already.
    error EvidenceAlreadyCommitted(bytes32 commitment);
    /// @notice The reporter is a stranger, or belongs to the offender's organisation.
    error EvidenceReporterRefused(address reporter);

    /// @param register_ Holds the offenders' stake, and has this contract on its list of slashing modules.
    /// @param permissions_ Who belongs to which organisation.
    /// @param parameters_ The rules' numbers.
    /// @param sources Contracts whose statements count; none where statements name no contract.
    constructor(
        IStakeRegister register_,
        IPermissions permissions_,
        IParameters parameters_,
        address[] memory sources
    ) {
        register = register_;
        permissions = permissions_;
        parameters = parameters_;
        for (uint256 i = 0; i < sources.length; i++) _addSource(sources[i]);
    }

    /// @inheritdoc IEvidence
    function commitEvidence(bytes32 commitment) external {
        if (_committedAt[msg.sender][commitment] != 0) revert EvidenceAlreadyCommitted(commitment);
        _committedAt[msg.sender][commitment] = block.number;
        emit EvidenceCommitted(msg.sender, commitment);
    }

    /// @inheritdoc IEvidence
    function addSource(address source) external onlyGovernor {
        if (source.code.length == 0) revert EvidenceSourceInvalid(source);
        _addSource(source);
    }

    /// @inheritdoc IEvidence
    function evidenceCommittedAt(address reporter, bytes32 commitment) external view returns (uint256) {
        return _committedAt[reporter][commitment];
    }

    /// @inheritdoc IEvidence
    function isSource(address source) public view returns (bool) {
        return _sources[source];
    }

    /// @notice Reporter's share of what is taken for a fault that is punished now, in ten-thousandths.
    function rewardShareBps() public view returns (uint256) {
        return parameters.get(IParameters.Parameter.RewardShare);
    }

    /// @dev Punishes a fault whose evidence has been checked.
    /// @param offender As the register names it: an agentId, or an address as a number.
    /// @param penalty In millionths of a credit; the register takes at most what is there.
    function _punish(bytes32 faultId, uint256 offender, bytes32 subject, uint256 penalty)
        internal
        returns (uint64 taken)
    {
        if (_punishedAt[faultId] != 0) revert EvidenceFaultPunished(faultId);
        _punishedAt[faultId] = block.number;
        taken = register.slash(faultId, offender, penalty, rewardShareBps(), true);
        emit FaultPunished(faultId, offender, subject, taken);
    }

    /// @dev Rewards the caller for evidence that has been checked, punishing first if nobody has. A caller whose
    /// commitment is older than the punishment gets the reward even if another showed the evidence before.
    function _punishAndReward(
        bytes32 faultId,
        uint256 offender,
        bytes32 subject,
        uint256 penalty,
        bytes32 commitment
    ) internal {
        uint32 organisation = permissions.organisationOf(msg.sender);
        if (organisation == 0 || organisation == register.organisationOfOffender(offender)) {
            revert EvidenceReporterRefused(msg.sender);
        }
        uint256 committedAt = _committedAt[msg.sender][commitment];
        if (committedAt == 0 || committedAt >= block.number) revert EvidenceNotCommitted(commitment);
        uint256 punishedAt = _punishedAt[faultId];
        if (punishedAt == 0) {
            uint256 taken = _punish(faultId, offender, subject, penalty);
            // An offender without stake is suspended all the same; there is nothing to share.
            if (taken * rewardShareBps() < BPS) return;
        } else if (committedAt >= punishedAt) {
            revert EvidenceFaultPunished(faultId);
        }
        uint64 amount = register.payReward(faultId, msg.sender);
        emit FaultRewarded(faultId, msg.sender, amount);
    }

    /// @dev One fault per kind, offender and subject, in whatever form its evidence is shown.
    function _faultIdOf(bytes32 kind, uint256 offender, bytes32 subject) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, offender, subject));
    }

    function _requireSource(address source) internal view {
        if (!_sources[source]) revert EvidenceSourceUnknown(source);
    }

    function _addSource(address source) private {
        if (source == address(0) || _sources[source]) revert EvidenceSourceInvalid(source);
        _sources[source] = true;
        emit SourceAdded(source);
    }
}
