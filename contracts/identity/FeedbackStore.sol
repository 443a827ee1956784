// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Filter} from "./Filter.sol";

/// @title Feedback as it is kept, and how much of it one call reads
/// @notice Feedback is never deleted: revoking marks it.
abstract contract FeedbackStore {
    struct Feedback {
        int128 value;
        uint8 valueDecimals;
        bool isRevoked;
        string tag1;
        string tag2;
    }

    struct Selection {
        uint256 agentId;
        bytes32 tag1;
        bytes32 tag2;
        bool includeRevoked;
    }

    bytes32 internal constant NO_TAG = keccak256("");
    uint256 private constant ENTRIES_READ_MAX = 4_096;

    mapping(uint256 agentId => mapping(address client => Feedback[])) internal _feedback;
    mapping(uint256 agentId => address[]) internal _clients;

    /// @notice The client gave the agent no feedback with this index.
    error ReputationFeedbackUnknown(uint256 agentId, address client, uint64 feedbackIndex);
    /// @notice More entries than one call reads.
    error ReputationReadTooLong(uint256 entriesMax);

    function _askedClients(uint256 agentId, address[] calldata given)
        internal
        view
        returns (address[] memory clients)
    {
        if (given.length == 0) {
            if (_clients[agentId].length > ENTRIES_READ_MAX) revert ReputationReadTooLong(ENTRIES_READ_MAX);
            return _clients[agentId];
        }
        clients = new address[](given.length);
        address highest = address(0);
        uint256 count = 0;
        for (uint256 i = 0; i < given.length; i++) {
            if (Filter.isRepeated(given, i, highest)) continue;
            if (given[i] > highest) highest = given[i];
            clients[count++] = given[i];
        }
        assembly ("memory-safe") {
            mstore(clients, count)
        }
    }

    /// @dev Which feedback of which clients is asked for.
    function _select(Selection memory selection, address[] memory asked)
        internal
        view
        returns (address[] memory clients, uint64[] memory indexes)
    {
        uint256 entries = 0;
        for (uint256 i = 0; i < asked.length; i++) entries += _feedback[selection.agentId][asked[i]].length;
        if (entries > ENTRIES_READ_MAX) revert ReputationReadTooLong(ENTRIES_READ_MAX);
        clients = new address[](entries);
        indexes = new uint64[](entries);
        uint256 count = 0;
        for (uint256 i = 0; i < asked.length; i++) {
            Feedback[] storage given = _feedback[selection.agentId][asked[i]];
            for (uint256 j = 0; j < given.length; j++) {
                if (!_isSelected(selection, given[j])) continue;
                clients[count] = asked[i];
                indexes[count++] = uint64(j + 1);
            }
        }
        assembly ("memory-safe") {
            mstore(clients, count)
            mstore(indexes, count)
        }
    }

    function _isSelected(Selection memory selection, Feedback storage feedback) private view returns (bool) {
        if (feedback.isRevoked && !selection.includeRevoked) return false;
        if (selection.tag1 != NO_TAG && selection.tag1 != keccak256(bytes(feedback.tag1))) return false;
        return selection.tag2 == NO_TAG || selection.tag2 == keccak256(bytes(feedback.tag2));
    }

    function _existing(uint256 agentId, address client, uint64 feedbackIndex)
        internal
        view
        returns (Feedback storage)
    {
        Feedback[] storage given = _feedback[agentId][client];
        if (feedbackIndex == 0 || feedbackIndex > given.length) {
            revert ReputationFeedbackUnknown(agentId, client, feedbackIndex);
        }
        return given[feedbackIndex - 1];
    }
}
