// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAgentIdentity} from "../interfaces/IAgentIdentity.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {FeedbackStore} from "./FeedbackStore.sol";
import {Filter} from "./Filter.sol";

/// @title Agents' reputation (ERC-8004, 2026)
/// @notice Feedback belongs to the agentId, whoever owns it. As the text has it, and no more: anyone but the agent's
/// owner and operators may give it, so a summary is worth what the clients it is asked about are worth.
/// @dev Summaries and response counts are kept as totals when something is written: reading them costs by the length
/// of the lists given, never by how much has been written. `readAllFeedback` looks at 4,096 entries at most; beyond
/// that, `getLastIndex` and `readFeedback` read one by one.
contract ReputationRegistry is IReputationRegistry, FeedbackStore, ERC165 {
    struct Total {
        /// Sum of the values with 18 decimals: below 2^251 for 2^64 entries of 128 bits.
        int256 sum;
        uint64 count;
        /// Bit d is set when feedback with d decimals was ever given.
        uint32 decimalsSeen;
    }

    uint8 private constant DECIMALS_MAX = 18;

    IAgentIdentity private immutable _identity;

    mapping(bytes32 selection => Total) private _totals;
    mapping(bytes32 selection => uint64) private _responses;

    /// @notice The agent's owner and operators give it no feedback.
    error ReputationSelfFeedback(uint256 agentId, address client);
    /// @notice A value has 18 decimals at most.
    error ReputationDecimalsTooMany(uint8 valueDecimals);
    /// @notice The feedback has been revoked already.
    error ReputationFeedbackRevoked(uint256 agentId, address client, uint64 feedbackIndex);
    /// @notice A summary is of given clients.
    error ReputationClientsMissing();

    /// @param identity_ The identity registry.
    constructor(IAgentIdentity identity_) {
        _identity = identity_;
    }

    /// @inheritdoc IReputationRegistry
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external {
        if (valueDecimals > DECIMALS_MAX) revert ReputationDecimalsTooMany(valueDecimals);
        // Reverts for an agent that does not exist.
        if (_identity.isAuthorizedOrOwner(msg.sender, agentId)) revert ReputationSelfFeedback(agentId, msg.sender);
        Feedback[] storage given = _feedback[agentId][msg.sender];
        if (given.length == 0) _clients[agentId].push(msg.sender);
        given.push(Feedback(value, valueDecimals, false, tag1, tag2));
        _count(agentId, given[given.length - 1], true);
        emit NewFeedback(
            agentId,
            msg.sender,
            uint64(given.length),
            value,
            valueDecimals,
            tag1,
            tag1,
            tag2,
            endpoint,
            feedbackURI,
            feedbackHash
        );
    }

    /// @inheritdoc IReputationRegistry
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external {
        Feedback storage feedback = _existing(agentId, msg.sender, feedbackIndex);
        if (feedback.isRevoked) revert ReputationFeedbackRevoked(agentId, msg.sender, feedbackIndex);
        feedback.isRevoked = true;
        _count(agentId, feedback, false);
        emit FeedbackRevoked(agentId, msg.sender, feedbackIndex);
    }

    /// @inheritdoc IReputationRegistry
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external {
        _existing(agentId, clientAddress, feedbackIndex);
        // Each bit leaves one of client, index and responder open.
        for (uint256 open = 0; open < 8; open++) {
            bytes32 key = _responseKey(
                agentId,
                open & 1 == 0 ? clientAddress : address(0),
                open & 2 == 0 ? feedbackIndex : 0,
                open & 4 == 0 ? msg.sender : address(0)
            );
            _responses[key]++;
        }
        emit ResponseAppended(agentId, clientAddress, feedbackIndex, msg.sender, responseURI, responseHash);
    }

    /// @inheritdoc IReputationRegistry
    /// @dev The text leaves the summary open; as in the registries in use it is the average, rounded towards zero. It
    /// has as many decimals as the finest feedback counted, or fewer where 128 bits do not hold it.
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals) {
        if (clientAddresses.length == 0) revert ReputationClientsMissing();
        bytes32 hash1 = keccak256(bytes(tag1));
        bytes32 hash2 = keccak256(bytes(tag2));
        int256 sum = 0;
        uint32 seen = 0;
        address highest = address(0);
        for (uint256 i = 0; i < clientAddresses.length; i++) {
            address client = clientAddresses[i];
            if (Filter.isRepeated(clientAddresses, i, highest)) continue;
            if (client > highest) highest = client;
            Total storage total = _totals[_totalKey(agentId, client, hash1, hash2)];
            if (total.count == 0) continue;
            sum += total.sum;
            count += total.count;
            seen |= total.decimalsSeen;
        }
        if (count > 0) (summaryValue, summaryValueDecimals) = _fitted(sum / int256(uint256(count)), seen);
    }

    /// @inheritdoc IReputationRegistry
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        )
    {
        Selection memory selection =
            Selection(agentId, keccak256(bytes(tag1)), keccak256(bytes(tag2)), includeRevoked);
        (clients, feedbackIndexes) = _select(selection, _askedClients(agentId, clientAddresses));
        uint256 length = clients.length;
        values = new int128[](length);
        valueDecimals = new uint8[](length);
        tag1s = new string[](length);
        tag2s = new string[](length);
        revokedStatuses = new bool[](length);
        for (uint256 i = 0; i < length; i++) {
            Feedback storage feedback = _feedback[agentId][clients[i]][feedbackIndexes[i] - 1];
            values[i] = feedback.value;
            valueDecimals[i] = feedback.valueDecimals;
            tag1s[i] = feedback.tag1;
            tag2s[i] = feedback.tag2;
            revokedStatuses[i] = feedback.isRevoked;
        }
    }

    /// @inheritdoc IReputationRegistry
    function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex)
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked)
    {
        Feedback storage feedback = _existing(agentId, clientAddress, feedbackIndex);
        return (feedback.value, feedback.valueDecimals, feedback.tag1, feedback.tag2, feedback.isRevoked);
    }

    /// @inheritdoc IReputationRegistry
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count) {
        if (responders.length == 0) return _responses[_responseKey(agentId, clientAddress, feedbackIndex, address(0))];
        address highest = address(0);
        for (uint256 i = 0; i < responders.length; i++) {
            address responder = responders[i];
            if (responder == address(0) || Filter.isRepeated(responders, i, highest)) continue;
            if (responder > highest) highest = responder;
            count += _responses[_responseKey(agentId, clientAddress, feedbackIndex, responder)];
        }
    }

    /// @inheritdoc IReputationRegistry
    function getClients(uint256 agentId) external view returns (address[] memory) {
        return _clients[agentId];
    }

    /// @inheritdoc IReputationRegistry
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64) {
        return uint64(_feedback[agentId][clientAddress].length);
    }

    /// @inheritdoc IReputationRegistry
    function getIdentityRegistry() external view returns (address identityRegistry) {
        return address(_identity);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IReputationRegistry).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Adds the caller's feedback to, or takes it from, each total that counts it: with and without each tag.
    function _count(uint256 agentId, Feedback storage feedback, bool added) private {
        bytes32 hash1 = keccak256(bytes(feedback.tag1));
        bytes32 hash2 = keccak256(bytes(feedback.tag2));
        uint8 decimals = feedback.valueDecimals;
        int256 value = int256(feedback.value) * int256(10 ** uint256(DECIMALS_MAX - decimals));
        for (uint256 open = 0; open < 4; open++) {
            bool open1 = open & 1 != 0;
            bool open2 = open & 2 != 0;
            if ((open1 && hash1 == NO_TAG) || (open2 && hash2 == NO_TAG)) continue;
            bytes32 key = _totalKey(agentId, msg.sender, open1 ? NO_TAG : hash1, open2 ? NO_TAG : hash2);
            Total storage total = _totals[key];
            total.sum = added ? total.sum + value : total.sum - value;
            total.count = added ? total.count + 1 : total.count - 1;
            total.decimalsSeen |= uint32(1) << decimals;
        }
    }

    /// @dev An average of 18 decimals with as many decimals as the finest seen, if 128 bits hold it.
    function _fitted(int256 average, uint32 seen) private pure returns (int128 value, uint8 decimals) {
        decimals = DECIMALS_MAX;
        while (decimals > 0 && seen >> decimals == 0) decimals--;
        int256 scaled = average / int256(10 ** uint256(DECIMALS_MAX - decimals));
        while (scaled > type(int128).max || scaled < type(int128).min) {
            scaled /= 10;
            decimals--;
        }
        value = int128(scaled);
    }

    function _totalKey(uint256 agentId, address client, bytes32 tag1, bytes32 tag2) private pure returns (bytes32) {
        return keccak256(abi.encode(agentId, client, tag1, tag2));
    }

    function _responseKey(uint256 agentId, address client, uint64 feedbackIndex, address responder)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(agentId, client, feedbackIndex, responder));
    }
}
