// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IEAS} from "@ethereum-attestation-service/eas-contracts/contracts/IEAS.sol";
import {IAgentIdentity} from "./IAgentIdentity.sol";

/// @title ICapabilityResolver
/// @notice Capabilities of agents, as attested on the Ethereum Attestation Service under one schema.
interface ICapabilityResolver {
    /// @notice An attestation of a capability was made on EAS.
    event CapabilityAttested(
        uint256 indexed agentId, bytes32 indexed capability, address indexed attester, bytes32 uid, bytes32 testRun
    );

    /// @notice Puts an attestation that still stands into the cache, where there is no better one. Anyone may call it.
    function refresh(bytes32 uid) external;
    /// @notice Whether an attestation stands: not revoked, not expired, and not older than the agent's last transfer or
    /// the capability's removal.
    function isStanding(bytes32 uid) external view returns (bool);
    /// @notice The attestation that counts for an agent's capability where any attester will do; 0 for none.
    function cachedAttestationOf(uint256 agentId, bytes32 capability) external view returns (bytes32 uid);
    /// @notice The attestation that counts where one attester is asked for; 0 for none.
    function cachedAttestationFrom(uint256 agentId, bytes32 capability, address attester)
        external
        view
        returns (bytes32 uid);
    /// @notice EAS's id of the schema.
    function schemaId() external view returns (bytes32);
    /// @notice The EAS contract.
    function eas() external view returns (IEAS);
    /// @notice Whose an agent is.
    function identity() external view returns (IAgentIdentity);
    /// @notice The network that attestations must name.
    function networkId() external view returns (bytes32);
}
