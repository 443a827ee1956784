// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPermissions} from "../../../contracts/interfaces/IPermissions.sol";
import {BondedStake} from "../../../contracts/stake/BondedStake.sol";

/// @notice The least register of stake behind accounts: every active member may have stake, which is its own, and is
/// engaged while it says so. For the tests of BondedStake alone.
contract BondedMembers is BondedStake {
    IPermissions public immutable permissions;

    mapping(address account => bool) public engaged;

    constructor(IPermissions permissions_, StakeTerms memory terms) BondedStake(terms) {
        permissions = permissions_;
    }

    function engage(bool engaged_) external {
        engaged[msg.sender] = engaged_;
    }

    function oblige(address account, uint64 until) external {
        _oblige(account, until);
    }

    function reinstate(address account) external {
        _reinstate(account);
    }

    function organisationOfOffender(uint256 offender) external view returns (uint32) {
        return permissions.organisationOf(address(uint160(offender)));
    }

    function _mayBond(address account) internal view override returns (bool) {
        return permissions.isActive(account);
    }

    function _payeeOf(address account) internal view override returns (address) {
        return permissions.organisationOf(account) == 0 ? address(0) : account;
    }

    function _isEngaged(address account) internal view override returns (bool) {
        return engaged[account];
    }
}
