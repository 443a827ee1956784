// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEvidence} from "../interfaces/IEvidence.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {SlashingModule} from "./SlashingModule.sol";

/// @title What the modules share whose faults two statements prove
/// @notice Anyone may show evidence; a reward needs a commitment made in an earlier block, so that showing evidence does
/// not hand the reward to whoever copies it.
abstract contract Evidence is IEvidence, SlashingModule {
    /// @notice The contract that holds the offenders' stake.
    IStakeRegister public immutable register;

    mapping(address reporter => mapping(bytes32 commitment => uint256 blockNumber)) private _committedAt;
    mapping(bytes32 faultId => uint256 blockNumber) private _punishedAt;

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
    ) SlashingModule(permissions_, parameters_, sources) {
        register = register_;
    }

    /// @inheritdoc IEvidence
    function commitEvidence(bytes32 commitment) external {
        if (_committedAt[msg.sender][commitment] != 0) revert EvidenceAlreadyCommitted(commitment);
        _committedAt[msg.sender][commitment] = block.number;
        emit EvidenceCommitted(msg.sender, commitment);
    }

    /// @inheritdoc IEvidence
    function evidenceCommittedAt(address reporter, bytes32 commitment) external view returns (uint256) {
        return _committedAt[reporter][commitment];
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
}
