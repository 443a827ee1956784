// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {MarketDomain} from "../market/MarketDomain.sol";
import {KeyWord, KeyWords} from "./KeyWord.sol";

/// @title The bid keys of agents
/// @notice A bid key is an account that proved possession by signature. It belongs to one agent for ever, whatever
/// becomes of it. Rotating a key affects only tenders opened later; revoking it stops its new bids at once.
abstract contract BidKeys is IAgentLedger, MarketDomain {
    struct KeyRing {
        address current;
        bool hadKey;
        uint64 nonce;
    }

    bytes32 private constant BID_KEY_TYPEHASH =
        keccak256("BidKey(uint256 agentId,address owner,uint256 nonce,uint256 deadline)");

    mapping(address key => KeyWord) private _keys;
    mapping(uint256 agentId => KeyRing) private _rings;

    /// @notice The address never was a bid key.
    error LedgerKeyUnknown(address key);
    /// @notice The key has been revoked, or its agent has changed hands.
    error LedgerKeyRevoked(address key);
    /// @notice Neither was the key active when the tender opened, nor is it the agent's first, set later.
    error LedgerKeyNotForTender(address key, uint256 openedAt);
    /// @notice The address has been a bid key before, of whatever agent.
    error LedgerKeyUsed(address key);
    /// @notice A bid key must be an account without code.
    error LedgerKeyHasCode(address key);
    /// @notice The key is a member of another organisation than its agent's.
    error LedgerKeyOfOtherOrganisation(address key, uint32 organisation);
    /// @notice The proof of possession is too old.
    error LedgerProofExpired(uint256 deadline);
    /// @notice The proof of possession is not the key's over this agent, owner, nonce and deadline.
    error LedgerProofInvalid(address key);

    /// @inheritdoc IAgentLedger
    function keyOf(address key) external view returns (KeyView memory) {
        KeyWord k = _known(key);
        return KeyView({
            agentId: k.agentId(),
            from: uint64(k.from()),
            to: uint64(k.to()),
            generation: uint16(k.generation()),
            first: k.first(),
            revoked: k.revoked()
        });
    }

    /// @inheritdoc IAgentLedger
    function agentIdOf(address key) public view returns (uint256) {
        return _known(key).agentId();
    }

    /// @inheritdoc IAgentLedger
    function bidKeyOf(uint256 agentId) external view returns (address) {
        return _rings[agentId].current;
    }

    /// @inheritdoc IAgentLedger
    function keyNonceOf(uint256 agentId) external view returns (uint256) {
        return _rings[agentId].nonce;
    }

    /// @inheritdoc IAgentLedger
    function isKeyFor(address key, uint256 openedAt) external view returns (bool) {
        return _known(key).serves(openedAt);
    }

    /// @dev The key's record, if it may bid in a tender that opened then.
    function _serving(address key, uint256 openedAt) internal view returns (KeyWord k) {
        k = _known(key);
        if (k.revoked()) revert LedgerKeyRevoked(key);
        if (!k.serves(openedAt)) revert LedgerKeyNotForTender(key, openedAt);
    }

    function _known(address key) internal view returns (KeyWord k) {
        k = _keys[key];
        if (k.isNone()) revert LedgerKeyUnknown(key);
    }

    /// @dev Checks the proof and makes `key` the agent's; the present key ends.
    function _setKey(
        uint256 agentId,
        uint256 generation,
        address owner,
        address key,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        if (!_keys[key].isNone()) revert LedgerKeyUsed(key);
        if (key.code.length != 0) revert LedgerKeyHasCode(key);
        if (block.timestamp > deadline) revert LedgerProofExpired(deadline);
        KeyRing storage ring = _rings[agentId];
        bytes32 digest = _digestOf(keccak256(abi.encode(BID_KEY_TYPEHASH, agentId, owner, ring.nonce++, deadline)));
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        if (fault != ECDSA.RecoverError.NoError || signer != key) revert LedgerProofInvalid(key);
        _endCurrentKey(ring);
        // A change counts from the next second: what serves a tender already open goes on serving it, so that nobody
        // disowns a statement by rotating within the second in which the tender opened.
        uint256 from = ring.hadKey ? block.timestamp + 1 : block.timestamp;
        _keys[key] = KeyWords.begun(agentId, from, generation, !ring.hadKey);
        ring.current = key;
        ring.hadKey = true;
        emit BidKeySet(agentId, key);
    }

    function _revokeKey(address key, KeyWord k) internal {
        if (k.revoked()) revert LedgerKeyRevoked(key);
        _keys[key] = k.ended(block.timestamp + 1).asRevoked();
        KeyRing storage ring = _rings[k.agentId()];
        if (ring.current == key) ring.current = address(0);
        emit BidKeyRevoked(k.agentId(), key);
    }

    /// @dev The agent has changed hands: its key is not the new owner's.
    function _revokeCurrentKey(uint256 agentId) internal {
        address key = _rings[agentId].current;
        if (key != address(0)) _revokeKey(key, _keys[key]);
    }

    function _endCurrentKey(KeyRing storage ring) private {
        address key = ring.current;
        if (key != address(0)) _keys[key] = _keys[key].ended(block.timestamp + 1);
    }
}
