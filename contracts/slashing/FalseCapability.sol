// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestation} from "@ethereum-attestation-service/eas-contracts/contracts/Common.sol";
import {CapabilityClaim} from "../capability/CapabilityClaim.sol";
import {IFalseCapability} from "../interfaces/IFalseCapability.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {AccusationBook} from "./AccusationBook.sol";
import {AccusationGround} from "./AccusationGround.sol";

/// @title False capability
/// @notice An agent bid in a tender with a capability that it does not have. No contract can see that, so people say it,
/// and what they say costs them as much as it would cost the agent if it is untrue: attesters of distinct organisations,
/// none of which has a part in that tender, lock the penalty until the operators' quorum has decided. Whoever caused the
/// false attestation pays it, the agent or whoever attested; the capability is gone from that very block on.
/// @dev What is accused is one attestation, on the ground of one tender, which makes it checkable that an accuser did not
/// bid, bounds the time in which it can be accused, and keeps the agent's stake in reach that long. One attester alone
/// holds up nobody's stake: the fault is open from the last accuser that was needed, who must come while the tender still
/// counts. Every accusation ends by its deadline, through a decision or through anyone's call.
contract FalseCapability is AccusationGround {
    /// @notice The attestation stands accused on this ground; who agrees seconds it.
    error FalseCapabilityAccused(uint256 accusationId);
    /// @notice The caller's word does not count: no attester, or short of stake, or not active.
    error FalseCapabilityNoAttester(address account);
    /// @notice The accuser's organisation is the agent's, the attester's, or has a part in the tender.
    error FalseCapabilityInvolved(address accuser, uint256 organisation);
    /// @notice The accuser's organisation stands behind the accusation already.
    error FalseCapabilityOrganisationIn(uint256 accusationId, uint256 organisation);
    /// @notice The accusation takes no accusers: it has enough, has ended, or its deadline has passed.
    error FalseCapabilityNotGathering(uint256 accusationId);
    /// @notice The accusation is not before the operators, or their time is over.
    error FalseCapabilityNotDeciding(uint256 accusationId);
    /// @notice The agent has lost the capability since, and paid for it if it was at fault.
    error FalseCapabilityRemoved(uint256 agentId, bytes32 capability);
    /// @notice The accusation has ended, or its deadline has not passed.
    error FalseCapabilityNotOver(uint256 accusationId, uint256 deadline);

    /// @param wiring Contracts that the module works with.
    /// @param sources Capability resolvers and tenders, present and retired.
    constructor(Wiring memory wiring, address[] memory sources) AccusationBook(wiring, sources) {}

    /// @inheritdoc IFalseCapability
    function accuse(Charge calldata charge, bytes32 report) external returns (uint256 accusationId) {
        (Attestation memory made, CapabilityClaim memory claim) = _attestationOf(charge);
        _requireUndecided(charge.resolver, charge.uid);
        bytes32 ground = _groundOf(charge.resolver, charge.uid, charge.tender, charge.tenderId);
        if (_openOn[ground] != 0) revert FalseCapabilityAccused(_openOn[ground]);
        (uint256 since, uint256 until) = _checkGround(charge, made, claim);

        uint64 deadline = uint64(block.timestamp) + parameters.get(IParameters.Parameter.AccusationWindow);
        uint256 stake = ledger.stakeInReachOf(claim.agentId);
        uint256 least = parameters.lowerOf(IParameters.Parameter.MinStake, since);
        if (stake < least) stake = least;
        Accusation storage accusation = _accusations.push();
        accusationId = _accusations.length;
        accusation.attester = made.attester;
        accusation.penalty = uint64(_shareOf(stake, since));
        accusation.status = Status.Gathering;
        accusation.needed = uint8(parameters.get(IParameters.Parameter.Accusers));
        accusation.resolver = charge.resolver;
        accusation.agentId = uint96(claim.agentId);
        accusation.uid = charge.uid;
        accusation.capability = claim.capability;
        accusation.tender = charge.tender;
        accusation.stake = uint64(stake);
        accusation.tenderId = charge.tenderId;
        accusation.since = uint64(since);
        accusation.attestedAt = made.time;
        accusation.deadline = deadline < until ? deadline : uint64(until);
        _openOn[ground] = accusationId;
        emit AccusationMade(
            accusationId,
            claim.agentId,
            made.attester,
            claim.capability,
            charge.uid,
            charge.tenderId,
            accusation.penalty,
            accusation.deadline
        );
        _join(accusationId, accusation, report);
    }

    /// @inheritdoc IFalseCapability
    function second(uint256 accusationId, bytes32 report) external {
        Accusation storage accusation = _existing(accusationId);
        if (accusation.status != Status.Gathering || block.timestamp > accusation.deadline) {
            revert FalseCapabilityNotGathering(accusationId);
        }
        _requireUndecided(accusation.resolver, accusation.uid);
        _join(accusationId, accusation, report);
    }

    /// @inheritdoc IFalseCapability
    function decide(uint256 accusationId, Ruling ruling) external onlyGovernor {
        Accusation storage accusation = _existing(accusationId);
        if (accusation.status != Status.Deciding || block.timestamp > accusation.deadline) {
            revert FalseCapabilityNotDeciding(accusationId);
        }
        if (ruling == Ruling.None) revert FalseCapabilityNoRuling();
        _requireUndecided(accusation.resolver, accusation.uid);
        if (ruling != Ruling.Unproven) _decided[subjectOf(accusation.resolver, accusation.uid)] = true;
        accusation.ruling = ruling;
        _end(accusationId, accusation, Status.Decided);
        uint64 taken;
        if (ruling == Ruling.AgentAtFault) {
            if (!_removeCapability(accusation)) {
                revert FalseCapabilityRemoved(accusation.agentId, accusation.capability);
            }
            taken = _punishAccused(accusationId, accusation, ledger, accusation.agentId);
        } else if (ruling == Ruling.AttesterAtFault) {
            _removeCapability(accusation);
            taken = _punishAccused(accusationId, accusation, attesters, uint160(accusation.attester));
        } else if (ruling == Ruling.FalseAccusation) {
            taken = _punishAccusers(accusationId, accusation);
        }
        emit AccusationDecided(accusationId, ruling, taken);
    }

    /// @inheritdoc IFalseCapability
    function close(uint256 accusationId) external {
        Accusation storage accusation = _existing(accusationId);
        bool open = accusation.status == Status.Gathering || accusation.status == Status.Deciding;
        if (!open || block.timestamp <= accusation.deadline) {
            revert FalseCapabilityNotOver(accusationId, accusation.deadline);
        }
        _end(accusationId, accusation, Status.Lapsed);
        emit AccusationLapsed(accusationId);
    }

    /// @dev Takes an accuser in, whose organisation has no part in what it speaks about.
    function _join(uint256 accusationId, Accusation storage accusation, bytes32 report) private {
        if (!attesters.isAttester(msg.sender)) revert FalseCapabilityNoAttester(msg.sender);
        uint256 organisation = permissions.organisationOf(msg.sender);
        bool involved = organisation == permissions.organisationOf(accusation.attester)
            || organisation == ledger.organisationOfOffender(accusation.agentId)
            || IMarketTender(accusation.tender).isParty(accusation.tenderId, organisation);
        if (involved) revert FalseCapabilityInvolved(msg.sender, organisation);
        address[] storage accusers = _accusers[accusationId];
        for (uint256 i = 0; i < accusers.length; i++) {
            if (permissions.organisationOf(accusers[i]) == organisation) {
                revert FalseCapabilityOrganisationIn(accusationId, organisation);
            }
        }
        accusers.push(msg.sender);
        attesters.lockStake(msg.sender, accusation.penalty);
        emit AccuserJoined(accusationId, msg.sender, report);
        if (accusers.length == accusation.needed) _putToOperators(accusationId, accusation);
    }

    /// @dev From here on the accused's stake is held where it is, and the agent does not change hands.
    function _putToOperators(uint256 accusationId, Accusation storage accusation) private {
        accusation.status = Status.Deciding;
        accusation.deadline = uint64(block.timestamp) + parameters.get(IParameters.Parameter.AppealWindow);
        ledger.openFault(accusation.agentId);
        attesters.openFault(uint160(accusation.attester));
        emit AccusationPutToOperators(accusationId, accusation.deadline);
    }

    /// @dev Releases everybody's locks, and the accused.
    function _end(uint256 accusationId, Accusation storage accusation, Status status) private {
        if (accusation.status == Status.Deciding) {
            ledger.closeFault(accusation.agentId);
            attesters.closeFault(uint160(accusation.attester));
        }
        accusation.status = status;
        delete _openOn[_groundOf(accusation.resolver, accusation.uid, accusation.tender, accusation.tenderId)];
        address[] storage accusers = _accusers[accusationId];
        for (uint256 i = 0; i < accusers.length; i++) attesters.unlockStake(accusers[i], accusation.penalty);
    }

    /// @dev The accused pays, and its accusers share what a reporter gets. They need no commitment: what they said has
    /// stood under their names, at their risk, since before anybody was punished.
    function _punishAccused(
        uint256 accusationId,
        Accusation storage accusation,
        IStakeRegister register,
        uint256 offender
    ) private returns (uint64 taken) {
        bytes32 faultId = faultIdOf(accusation.ruling, offender, accusation.resolver, accusation.uid);
        uint256 shareBps = rewardShareBps();
        taken = register.slash(faultId, offender, _penaltyOf(accusation), shareBps, false);
        emit FaultPunished(faultId, offender, subjectOf(accusation.resolver, accusation.uid), taken);
        uint256 left = (uint256(taken) * shareBps) / BPS;
        address[] storage accusers = _accusers[accusationId];
        for (uint256 i = 0; i < accusers.length; i++) {
            uint64 part = uint64(left / (accusers.length - i));
            if (part == 0) continue;
            left -= part;
            register.payRewardPart(faultId, accusers[i], part);
            emit FaultRewarded(faultId, accusers[i], part);
        }
    }

    /// @dev Each accuser loses what it locked; all of it is burned.
    function _punishAccusers(uint256 accusationId, Accusation storage accusation) private returns (uint64 taken) {
        uint64 penalty = _penaltyOf(accusation);
        address[] storage accusers = _accusers[accusationId];
        for (uint256 i = 0; i < accusers.length; i++) {
            uint256 offender = uint160(accusers[i]);
            bytes32 faultId = faultIdOf(accusation.ruling, offender, accusation.resolver, accusation.uid);
            uint64 one = attesters.slash(faultId, offender, penalty, 0, false);
            emit FaultPunished(faultId, offender, subjectOf(accusation.resolver, accusation.uid), one);
            taken += one;
        }
    }

    /// @dev Takes the capability, unless it was taken since it was attested: what was attested after that stands.
    function _removeCapability(Accusation storage accusation) private returns (bool removed) {
        removed = ledger.capabilityRemovedAt(accusation.agentId, accusation.capability) <= accusation.attestedAt;
        if (removed) ledger.removeCapability(accusation.agentId, accusation.capability);
    }
}
