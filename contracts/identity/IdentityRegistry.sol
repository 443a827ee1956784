// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAgentIdentity} from "../interfaces/IAgentIdentity.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IAgentTransferGuard} from "../interfaces/IAgentTransferGuard.sol";

/// @title Agents' identities (ERC-8004, 2026)
/// @notice Everything as ERC-8004 has it, and one restriction that it permits: an agent with commitments, jobs, open
/// faults or a suspension cannot be transferred. A transfer clears the wallet and the bid key; stake, faults and
/// reputation stay with the agentId.
/// @dev `agentWallet` is informative: the market pays the bid key. EIP-712 domain {name "ERC8004IdentityRegistry",
/// version "1", chainId, verifyingContract} and type AgentWalletSet are those of the registries in use, because the
/// ERC's text leaves them open and agents' tools sign these.
contract IdentityRegistry is IAgentIdentity, ERC721URIStorage, EIP712 {
    bytes32 private constant AGENT_WALLET_SET_TYPEHASH =
        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)");
    string private constant WALLET_KEY = "agentWallet";
    bytes32 private constant WALLET_KEY_HASH = keccak256(bytes(WALLET_KEY));

    /// @notice The AgentLedger, which knows whether an agent may change hands.
    IAgentTransferGuard public immutable ledger;

    uint256 private _agentCount;
    mapping(uint256 agentId => mapping(string metadataKey => bytes)) private _metadata;
    mapping(uint256 agentId => uint256) private _transferredAt;

    /// @notice The caller is neither the agent's owner nor approved by it.
    error IdentityUnauthorized(uint256 agentId, address caller);
    /// @notice `agentWallet` is set by `setAgentWallet` alone.
    error IdentityReservedKey(string metadataKey);
    /// @notice The wallet is zero; `unsetAgentWallet` clears it.
    error IdentityInvalidWallet(address wallet);
    /// @notice The wallet's proof is older than its deadline.
    error IdentityProofExpired(uint256 deadline);
    /// @notice The signature is not the wallet's over this agent, owner and deadline.
    error IdentityInvalidProof(address wallet);
    /// @notice The agent has commitments, jobs, open faults or a suspension.
    error IdentityAgentEngaged(uint256 agentId);

    /// @param ledger_ The AgentLedger.
    constructor(IAgentTransferGuard ledger_) ERC721("Allot Agents", "AGENT") EIP712("ERC8004IdentityRegistry", "1") {
        ledger = ledger_;
    }

    modifier onlyAuthorized(uint256 agentId) {
        if (!_isAuthorized(_requireOwned(agentId), msg.sender, agentId)) {
            revert IdentityUnauthorized(agentId, msg.sender);
        }
        _;
    }

    /// @inheritdoc IIdentityRegistry
    function register() external returns (uint256 agentId) {
        agentId = _register();
        emit Registered(agentId, "", msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function register(string calldata agentURI) external returns (uint256 agentId) {
        agentId = _register();
        _setTokenURI(agentId, agentURI);
        emit Registered(agentId, agentURI, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId) {
        agentId = _register();
        _setTokenURI(agentId, agentURI);
        for (uint256 i = 0; i < metadata.length; i++) {
            _requireFreeKey(metadata[i].metadataKey);
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
        emit Registered(agentId, agentURI, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function setAgentURI(uint256 agentId, string calldata newURI) external onlyAuthorized(agentId) {
        _setTokenURI(agentId, newURI);
        emit URIUpdated(agentId, newURI, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue)
        external
        onlyAuthorized(agentId)
    {
        _requireFreeKey(metadataKey);
        _setMetadata(agentId, metadataKey, metadataValue);
    }

    /// @inheritdoc IIdentityRegistry
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature)
        external
        onlyAuthorized(agentId)
    {
        if (newWallet == address(0)) revert IdentityInvalidWallet(newWallet);
        if (block.timestamp > deadline) revert IdentityProofExpired(deadline);
        bytes32 structHash =
            keccak256(abi.encode(AGENT_WALLET_SET_TYPEHASH, agentId, newWallet, ownerOf(agentId), deadline));
        if (!SignatureChecker.isValidSignatureNowCalldata(newWallet, _hashTypedDataV4(structHash), signature)) {
            revert IdentityInvalidProof(newWallet);
        }
        _setMetadata(agentId, WALLET_KEY, abi.encodePacked(newWallet));
    }

    /// @inheritdoc IIdentityRegistry
    function unsetAgentWallet(uint256 agentId) external onlyAuthorized(agentId) {
        _setMetadata(agentId, WALLET_KEY, "");
    }

    /// @inheritdoc IIdentityRegistry
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        return _metadata[agentId][metadataKey];
    }

    /// @inheritdoc IIdentityRegistry
    function getAgentWallet(uint256 agentId) external view returns (address) {
        _requireOwned(agentId);
        return address(bytes20(_metadata[agentId][WALLET_KEY]));
    }

    /// @inheritdoc IAgentIdentity
    function isAuthorizedOrOwner(address account, uint256 agentId) external view returns (bool) {
        return _isAuthorized(_requireOwned(agentId), account, agentId);
    }

    /// @inheritdoc IAgentIdentity
    /// @dev Attestations made up to then are void.
    function transferredAt(uint256 agentId) external view returns (uint256) {
        return _transferredAt[agentId];
    }

    /// @notice Number of agents registered so far; their ids are 0 to this − 1.
    function agentCount() external view returns (uint256) {
        return _agentCount;
    }

    /// @notice The EIP-712 domain separator that wallets sign under.
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(IERC165, ERC721URIStorage)
        returns (bool)
    {
        return interfaceId == type(IIdentityRegistry).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 agentId) public view override(IERC721Metadata, ERC721URIStorage) returns (string memory) {
        return super.tokenURI(agentId);
    }

    /// @dev Mints without a receiver's callback: registering never depends on code of the owner.
    function _register() private returns (uint256 agentId) {
        agentId = _agentCount++;
        _mint(msg.sender, agentId);
        _setMetadata(agentId, WALLET_KEY, abi.encodePacked(msg.sender));
    }

    /// @dev Every way to change an owner comes through here.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        if (from == address(0)) return from;
        if (ledger.isEngaged(agentId)) revert IdentityAgentEngaged(agentId);
        _transferredAt[agentId] = block.timestamp;
        _setMetadata(agentId, WALLET_KEY, "");
        ledger.agentTransferred(agentId, from, to);
    }

    function _setMetadata(uint256 agentId, string memory metadataKey, bytes memory metadataValue) private {
        _metadata[agentId][metadataKey] = metadataValue;
        emit MetadataSet(agentId, metadataKey, metadataKey, metadataValue);
    }

    function _requireFreeKey(string calldata metadataKey) private pure {
        if (keccak256(bytes(metadataKey)) == WALLET_KEY_HASH) revert IdentityReservedKey(metadataKey);
    }
}
