// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title ICredits
/// @notice The market's money: ERC-20 with 6 decimals, total supply below 2^64.
interface ICredits is IERC20 {
    /// @notice Destroys the caller's own credits.
    /// @param amount Millionths of a credit.
    function burn(uint256 amount) external;
}
