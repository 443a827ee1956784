// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IEpochSets
/// @notice Which validators decide in which epoch.
interface IEpochSets {
    /// @notice The validator set from an epoch on, in ascending order of address.
    event ValidatorSetChanged(uint64 indexed epoch, address[] accounts);

    /// @notice Blocks in an epoch; 0 for one epoch that lasts for ever.
    function epochLength() external view returns (uint64);
    /// @notice The epoch of the present block.
    function currentEpoch() external view returns (uint64);
    /// @notice The first epoch whose set a change in the present block would change.
    function changeEpoch() external view returns (uint64);
    /// @notice Addresses of an epoch's set, in ascending order; of an epoch to come, as far as it is known.
    function validatorSet(uint64 epoch) external view returns (address[] memory);
}
