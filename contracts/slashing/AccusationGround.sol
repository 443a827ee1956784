// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestation} from "@ethereum-attestation-service/eas-contracts/contracts/Common.sol";
import {CapabilityClaim, CapabilityClaims} from "../capability/CapabilityClaim.sol";
import {ICapabilityResolver} from "../interfaces/ICapabilityResolver.sol";
import {IMarketTender} from "../interfaces/IMarketTender.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {AccusationBook} from "./AccusationBook.sol";

/// @title On what ground an attestation can be accused
/// @notice The agent bid in a tender that asked for what was attested, while the attestation stood; the tender takes no more
/// bids, and its duties ended not too long ago.
abstract contract AccusationGround is AccusationBook {
    /// @notice There is no such attestation of a capability.
    error FalseCapabilityNoAttestation(bytes32 uid);
    /// @notice The attestation did not stand while the tender took bids.
    error FalseCapabilityNotStanding(bytes32 uid, bytes32 tenderId);
    /// @notice The tender did not ask for the capability, at most at the level attested, or not from this attester.
    error FalseCapabilityNotRequired(bytes32 tenderId, bytes32 capability);
    /// @notice The key did not bid in the tender, or is not the agent's.
    error FalseCapabilityNoBid(bytes32 tenderId, address bidder);
    /// @notice The tender still takes bids: an accuser could yet make one.
    error FalseCapabilityTooEarly(bytes32 tenderId, uint256 commitDeadline);
    /// @notice Accusations on the ground of this tender no longer count.
    error FalseCapabilityTooOld(bytes32 tenderId, uint256 until);

    /// @dev What was attested, if it was under the schema of a resolver on the list.
    function _attestationOf(Charge calldata charge)
        internal
        view
        returns (Attestation memory made, CapabilityClaim memory claim)
    {
        _requireSource(charge.resolver);
        _requireSource(charge.tender);
        ICapabilityResolver resolver = ICapabilityResolver(charge.resolver);
        made = resolver.eas().getAttestation(charge.uid);
        // The resolver let nothing under its schema come to be that is no claim.
        if (made.schema != resolver.schemaId()) revert FalseCapabilityNoAttestation(charge.uid);
        (, claim) = CapabilityClaims.read(made.data, resolver.networkId());
    }

    /// @dev The agent bid in the tender, which asked for what was attested, and the attestation stood at that time.
    /// @return since When the tender opened.
    /// @return until Last second at which the tender is a ground: while the agent's stake is in reach for certain.
    function _checkGround(Charge calldata charge, Attestation memory made, CapabilityClaim memory claim)
        internal
        view
        returns (uint256 since, uint256 until)
    {
        IMarketTender tender = IMarketTender(charge.tender);
        since = tender.openedAt(charge.tenderId);
        IMarketTender.MarketTerms memory terms = tender.marketTermsOf(charge.tenderId);
        until = terms.obligationUntil + parameters.lowerOf(IParameters.Parameter.EvidenceAge, since);
        uint256 commitDeadline = tender.termsOf(charge.tenderId).commitDeadline;
        if (block.timestamp <= commitDeadline) revert FalseCapabilityTooEarly(charge.tenderId, commitDeadline);
        if (block.timestamp > until) revert FalseCapabilityTooOld(charge.tenderId, until);
        if (!_isRequired(terms.requirements, made.attester, claim)) {
            revert FalseCapabilityNotRequired(charge.tenderId, claim.capability);
        }
        bool standing = made.time <= commitDeadline && _stoodFrom(since, charge.resolver, made, claim);
        if (!standing) revert FalseCapabilityNotStanding(charge.uid, charge.tenderId);
        (bytes32 commitment,) = tender.commitmentOf(charge.tenderId, charge.bidder);
        if (commitment == 0 || ledger.agentIdOf(charge.bidder) != claim.agentId) {
            revert FalseCapabilityNoBid(charge.tenderId, charge.bidder);
        }
    }

    /// @dev Whether the attestation was not void when the tender opened.
    function _stoodFrom(uint256 since, address resolver, Attestation memory made, CapabilityClaim memory claim)
        private
        view
        returns (bool)
    {
        if (made.revocationTime != 0 && made.revocationTime <= since) return false;
        if (made.expirationTime != 0 && made.expirationTime <= since) return false;
        uint256 transferredAt = ICapabilityResolver(resolver).identity().transferredAt(claim.agentId);
        uint256 removedAt = ledger.capabilityRemovedAt(claim.agentId, claim.capability);
        bool voided = made.time < transferredAt && transferredAt <= since;
        return !voided && (made.time >= removedAt || removedAt > since);
    }

    function _isRequired(
        IMarketTender.Requirement[] memory requirements,
        address attester,
        CapabilityClaim memory claim
    ) private pure returns (bool) {
        for (uint256 i = 0; i < requirements.length; i++) {
            IMarketTender.Requirement memory one = requirements[i];
            bool asked = one.capability == claim.capability && one.level <= claim.level;
            if (asked && (one.attester == address(0) || one.attester == attester)) return true;
        }
        return false;
    }
}
