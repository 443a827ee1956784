// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {StatementDomain} from "./StatementDomain.sol";

/// @title The EIP-712 domain of the market's signed statements
/// @notice {name "Allot Market", version "1", chainId, verifyingContract, salt = networkId}: a statement made on one
/// network, or to one contract, verifies nowhere else.
abstract contract MarketDomain is IERC5267 {
    /// @notice Random word drawn once per network.
    bytes32 public immutable networkId;

    uint256 private immutable _cachedChainId;
    bytes32 private immutable _cachedSeparator;

    /// @notice The network's id is zero.
    error MarketDomainNetworkIdMissing();

    constructor(bytes32 networkId_) {
        if (networkId_ == 0) revert MarketDomainNetworkIdMissing();
        networkId = networkId_;
        _cachedChainId = block.chainid;
        _cachedSeparator = StatementDomain.separatorOf(networkId_, address(this));
    }

    /// @notice The domain separator of this contract's statements.
    function domainSeparator() public view returns (bytes32) {
        if (block.chainid == _cachedChainId) return _cachedSeparator;
        return StatementDomain.separatorOf(networkId, address(this));
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        // 0x1f: all five fields are used.
        return (hex"1f", "Allot Market", "1", block.chainid, address(this), networkId, extensions);
    }

    /// @dev What an account signs to state `structHash`.
    function _digestOf(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator(), structHash);
    }
}
