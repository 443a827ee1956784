// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title ERC-8004 validation registry, the generation of 2026
/// @notice Source: ERC-8004, "Validation Registry": its functions and no others, so that the ERC-165 id means the
/// standard. `initialize` is left out: the identity registry is fixed when the contract is made.
interface IValidationRegistry {
    /// @notice An agent asked a validator to check its work.
    event ValidationRequest(
        address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash
    );
    /// @notice The validator answered.
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    /// @notice The registry whose agents are validated.
    function getIdentityRegistry() external view returns (address identityRegistry);

    /// @notice Asks a validator; by the agent's owner or operator. All parameters are mandatory.
    /// @param requestHash Commits to the request and identifies it; put something random in the request.
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice Answers a request; by its validator, any number of times, the last one standing.
    /// @param response 0 to 100.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice A request and its latest answer; `lastUpdate` is 0 while there is none.
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );

    /// @notice Number and average, rounded down, of the latest answers about an agent; no validators and an empty tag
    /// filter nothing.
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse);

    /// @notice Every request about an agent, in order.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes);

    /// @notice Every request to a validator, in order.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes);
}
