// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Governed} from "../governance/Governed.sol";

/// @title The money of the market
/// @notice ERC-20 with permit (ERC-2612), 6 decimals, issued by the operators' quorum. The whole supply fits 64 bits,
/// and so does every amount the rules pack into storage.
/// @dev No hooks, no fees, no pausing: a transfer between two non-zero addresses fails only for want of balance or
/// allowance, so that paying out can never be blocked by a receiver.
contract Credits is ERC20, ERC20Permit, ERC20Burnable, Governed {
    /// @notice One holder's share of the initial issue.
    struct Issue {
        address holder;
        /// In units of 10⁻⁶ credit.
        uint256 amount;
    }

    /// @notice The supply would no longer fit 64 bits.
    error CreditsSupplyExceeded(uint256 supply);

    /// @param governor_ The Operators contract, which alone may issue more.
    /// @param issues Initial issue.
    constructor(address governor_, Issue[] memory issues)
        ERC20("Allot Credits", "CREDIT")
        ERC20Permit("Allot Credits")
        Governed(governor_)
    {
        for (uint256 i = 0; i < issues.length; i++) _issue(issues[i].holder, issues[i].amount);
    }

    /// @notice Issues new credits to a holder.
    /// @param amount In units of 10⁻⁶ credit.
    function issue(address holder, uint256 amount) external onlyGovernor {
        _issue(holder, amount);
    }

    /// @notice 6: one credit is 1,000,000 units.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _issue(address holder, uint256 amount) private {
        _mint(holder, amount);
        if (totalSupply() > type(uint64).max) revert CreditsSupplyExceeded(totalSupply());
    }
}
