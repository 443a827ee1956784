// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev What an attester says of an agent.
/// @param capability keccak256 of the capability's name.
/// @param testRun The test that the attester made, by an identifier of its choice; 0 where it made none.
/// @param report Hash of the test's report; 0 for none.
/// @param networkId The network that this is said on.
struct CapabilityClaim {
    uint256 agentId;
    bytes32 capability;
    uint8 level;
    bytes32 testRun;
    bytes32 report;
    bytes32 networkId;
}

/// @title Reading what an attestation of a capability says
/// @notice The data of the market's one schema on the Ethereum Attestation Service.
library CapabilityClaims {
    /// @dev The schema as it is registered.
    string internal constant SCHEMA =
        "uint256 agentId,bytes32 capability,uint8 level,bytes32 testRun,bytes32 report,bytes32 networkId";

    /// @dev Six static words.
    uint256 private constant DATA_BYTES = 192;

    /// @dev The claim in an attestation's data; `valid` is false for what is no claim on this network, in its one encoding.
    /// EAS's own domain knows chain and contract alone: without the network's id, what is signed for one network could be
    /// shown on another with the same chain id.
    function read(bytes memory data, bytes32 networkId) internal pure returns (bool valid, CapabilityClaim memory claim) {
        if (data.length != DATA_BYTES) return (false, claim);
        uint256 level;
        (claim.agentId, claim.capability, level, claim.testRun, claim.report, claim.networkId) =
            abi.decode(data, (uint256, bytes32, uint256, bytes32, bytes32, bytes32));
        claim.level = uint8(level);
        valid = claim.capability != 0 && level <= type(uint8).max && claim.networkId == networkId;
    }
}
