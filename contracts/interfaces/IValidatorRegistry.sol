// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBondedStake} from "./IBondedStake.sol";
import {IEpochSets} from "./IEpochSets.sol";

/// @title IValidatorRegistry
/// @notice Who validates in which epoch, and the stake behind each validator. The validator key signs votes and nothing
/// else: whoever owns the seat acts for it here, and is paid its stake. A key serves one span of epochs, once.
interface IValidatorRegistry is IBondedStake, IEpochSets {
    /// @notice How a validator is reached.
    /// @param peerKey secp256k1 public key of the peer key, 33 bytes compressed.
    /// @param addresses libp2p multiaddrs without the /p2p part.
    struct Contact {
        string name;
        bytes peerKey;
        string[] addresses;
    }

    /// @notice A validator as it is recorded.
    /// @param account Address of the validator key.
    /// @param organisation Organisation of the owner (Permissions).
    /// @param owner Account that acts for the seat and gets its stake.
    /// @param from First epoch in whose set it is.
    /// @param until First epoch after that in whose set it is no longer; 0 if it never joined, 2^64 − 1 while none is known.
    struct Validator {
        address account;
        uint32 organisation;
        address owner;
        string name;
        bytes peerKey;
        string[] addresses;
        uint64 from;
        uint64 until;
    }

    /// @notice A validator became known: it may have stake, and join.
    event ValidatorAdded(address indexed account, uint32 indexed organisation, address indexed owner, bytes peerKey);
    /// @notice A validator is in the sets from an epoch on.
    event ValidatorJoined(address indexed account, uint64 indexed epoch);
    /// @notice A validator is no longer in the sets from an epoch on.
    event ValidatorLeft(address indexed account, uint64 indexed epoch);
    /// @notice A validator's key was replaced by another of the same owner.
    event ValidatorKeyRotated(address indexed account, address indexed successor);
    /// @notice A validator is reached at other addresses.
    event ValidatorAddressesChanged(address indexed account, string[] addresses);
    /// @notice A barred validator stays in the set: removing it would pass the automatic limit. `evict` may do it in a later
    /// epoch, the operators at once.
    event ValidatorEvictionDeferred(address indexed account, uint64 indexed epoch);

    /// @notice Makes a validator known. Only by the operators.
    function admit(address account, address owner, Contact calldata contact) external;
    /// @notice Joins the next set that is not fixed yet, with the minimum stake behind it. Only by the owner.
    function join(address account) external;
    /// @notice Leaves the next set that is not fixed yet, unless fewer than four were left. Only by the owner.
    function exit(address account) external;
    /// @notice Gives the seat to a new key with a stake of its own, taken from the caller's credits; the old key's stake
    /// leaves as any other that has left the set. Only by the owner.
    function rotateKey(
        address account,
        address successor,
        bytes calldata peerKey,
        string[] calldata addresses,
        uint64 amount
    ) external;
    /// @notice Changes where a validator is reached. Only by the owner.
    function setAddresses(address account, string[] calldata addresses) external;
    /// @notice Removes a barred validator that the automatic limit kept in the set, within the limit of this epoch. Anyone
    /// may call it.
    function evict(address account) external;
    /// @notice Removes a validator without regard to the automatic limit, but never the last. Only by the operators.
    function remove(address account) external;
    /// @notice The validator at a position of an epoch's set.
    function validatorAt(uint64 epoch, uint256 index) external view returns (Validator memory);
    /// @notice What is known of a validator; `account` is zero for an unknown one.
    function validatorOf(address account) external view returns (Validator memory);
    /// @notice How many validators have ever been made known.
    function validatorCount() external view returns (uint256);
    /// @notice Validators in the order in which they were made known, the first set first: from a position, at most so many.
    function validators(uint256 from, uint256 count) external view returns (Validator[] memory);
    /// @notice Whether a validator is in an epoch's set.
    function isInSet(uint64 epoch, address account) external view returns (bool);
    /// @notice When a validator that had left the sets first asked for its stake; 0 before. Until then all of it stays.
    function retiredAt(address account) external view returns (uint64);
    /// @notice Most validators that are removed automatically per epoch: f of the present set.
    function evictionsMax() external view returns (uint256);
}
