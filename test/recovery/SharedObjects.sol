// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A register and a set that clients share
/// @notice What test/simulation/objects.ts says, on a real ledger: every call answers by an event, reads as well.
contract SharedObjects {
    /// @notice What a call was answered.
    /// @param value The register's value, 1 for a swap that took place, or the set's members as bits.
    event Answered(uint256 value);

    uint256 private _register;
    uint256 private _members;

    /// @notice Puts a value into the register.
    /// @param value The value.
    function write(uint256 value) external {
        _register = value;
        emit Answered(0);
    }

    /// @notice Reads the register, in the order of all calls.
    function read() external {
        emit Answered(_register);
    }

    /// @notice Puts a value where another stands.
    /// @param from What must stand there.
    /// @param to What is put there.
    function swap(uint256 from, uint256 to) external {
        bool swaps = _register == from;
        if (swaps) _register = to;
        emit Answered(swaps ? 1 : 0);
    }

    /// @notice Adds a member to the set.
    /// @param member The member, below 256.
    function add(uint8 member) external {
        _members |= uint256(1) << member;
        emit Answered(0);
    }

    /// @notice Reads the set's members, in the order of all calls.
    function members() external {
        emit Answered(_members);
    }
}
