// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {ISlashingModule} from "../interfaces/ISlashingModule.sol";

/// @title What slashing modules share
/// @notice Whoever the offender is (agent, attester, validator): a fault is keccak256(abi.encode(kind, offender, subject))
/// and is punished once. What is shown is judged against this module's own list of contracts, never against one that
/// whoever shows it names.
abstract contract SlashingModule is ISlashingModule, Governed {
    /// @dev Ten-thousandths in a whole.
    uint256 internal constant BPS = 10_000;

    /// @notice Who belongs to which organisation.
    IPermissions public immutable permissions;
    /// @notice The rules' numbers.
    IParameters public immutable parameters;

    mapping(address source => bool) private _sources;

    /// @notice Statements made to this contract do not count here.
    error EvidenceSourceUnknown(address source);
    /// @notice The source has no code, or is on the list already.
    error EvidenceSourceInvalid(address source);

    /// @param permissions_ Who belongs to which organisation.
    /// @param parameters_ The rules' numbers.
    /// @param sources Contracts whose statements count; none where statements name no contract.
    constructor(IPermissions permissions_, IParameters parameters_, address[] memory sources) {
        permissions = permissions_;
        parameters = parameters_;
        for (uint256 i = 0; i < sources.length; i++) _addSource(sources[i]);
    }

    /// @inheritdoc ISlashingModule
    function addSource(address source) external onlyGovernor {
        if (source.code.length == 0) revert EvidenceSourceInvalid(source);
        _addSource(source);
    }

    /// @inheritdoc ISlashingModule
    function isSource(address source) public view returns (bool) {
        return _sources[source];
    }

    /// @notice Reporter's share of what is taken for a fault that is punished now, in ten-thousandths.
    function rewardShareBps() public view returns (uint256) {
        return parameters.get(IParameters.Parameter.RewardShare);
    }

    /// @dev One fault per kind, offender and subject, in whatever form it is shown.
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
