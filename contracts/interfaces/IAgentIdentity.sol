// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @title What Allot's identity registry adds to ERC-8004
/// @notice Apart from the ERC's interface, so that the ERC-165 id of that one means the standard.
interface IAgentIdentity is IIdentityRegistry {
    /// @notice Second of block time of the agent's last transfer, 0 without one.
    function transferredAt(uint256 agentId) external view returns (uint256);

    /// @notice True when the account is the agent's owner or may act for it (ERC-721 approval or operator).
    function isAuthorizedOrOwner(address account, uint256 agentId) external view returns (bool);
}
