// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAwardMechanism} from "../interfaces/IAwardMechanism.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {Word} from "./Word.sol";

/// @title The award of a tender as it is stored
/// @notice Winners as positions in commit order, one byte each, in the order of the award; the bidder and its amount stand
/// in the bid of that position. Prices are stored only where they do not follow from one price or from the bids.
/// @dev Word 0, from the low end: price 96, number of awards 16, form of the prices 8 bits, the first 17 positions. Further
/// positions: 32 in each of the words from 1 on. Prices of their own, 64 bits (no reserve is larger): 4 in each of the
/// words from `PRICES` on.
library AwardRecord {
    using MemoryWords for uint256[];

    /// @dev All winners get the price of word 0.
    uint256 private constant ONE_PRICE = 0;
    /// @dev Each winner gets what it asked.
    uint256 private constant OWN_BIDS = 1;
    /// @dev Each winner gets a price of its own.
    uint256 private constant OWN_PRICES = 2;

    uint256 private constant COUNT_SHIFT = 96;
    uint256 private constant FORM_SHIFT = 112;
    uint256 private constant POSITIONS_SHIFT = 120;
    uint256 private constant POSITIONS_FIRST = 17;
    uint256 private constant POSITIONS_PER_WORD = 32;
    uint256 private constant PRICES = 256;

    /// @notice Stores an award that has been checked.
    /// @param words Where, all 0 so far.
    /// @param bids Bids in commit order: amount 96, bidder 160 bits.
    /// @param positions Position in `bids` of each award's winner.
    function write(
        mapping(uint256 index => uint256) storage words,
        uint256[] memory bids,
        IAwardMechanism.Award[] memory awards,
        uint256[] memory positions
    ) internal {
        uint256 price = awards[0].price;
        bool one = true;
        bool own = true;
        uint256 word;
        uint256 first;
        uint256 shift = POSITIONS_SHIFT;
        uint256 index;
        for (uint256 i = 0; i < positions.length; i++) {
            uint256 position = positions.get(i);
            uint256 paid = awards[i].price;
            if (paid != price) one = false;
            if (paid != bids.get(position) >> 160) own = false;
            if (shift == 256) {
                // Word 0 is not complete before the form is known.
                if (index == 0) first = word;
                else words[index] = word;
                (word, shift) = (0, 0);
                unchecked {
                    index++;
                }
            }
            word |= position << shift;
            unchecked {
                shift += 8;
            }
        }
        if (index == 0) first = word;
        else words[index] = word;
        if (!one) price = 0;
        uint256 form = one ? ONE_PRICE : own ? OWN_BIDS : OWN_PRICES;
        words[0] = first | (form << FORM_SHIFT) | (awards.length << COUNT_SHIFT) | price;
        if (form != OWN_PRICES) return;
        for (uint256 i = 0; i < awards.length; i++) words[PRICES + (i >> 2)] |= awards[i].price << ((i & 3) << 6);
    }

    /// @notice Reads an award; empty when there is none.
    /// @param bids The tender's bids by position, as in `write`.
    function read(
        mapping(uint256 index => uint256) storage words,
        Word[256] storage bids
    ) internal view returns (IAwardMechanism.Award[] memory awards) {
        uint256 first = words[0];
        uint256 form = (first >> FORM_SHIFT) & type(uint8).max;
        awards = new IAwardMechanism.Award[]((first >> COUNT_SHIFT) & type(uint16).max);
        uint256 positions = first >> POSITIONS_SHIFT;
        uint256 left = POSITIONS_FIRST;
        uint256 index;
        for (uint256 i = 0; i < awards.length; i++) {
            if (left == 0) (positions, left) = (words[++index], POSITIONS_PER_WORD);
            left--;
            uint256 bid = bids[positions & type(uint8).max].value;
            positions >>= 8;
            awards[i].winner = address(uint160(bid));
            if (form == ONE_PRICE) awards[i].price = uint96(first);
            else if (form == OWN_BIDS) awards[i].price = bid >> 160;
            else awards[i].price = uint64(words[PRICES + (i >> 2)] >> ((i & 3) << 6));
        }
    }
}
