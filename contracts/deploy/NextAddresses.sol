// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @title Where its creator's next contracts will stand
/// @notice The rules know each other by immutables, so whoever deploys them must know every address before the first.
/// On an EVM where nothing is fixed beforehand, the creator deploys this contract first and the rules straight after it:
/// `addressAfter` tells each address, and `requireAddress` says at the end whether it came true.
contract NextAddresses {
    /// @notice Highest number of transactions that the creator may have made before.
    uint256 public constant NONCE_MAX = 5_000;

    /// @notice Who made this contract.
    address public immutable creator;
    /// @notice The creator's nonce when it did.
    uint256 public immutable nonce;

    /// @notice The creator has made more than `NONCE_MAX` transactions, or is a contract that uses CREATE2.
    error NextAddressesUnknownNonce(address creator);
    /// @notice The contract stands elsewhere: the creator made something else in between.
    error NextAddressesOutOfOrder(uint256 index, address expected, address actual);

    constructor() {
        creator = msg.sender;
        uint256 found = NONCE_MAX + 1;
        for (uint256 i = 0; i <= NONCE_MAX && found > NONCE_MAX; i++) {
            uint256 free;
            assembly ("memory-safe") {
                free := mload(0x40)
            }
            if (_createdAt(msg.sender, i) == address(this)) found = i;
            // What a try needed of memory is free again: thousands of them would cost too much.
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
        if (found > NONCE_MAX) revert NextAddressesUnknownNonce(msg.sender);
        nonce = found;
    }

    /// @notice Address of the contract that the creator makes with its `index`-th transaction after this, from 0.
    function addressAfter(uint256 index) public view returns (address) {
        return _createdAt(creator, nonce + 1 + index);
    }

    /// @notice Reverts unless a contract stands where `addressAfter` said.
    function requireAddress(uint256 index, address actual) external view returns (bool) {
        address expected = addressAfter(index);
        if (actual != expected) revert NextAddressesOutOfOrder(index, expected, actual);
        return true;
    }

    /// @dev The last 20 bytes of keccak256(rlp([creator, nonce])).
    function _createdAt(address by, uint256 creatorNonce) private pure returns (address) {
        bytes[] memory list = new bytes[](2);
        list[0] = RLP.encode(by);
        list[1] = RLP.encode(creatorNonce);
        return address(uint160(uint256(keccak256(RLP.encode(list)))));
    }
}
