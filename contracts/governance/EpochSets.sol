// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochSets} from "../interfaces/IEpochSets.sol";

/// @title Validator sets, by epoch
/// @notice An epoch is a fixed span of heights with one set, in ascending order of address: a validator's index in
/// consensus is its position there. Epoch e ends with the block of height (e + 1) × `epochLength`; with an epoch length of
/// 0 the first epoch lasts for ever, and changes are recorded for an epoch that has yet to begin.
/// @dev What validators read of the next set must not change any more once it is certified: a change in one of an
/// epoch's last blocks counts for the epoch after the next. A set is a further entry of `_sets` only where it differs from
/// the one before.
abstract contract EpochSets is IEpochSets {
    /// @notice Most validators in a set.
    uint256 public constant VALIDATORS_MAX = 100;
    /// @notice How many blocks before the end of an epoch the next set is fixed.
    uint256 public constant FIXED_BLOCKS = 2;

    /// @inheritdoc IEpochSets
    uint64 public immutable epochLength;

    mapping(uint64 epoch => address[]) private _sets;
    /// @dev Epochs with an entry in `_sets`, ascending; the first is 0.
    uint64[] private _changedEpochs;

    /// @notice The set would be empty or larger than `VALIDATORS_MAX`.
    error ValidatorRegistryInvalidSize(uint256 size);
    /// @notice Addresses must be ascending and distinct, and not zero.
    error ValidatorRegistryUnordered(address account);
    /// @notice An epoch must be longer than the blocks before its end in which the next set is fixed.
    error ValidatorRegistryEpochTooShort(uint256 epochLength);

    constructor(uint64 epochLength_) {
        if (epochLength_ != 0 && epochLength_ <= FIXED_BLOCKS) revert ValidatorRegistryEpochTooShort(epochLength_);
        epochLength = epochLength_;
    }

    /// @inheritdoc IEpochSets
    function currentEpoch() public view returns (uint64) {
        if (epochLength == 0 || block.number == 0) return 0;
        return uint64((block.number - 1) / epochLength);
    }

    /// @inheritdoc IEpochSets
    function changeEpoch() public view returns (uint64) {
        uint64 next = currentEpoch() + 1;
        if (epochLength == 0) return next;
        uint256 boundary = uint256(next) * epochLength;
        return block.number + FIXED_BLOCKS <= boundary ? next : next + 1;
    }

    /// @inheritdoc IEpochSets
    function validatorSet(uint64 epoch) external view returns (address[] memory) {
        return _setOf(epoch);
    }

    /// @dev The set of an epoch: the last that was recorded for it or for an epoch before.
    function _setOf(uint64 epoch) internal view returns (address[] storage) {
        uint256 low = 0;
        uint256 high = _changedEpochs.length - 1;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (_changedEpochs[middle] <= epoch) low = middle;
            else high = middle - 1;
        }
        return _sets[_changedEpochs[low]];
    }

    /// @dev The newest set: that of `changeEpoch()`, before any change in this block.
    function _newestSet() internal view returns (address[] storage) {
        return _sets[_changedEpochs[_changedEpochs.length - 1]];
    }

    /// @dev Records the set of epoch 0, in ascending order.
    function _foundSet(address[] memory accounts) internal {
        uint256 size = accounts.length;
        if (size == 0 || size > VALIDATORS_MAX) revert ValidatorRegistryInvalidSize(size);
        address previous = address(0);
        for (uint256 i = 0; i < size; i++) {
            if (accounts[i] <= previous) revert ValidatorRegistryUnordered(accounts[i]);
            previous = accounts[i];
        }
        _sets[0] = accounts;
        _changedEpochs.push(0);
        emit ValidatorSetChanged(0, accounts);
    }

    /// @dev Replaces validators in the set of `changeEpoch()`; zero for `leaving` or `joining` stands for nobody.
    /// @param leaving A validator of the newest set.
    /// @param joining An account that is not in it.
    function _changeSet(address leaving, address joining) internal returns (uint64 epoch) {
        epoch = changeEpoch();
        address[] memory before = _newestSet();
        uint256 size = before.length;
        if (leaving != address(0)) size--;
        if (joining != address(0)) size++;
        if (size == 0 || size > VALIDATORS_MAX) revert ValidatorRegistryInvalidSize(size);
        address[] memory changed = new address[](size);
        uint256 to = 0;
        for (uint256 i = 0; i < before.length; i++) {
            if (joining != address(0) && joining < before[i]) {
                changed[to++] = joining;
                joining = address(0);
            }
            if (before[i] != leaving) changed[to++] = before[i];
        }
        if (joining != address(0)) changed[to] = joining;
        if (_changedEpochs[_changedEpochs.length - 1] != epoch) _changedEpochs.push(epoch);
        _sets[epoch] = changed;
        emit ValidatorSetChanged(epoch, changed);
    }
}
