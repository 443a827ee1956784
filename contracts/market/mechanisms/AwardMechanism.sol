// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAwardMechanism} from "../../interfaces/IAwardMechanism.sol";
import {MemoryWords} from "../MemoryWords.sol";

/// @title What the four normative award rules of ERC-8469 share
/// @notice Ranking of bids by price and then by commit order, and ERC-165.
abstract contract AwardMechanism is IAwardMechanism, ERC165 {
    using MemoryWords for uint256[];

    /// @dev A key is `amount << INDEX_BITS | index`: keys are distinct, and ordering them orders bids by price, ties in
    /// favour of the earlier one.
    uint256 private constant INDEX_BITS = 10;
    uint256 private constant INDEX_MASK = (1 << INDEX_BITS) - 1;

    /// @notice The reserve is 0, or too large to rank bids under it (2^246 or more).
    error MechanismReserveInvalid(uint256 reserve);
    /// @notice The rule does not award this number of units.
    error MechanismUnitsInvalid(uint256 units);
    /// @notice More bids than can be ranked (2^10).
    error MechanismTooManyBids(uint256 count);

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAwardMechanism).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Arguments are checked before the bids are looked at, so that an opening's dry run finds every wrong one.
    function _checkTerms(uint256 reserve, uint256 units) internal pure {
        if (reserve == 0 || reserve >> (256 - INDEX_BITS) != 0) revert MechanismReserveInvalid(reserve);
        if (units == 0) revert MechanismUnitsInvalid(units);
    }

    /// @dev The keys of the `count` lowest bids at or below the reserve, ascending; fewer if there are fewer. A binary
    /// heap in memory: linear to build, log n per key taken, whatever the order in which the bids come.
    function _lowest(Bid[] calldata bids, uint256 reserve, uint256 count) internal pure returns (uint256[] memory keys) {
        uint256 n = bids.length;
        if (n > INDEX_MASK + 1) revert MechanismTooManyBids(n);
        // One place more than keys, for what stands behind the last one.
        uint256[] memory heap = new uint256[](n + 1);
        uint256 size;
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                uint256 amount = bids[i].amount;
                if (amount <= reserve) heap.put(size++, (amount << INDEX_BITS) | i);
            }
            heap.put(size, type(uint256).max);
            for (uint256 place = size / 2; place > 0; place--) _sift(heap, place, heap.get(place - 1), size);
            if (count > size) count = size;
            keys = new uint256[](count);
            for (uint256 i = 0; i < count; i++) {
                keys.put(i, heap.get(0));
                uint256 last = heap.get(--size);
                heap.put(size, type(uint256).max);
                _sift(heap, 1, last, size);
            }
        }
    }

    function _amountOf(uint256 key) internal pure returns (uint256) {
        return key >> INDEX_BITS;
    }

    function _indexOf(uint256 key) internal pure returns (uint256) {
        return key & INDEX_MASK;
    }

    /// @dev Puts a key into the heap's empty place, or below it. Places count from 1, so that the children of p are 2p and
    /// 2p + 1; the place behind the last one holds the largest number, so that whoever has a left child has a right one.
    function _sift(uint256[] memory heap, uint256 place, uint256 key, uint256 size) private pure {
        // By hand: this is where a ranking spends its gas. A place is its distance from the array's length in bytes.
        assembly ("memory-safe") {
            let last := shl(5, size)
            place := shl(5, place)
            for { let child := shl(1, place) } iszero(gt(child, last)) { child := shl(1, place) } {
                let least := mload(add(heap, child))
                let right := mload(add(heap, add(child, 32)))
                if lt(right, least) {
                    least := right
                    child := add(child, 32)
                }
                if gt(least, key) { break }
                mstore(add(heap, place), least)
                place := child
            }
            mstore(add(heap, place), key)
        }
    }
}
