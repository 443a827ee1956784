// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What a commitment needs of its tender, in one word, from the low end: commitDeadline 40, commitWindow 24,
/// revealWindow 24, obligationTail 24 (all seconds), count 9, cap 9, minStake 50, lock 64, level 8, phase 4 bits. 0 for a
/// tender that does not exist.
type TenderWord is uint256;

using TenderWords for TenderWord global;

/// @title Reading and changing a tender's head
/// @notice A tender's head as one word.
library TenderWords {
    /// @dev Longest window or tail that fits, in seconds (194 days).
    uint256 internal constant WINDOW_MAX = type(uint24).max;
    /// @dev Level that says: the requirements stand in a list of their own.
    uint256 internal constant LEVEL_LIST = type(uint8).max;
    /// @dev Largest minimum stake that fits, in millionths of a credit: above the billion credits that are its bound.
    uint256 internal constant MIN_STAKE_MAX = (1 << 50) - 1;

    uint256 private constant MASK_9 = (1 << 9) - 1;
    uint256 private constant MASK_24 = type(uint24).max;
    uint256 private constant PHASE_SHIFT = 252;
    uint256 private constant ONE_BID = 1 << 112;

    struct Fields {
        uint256 commitDeadline;
        uint256 commitWindow;
        uint256 revealWindow;
        uint256 obligationTail;
        uint256 cap;
        uint256 minStake;
        uint256 lock;
        uint256 level;
        uint256 phase;
    }

    function pack(Fields memory f) internal pure returns (TenderWord) {
        uint256 times =
            f.commitDeadline | (f.commitWindow << 40) | (f.revealWindow << 64) | (f.obligationTail << 88);
        uint256 rules = (f.cap << 121) | (f.minStake << 130) | (f.lock << 180) | (f.level << 244);
        return TenderWord.wrap(times | rules | (f.phase << PHASE_SHIFT));
    }

    function isNone(TenderWord t) internal pure returns (bool) {
        return TenderWord.unwrap(t) == 0;
    }

    function commitDeadline(TenderWord t) internal pure returns (uint256) {
        return TenderWord.unwrap(t) & type(uint40).max;
    }

    function openedAt(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.commitDeadline() - ((TenderWord.unwrap(t) >> 40) & MASK_24);
        }
    }

    function revealDeadline(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.commitDeadline() + ((TenderWord.unwrap(t) >> 64) & MASK_24);
        }
    }

    function obligationUntil(TenderWord t) internal pure returns (uint256) {
        unchecked {
            return t.revealDeadline() + ((TenderWord.unwrap(t) >> 88) & MASK_24);
        }
    }

    function count(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 112) & MASK_9;
    }

    function cap(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 121) & MASK_9;
    }

    /// @dev Least stake of a bidder: what was in force when the tender opened.
    function minStake(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 130) & MIN_STAKE_MAX;
    }

    function lock(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 180) & type(uint64).max;
    }

    function level(TenderWord t) internal pure returns (uint256) {
        return (TenderWord.unwrap(t) >> 244) & type(uint8).max;
    }

    function phase(TenderWord t) internal pure returns (uint256) {
        return TenderWord.unwrap(t) >> PHASE_SHIFT;
    }

    function addBid(TenderWord t) internal pure returns (TenderWord) {
        unchecked {
            return TenderWord.wrap(TenderWord.unwrap(t) + ONE_BID);
        }
    }

    function withPhase(TenderWord t, uint256 value) internal pure returns (TenderWord) {
        return TenderWord.wrap((TenderWord.unwrap(t) & ((1 << PHASE_SHIFT) - 1)) | (value << PHASE_SHIFT));
    }
}
