// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestation} from "@ethereum-attestation-service/eas-contracts/contracts/Common.sol";
import {IEAS} from "@ethereum-attestation-service/eas-contracts/contracts/IEAS.sol";
import {ISchemaResolver} from "@ethereum-attestation-service/eas-contracts/contracts/resolver/ISchemaResolver.sol";
import {SchemaResolver} from "@ethereum-attestation-service/eas-contracts/contracts/resolver/SchemaResolver.sol";
import {IAgentIdentity} from "../interfaces/IAgentIdentity.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAttesterRegistry} from "../interfaces/IAttesterRegistry.sol";
import {ICapabilityResolver} from "../interfaces/ICapabilityResolver.sol";
import {CapabilityClaim, CapabilityClaims} from "./CapabilityClaim.sol";

/// @title Capabilities, as attested on the Ethereum Attestation Service
/// @notice EAS calls this contract for every attestation of the market's one schema. It checks what EAS does not
/// (schema, network, recipient, attester, revocability, level) and keeps the copy in AgentLedger by which bids are checked.
/// @dev Of one attester's attestations of a capability the last one counts. Where any attester will do, it is the last
/// one by the attester that counts already, or a better one (higher level, then later expiry) by another; so nobody can
/// lower what a colleague attested. A revoked or expired one makes room, and `refresh` brings back another that stands.
contract CapabilityResolver is ICapabilityResolver, SchemaResolver {
    /// @notice The schema, registered with this resolver, revocable. `capability` is keccak256 of its name.
    string public constant SCHEMA = CapabilityClaims.SCHEMA;
    /// @dev End of what never ends: as far as the ledger records.
    uint64 private constant NEVER = type(uint40).max;

    /// @inheritdoc ICapabilityResolver
    bytes32 public immutable schemaId;
    /// @inheritdoc ICapabilityResolver
    bytes32 public immutable networkId;
    /// @notice The AgentLedger, whose cache bids are checked by.
    IAgentLedger public immutable ledger;
    /// @inheritdoc ICapabilityResolver
    IAgentIdentity public immutable identity;
    /// @notice Whose attestations count.
    IAttesterRegistry public immutable attesters;

    /// @dev The attestations behind the cache.
    mapping(uint256 agentId => mapping(bytes32 capability => bytes32 uid)) private _preferred;
    mapping(uint256 agentId => mapping(bytes32 capability => mapping(address attester => bytes32 uid))) private _named;

    /// @notice The attestation is of another schema.
    error CapabilityInvalidSchema(bytes32 schema);
    /// @notice The data is not a claim of the schema, the capability is zero, or the network is another.
    error CapabilityInvalidData();
    /// @notice The recipient is not the agent's owner.
    error CapabilityInvalidRecipient(uint256 agentId, address recipient);
    /// @notice The attester does not count now.
    error CapabilityInvalidAttester(address attester);
    /// @notice An attestation that cannot be revoked is not accepted.
    error CapabilityIrrevocable();
    /// @notice The attestation does not exist, is revoked, expired, or older than the agent's last transfer or the removal of
    /// the capability.
    error CapabilityNotStanding(bytes32 uid);
    /// @notice A better attestation, or a later one by the same attester, is in force.
    error CapabilityNotBetter(bytes32 uid, bytes32 cached);

    /// @param eas_ The EAS contract, deployed before this one: the schema is registered here and now.
    /// @param ledger_ The AgentLedger.
    /// @param identity_ The ERC-8004 identity registry.
    /// @param attesters_ Whose attestations count.
    /// @param networkId_ The network's random word, which attestations must name.
    constructor(
        IEAS eas_,
        IAgentLedger ledger_,
        IAgentIdentity identity_,
        IAttesterRegistry attesters_,
        bytes32 networkId_
    ) SchemaResolver(eas_) {
        ledger = ledger_;
        identity = identity_;
        attesters = attesters_;
        networkId = networkId_;
        schemaId = eas_.getSchemaRegistry().register(SCHEMA, ISchemaResolver(address(this)), true);
    }

    /// @inheritdoc ICapabilityResolver
    function refresh(bytes32 uid) external {
        Attestation memory attestation = _eas.getAttestation(uid);
        CapabilityClaim memory claim = _checked(attestation);
        if (!_isStanding(attestation, claim)) revert CapabilityNotStanding(uid);
        // An attester's earlier word does not come back while a later one of its own is in force.
        bytes32 named = _named[claim.agentId][claim.capability][attestation.attester];
        if (named != uid && named != 0) {
            Attestation memory later = _eas.getAttestation(named);
            if (later.time >= attestation.time && _isStanding(later, claim)) {
                revert CapabilityNotBetter(uid, named);
            }
        }
        bool preferred = _replaces(attestation, claim);
        if (named == uid && !preferred) {
            revert CapabilityNotBetter(uid, _preferred[claim.agentId][claim.capability]);
        }
        _cache(attestation, claim, preferred);
    }

    /// @inheritdoc ICapabilityResolver
    function eas() external view returns (IEAS) {
        return _eas;
    }

    /// @inheritdoc ICapabilityResolver
    function isStanding(bytes32 uid) external view returns (bool) {
        Attestation memory attestation = _eas.getAttestation(uid);
        if (attestation.schema != schemaId) return false;
        (, CapabilityClaim memory claim) = CapabilityClaims.read(attestation.data, networkId);
        return _isStanding(attestation, claim);
    }

    /// @inheritdoc ICapabilityResolver
    function cachedAttestationOf(uint256 agentId, bytes32 capability) external view returns (bytes32 uid) {
        return _preferred[agentId][capability];
    }

    /// @inheritdoc ICapabilityResolver
    function cachedAttestationFrom(uint256 agentId, bytes32 capability, address attester)
        external
        view
        returns (bytes32 uid)
    {
        return _named[agentId][capability][attester];
    }

    /// @inheritdoc SchemaResolver
    /// @dev EAS refuses attestations that send ether, since this resolver is not payable.
    function onAttest(Attestation calldata attestation, uint256) internal override returns (bool) {
        CapabilityClaim memory claim = _checked(attestation);
        _cache(attestation, claim, _replaces(attestation, claim));
        emit CapabilityAttested(
            claim.agentId, claim.capability, attestation.attester, attestation.uid, claim.testRun
        );
        return true;
    }

    /// @inheritdoc SchemaResolver
    /// @dev Always true. Clearing is a write in a contract fixed at construction, for an entry that this contract made:
    /// it has no condition that could fail. Who may revoke is EAS's to check: the attester alone.
    function onRevoke(Attestation calldata attestation, uint256) internal override returns (bool) {
        (, CapabilityClaim memory claim) = CapabilityClaims.read(attestation.data, networkId);
        _clear(claim.agentId, claim.capability, attestation.attester, attestation.uid);
        return true;
    }

    function _cache(Attestation memory attestation, CapabilityClaim memory claim, bool preferred) private {
        (uint256 agentId, bytes32 capability, address attester) =
            (claim.agentId, claim.capability, attestation.attester);
        _named[agentId][capability][attester] = attestation.uid;
        if (preferred) _preferred[agentId][capability] = attestation.uid;
        ledger.cacheCapability(agentId, capability, _endOf(attestation), claim.level, attester, preferred);
    }

    /// @dev Clears what an attestation stands behind. What counts where any attester will do is its attester's last word,
    /// too: an attestation that is not even that stands behind nothing.
    function _clear(uint256 agentId, bytes32 capability, address attester, bytes32 uid) private {
        if (_named[agentId][capability][attester] != uid) return;
        bool preferred = _preferred[agentId][capability] == uid;
        delete _named[agentId][capability][attester];
        if (preferred) delete _preferred[agentId][capability];
        ledger.clearCapability(agentId, capability, attester, preferred);
    }

    /// @dev Existence, schema, data, recipient, attester, revocability. EAS has refused expiries in the past.
    function _checked(Attestation memory attestation) private view returns (CapabilityClaim memory claim) {
        if (attestation.schema != schemaId) revert CapabilityInvalidSchema(attestation.schema);
        bool valid;
        (valid, claim) = CapabilityClaims.read(attestation.data, networkId);
        if (!valid) revert CapabilityInvalidData();
        if (identity.ownerOf(claim.agentId) != attestation.recipient) {
            revert CapabilityInvalidRecipient(claim.agentId, attestation.recipient);
        }
        if (!attesters.isAttester(attestation.attester)) revert CapabilityInvalidAttester(attestation.attester);
        if (!attestation.revocable) revert CapabilityIrrevocable();
    }

    function _isStanding(Attestation memory attestation, CapabilityClaim memory claim) private view returns (bool) {
        bool expired = attestation.expirationTime != 0 && attestation.expirationTime <= block.timestamp;
        bool before = attestation.time <= identity.transferredAt(claim.agentId);
        // What is attested in the second of a removal counts as later: it may be, and its attester could say it again.
        bool removed = attestation.time < ledger.capabilityRemovedAt(claim.agentId, claim.capability);
        return attestation.revocationTime == 0 && !expired && !before && !removed;
    }

    /// @dev Whether an attestation takes the place of what is cached where any attester will do.
    function _replaces(Attestation memory attestation, CapabilityClaim memory claim) private view returns (bool) {
        IAgentLedger.CapabilityView memory cached = ledger.capabilityOf(claim.agentId, claim.capability);
        if (!cached.current || cached.attester == attestation.attester) return true;
        if (!attesters.isAttester(cached.attester)) return true;
        if (claim.level != cached.level) return claim.level > cached.level;
        return _endOf(attestation) > cached.validUntil;
    }

    /// @dev First second in which the attestation no longer counts.
    function _endOf(Attestation memory attestation) private pure returns (uint64 until) {
        until = attestation.expirationTime;
        if (until == 0 || until > NEVER) until = NEVER;
    }
}
