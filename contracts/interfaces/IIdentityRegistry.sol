// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

/// @title ERC-8004 identity registry, the generation of 2026
/// @notice Source: ERC-8004, "Identity Registry". An agent is an ERC-721 token; agentId is its tokenId, from 0.
/// Its functions and no others, so that the ERC-165 id means the standard.
interface IIdentityRegistry is IERC721Metadata {
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    /// @notice A new agent (ERC-8004).
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    /// @notice Metadata of an agent changed (ERC-8004).
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );
    /// @notice The URI of an agent's registration file changed (ERC-8004).
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    /// @notice Registers the caller's agent; its URI is added later with `setAgentURI`.
    function register() external returns (uint256 agentId);

    /// @notice Registers the caller's agent with the URI of its registration file.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice Registers the caller's agent with URI and metadata; the key `agentWallet` is reserved.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);

    /// @notice Changes the URI of the registration file; by the owner or an ERC-721 operator.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice Metadata under a key; empty when there is none. `agentWallet` gives the wallet's 20 bytes.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice Sets metadata; by the owner or an ERC-721 operator. `agentWallet` is reserved.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice The address where the agent says it receives payments; zero when cleared.
    function getAgentWallet(uint256 agentId) external view returns (address);

    /// @notice Sets the wallet, which proves itself by an EIP-712 signature (ERC-1271 for contracts) over
    /// `AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)`.
    /// @param deadline Last second, of block time, at which the proof counts.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice Clears the wallet; by the owner or an ERC-721 operator.
    function unsetAgentWallet(uint256 agentId) external;
}
