// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "../governance/Governed.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAttesterRegistry} from "../interfaces/IAttesterRegistry.sol";
import {IFalseCapability} from "../interfaces/IFalseCapability.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {SlashingModule} from "./SlashingModule.sol";

/// @title The book of accusations
/// @notice What is recorded of accusations of false capabilities, what they are punished as, and what that costs.
abstract contract AccusationBook is IFalseCapability, SlashingModule {
    /// @param ledger The register of agents.
    /// @param attesters The register of attesters.
    /// @param permissions Who belongs to which organisation.
    /// @param parameters The rules' numbers.
    /// @param governor The Operators contract.
    struct Wiring {
        IAgentLedger ledger;
        IAttesterRegistry attesters;
        IPermissions permissions;
        IParameters parameters;
        address governor;
    }

    bytes32 private constant FALSE_CAPABILITY = keccak256("allot.fault.false-capability");
    bytes32 private constant FALSE_ATTESTATION = keccak256("allot.fault.false-attestation");
    bytes32 private constant FALSE_ACCUSATION = keccak256("allot.fault.false-accusation");

    /// @notice The register of agents.
    IAgentLedger public immutable ledger;
    /// @notice The register of attesters: the accused's and the accusers'.
    IAttesterRegistry public immutable attesters;

    Accusation[] internal _accusations;
    mapping(uint256 accusationId => address[]) internal _accusers;
    mapping(bytes32 ground => uint256 accusationId) internal _openOn;
    mapping(bytes32 subject => bool) internal _decided;

    /// @notice There is no such accusation.
    error FalseCapabilityUnknown(uint256 accusationId);
    /// @notice The operators have decided about this attestation.
    error FalseCapabilityDecided(bytes32 uid);
    /// @notice That is no ruling.
    error FalseCapabilityNoRuling();
    /// @param wiring Contracts that the module works with.
    /// @param sources Capability resolvers and tenders, present and retired.
    constructor(Wiring memory wiring, address[] memory sources)
        SlashingModule(wiring.permissions, wiring.parameters, sources)
        Governed(wiring.governor)
    {
        ledger = wiring.ledger;
        attesters = wiring.attesters;
    }

    /// @inheritdoc IFalseCapability
    function accusationOf(uint256 accusationId) external view returns (Accusation memory) {
        return _existing(accusationId);
    }

    /// @inheritdoc IFalseCapability
    function accusersOf(uint256 accusationId) external view returns (address[] memory) {
        return _accusers[accusationId];
    }

    /// @inheritdoc IFalseCapability
    function accusationCount() external view returns (uint256) {
        return _accusations.length;
    }

    /// @inheritdoc IFalseCapability
    function openAccusationOn(address resolver, bytes32 uid, address tender, bytes32 tenderId)
        external
        view
        returns (uint256 accusationId)
    {
        return _openOn[_groundOf(resolver, uid, tender, tenderId)];
    }

    /// @inheritdoc IFalseCapability
    function isDecided(address resolver, bytes32 uid) external view returns (bool) {
        return _decided[subjectOf(resolver, uid)];
    }

    /// @inheritdoc IFalseCapability
    function penaltyOf(uint256 accusationId) external view returns (uint64) {
        return _penaltyOf(_existing(accusationId));
    }

    /// @inheritdoc IFalseCapability
    function faultIdOf(Ruling ruling, uint256 offender, address resolver, bytes32 uid) public pure returns (bytes32) {
        if (ruling == Ruling.None || ruling == Ruling.Unproven) revert FalseCapabilityNoRuling();
        bytes32 kind = ruling == Ruling.AgentAtFault
            ? FALSE_CAPABILITY
            : ruling == Ruling.AttesterAtFault ? FALSE_ATTESTATION : FALSE_ACCUSATION;
        return _faultIdOf(kind, offender, subjectOf(resolver, uid));
    }

    /// @inheritdoc IFalseCapability
    function subjectOf(address resolver, bytes32 uid) public pure returns (bytes32) {
        return keccak256(abi.encode(resolver, uid));
    }

    function _requireUndecided(address resolver, bytes32 uid) internal view {
        if (_decided[subjectOf(resolver, uid)]) revert FalseCapabilityDecided(uid);
    }

    /// @dev Never more than was locked: the share may have risen since, to no more than it was when the duty began.
    function _penaltyOf(Accusation storage accusation) internal view returns (uint64) {
        uint256 present = _shareOf(accusation.stake, accusation.since);
        return present < accusation.penalty ? uint64(present) : accusation.penalty;
    }

    function _shareOf(uint256 stake, uint256 since) internal view returns (uint256) {
        uint256 bps = parameters.lowerOf(IParameters.Parameter.FalseCapabilityShare, since);
        return Math.mulDiv(stake, bps, BPS, Math.Rounding.Ceil);
    }

    function _existing(uint256 accusationId) internal view returns (Accusation storage) {
        if (accusationId == 0 || accusationId > _accusations.length) revert FalseCapabilityUnknown(accusationId);
        return _accusations[accusationId - 1];
    }

    function _groundOf(address resolver, bytes32 uid, address tender, bytes32 tenderId) internal pure returns (bytes32) {
        return keccak256(abi.encode(resolver, uid, tender, tenderId));
    }
}
