// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The EIP-712 domain separators of the market's signed statements
/// @notice {name "Allot Market", version "1", chainId, verifyingContract, salt = networkId}.
library StatementDomain {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)");

    /// @notice Separator, on this chain, of what is stated to a contract of a network.
    function separatorOf(bytes32 networkId, address verifyingContract) internal view returns (bytes32) {
        bytes32 name = keccak256("Allot Market");
        return keccak256(
            abi.encode(DOMAIN_TYPEHASH, name, keccak256("1"), block.chainid, verifyingContract, networkId)
        );
    }
}
