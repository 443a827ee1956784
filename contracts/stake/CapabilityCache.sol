// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {CapabilityWord, CapabilityWords} from "./CapabilityWord.sol";
import {Delistings} from "./Delistings.sol";
import {StakeVault} from "./StakeVault.sol";

/// @title The cached capabilities of agents
/// @notice What the capability resolver found of an agent, kept where bids are checked. A transfer voids it all, a removal
/// all that anybody attested of one capability, and what an attester attested counts only while the attester does.
abstract contract CapabilityCache is Delistings {
    /// @dev When the operators last found that an agent lacks a capability, and how often they have.
    struct Removal {
        uint64 time;
        uint32 count;
    }

    /// @notice The capability resolver, which keeps the cache.
    address public immutable resolver;
    /// @notice The attester registry, which says whose attestations count.
    address public immutable attesters;

    /// @dev What counts where any attester will do.
    mapping(uint256 agentId => mapping(bytes32 capability => CapabilityWord)) private _capabilities;
    /// @dev What counts where one attester is asked for.
    mapping(uint256 agentId => mapping(bytes32 capability => mapping(address attester => CapabilityWord))) private _named;
    mapping(uint256 agentId => mapping(bytes32 capability => Removal)) private _removals;

    /// @notice The agent does not hold the capability now, at the level, from an acceptable attester.
    error LedgerCapabilityMissing(uint256 agentId, bytes32 capability, uint256 level);

    /// @notice Fixes who keeps the cache and the attesters' standing, beside what the vault fixes.
    constructor(Wiring memory wiring, bytes32 networkId_) StakeVault(wiring, networkId_) {
        resolver = wiring.resolver;
        attesters = wiring.attesters;
    }

    /// @inheritdoc IAgentLedger
    function cacheCapability(
        uint256 agentId,
        bytes32 capability,
        uint64 validUntil,
        uint8 level,
        address attester,
        bool preferred
    ) external onlyModule(resolver) {
        uint64 until = validUntil > type(uint40).max ? type(uint40).max : validUntil;
        CapabilityWord held = CapabilityWords.pack(
            attester, until, level, _agents[agentId].generation(), _removals[agentId][capability].count
        );
        _named[agentId][capability][attester] = held;
        if (preferred) _capabilities[agentId][capability] = held;
        emit CapabilityCached(agentId, capability, until, level, attester, preferred);
    }

    /// @inheritdoc IAgentLedger
    function clearCapability(uint256 agentId, bytes32 capability, address attester, bool preferred)
        external
        onlyModule(resolver)
    {
        _named[agentId][capability][attester] = CapabilityWord.wrap(0);
        if (preferred) _capabilities[agentId][capability] = CapabilityWord.wrap(0);
        emit CapabilityCleared(agentId, capability, attester, preferred);
    }

    /// @inheritdoc IAgentLedger
    /// @dev Whom the agent has the capability from is not known here, and need not be: what was cached before says so.
    function removeCapability(uint256 agentId, bytes32 capability) external onlySlasher {
        Removal storage removal = _removals[agentId][capability];
        removal.time = uint64(block.timestamp);
        removal.count++;
        _capabilities[agentId][capability] = CapabilityWord.wrap(0);
        emit CapabilityRemoved(agentId, capability);
    }

    /// @inheritdoc IAgentLedger
    function setAttesterStanding(address attester, bool standing) external onlyModule(attesters) {
        if (_setStanding(attester, standing)) emit AttesterStandingSet(attester, standing);
    }

    /// @inheritdoc IAgentLedger
    function capabilityOf(uint256 agentId, bytes32 capability) external view returns (CapabilityView memory) {
        return _viewOf(agentId, _capabilities[agentId][capability]);
    }

    /// @inheritdoc IAgentLedger
    function capabilityFrom(uint256 agentId, bytes32 capability, address attester)
        external
        view
        returns (CapabilityView memory)
    {
        return _viewOf(agentId, _namedBy(agentId, capability, attester));
    }

    /// @inheritdoc IAgentLedger
    function capabilityRemovedAt(uint256 agentId, bytes32 capability) external view returns (uint64) {
        return _removals[agentId][capability].time;
    }

    /// @inheritdoc IAgentLedger
    function checkCapability(uint256 agentId, bytes32 capability, uint8 level, address attester) external view {
        CapabilityWord held =
            attester == address(0) ? _capabilities[agentId][capability] : _namedBy(agentId, capability, attester);
        _requireHeld(held, agentId, capability, level, _agents[agentId].generation(), delistings() != 0);
    }

    /// @dev Reverts unless somebody vouches for the capability now, at the level.
    function _checkCapability(
        uint256 agentId,
        bytes32 capability,
        uint256 level,
        uint256 generation,
        bool anybodyDelisted
    ) internal view {
        CapabilityWord held = _capabilities[agentId][capability];
        _requireHeld(held, agentId, capability, level, generation, anybodyDelisted);
    }

    /// @dev What an attester attested since the capability was last removed; 0 for nothing.
    function _namedBy(uint256 agentId, bytes32 capability, address attester)
        private
        view
        returns (CapabilityWord held)
    {
        held = _named[agentId][capability][attester];
        if (held.removals() != _removals[agentId][capability].count) return CapabilityWord.wrap(0);
    }

    function _requireHeld(
        CapabilityWord held,
        uint256 agentId,
        bytes32 capability,
        uint256 level,
        uint256 generation,
        bool anybodyDelisted
    ) private view {
        bool valid = block.timestamp < held.validUntil() && held.level() >= level && held.generation() == generation;
        // An attester that is delisted, slashed or short of stake takes down all that it attested, with one word.
        if (!valid || !_isStanding(held.attester(), anybodyDelisted)) revert LedgerCapabilityMissing(agentId, capability, level);
    }

    function _viewOf(uint256 agentId, CapabilityWord held) private view returns (CapabilityView memory) {
        address attester = held.attester();
        bool current = held.generation() == _agents[agentId].generation() && block.timestamp < held.validUntil()
            && isAttesterStanding(attester);
        return CapabilityView(uint64(held.validUntil()), uint8(held.level()), attester, current);
    }
}
