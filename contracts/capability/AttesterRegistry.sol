// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAttesterRegistry} from "../interfaces/IAttesterRegistry.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {BondedStake} from "../stake/BondedStake.sol";

/// @title The attesters that the operators accept, and their stake
/// @notice An attester counts while it is listed, an active member of the network, not suspended, and has the minimum
/// stake. The ledger is told at once when that changes, by this contract or by Permissions, so that what an attester
/// attested falls with it. Delisting is exit-only: revoking, unbonding and withdrawing stay possible.
contract AttesterRegistry is IAttesterRegistry, BondedStake, Governed {
    /// @param permissions Membership of the network.
    /// @param ledger The AgentLedger, deployed before.
    /// @param governor The Operators contract.
    struct Wiring {
        IPermissions permissions;
        IAgentLedger ledger;
        address governor;
    }

    /// @notice Membership of the network.
    IPermissions public immutable permissions;
    /// @notice The AgentLedger, where bids are checked.
    IAgentLedger public immutable ledger;

    mapping(address account => bool) private _listed;

    /// @notice The operators accept this account as an attester.
    event AttesterListed(address indexed attester);
    /// @notice The operators no longer accept this account as an attester.
    event AttesterDelisted(address indexed attester);

    /// @notice An attester must be a member of an organisation.
    error AttesterRegistryNoMember(address account);
    /// @notice The first attesters' stake has not been issued to this contract.
    error AttesterRegistryUnfunded(uint256 held, uint256 owed);

    /// @param wiring Contracts that the registry works with.
    /// @param terms Credits, parameters and slashing modules.
    /// @param attesters First attesters, each with the minimum stake, which this contract holds already.
    constructor(Wiring memory wiring, StakeTerms memory terms, address[] memory attesters)
        BondedStake(terms)
        Governed(wiring.governor)
    {
        permissions = wiring.permissions;
        ledger = wiring.ledger;
        uint64 least = minStake();
        uint256 owed = attesters.length * least;
        uint256 held = terms.credits.balanceOf(address(this));
        if (held < owed) revert AttesterRegistryUnfunded(held, owed);
        for (uint256 i = 0; i < attesters.length; i++) {
            _list(attesters[i]);
            _addBond(attesters[i], least);
        }
    }

    /// @notice Accepts a member as an attester. It counts once it has the minimum stake.
    function listAttester(address account) external onlyGovernor {
        if (_listed[account]) return;
        _list(account);
        _refresh(account);
    }

    /// @notice Accepts an account as an attester no longer: what it attested counts no more. Operators may decide it
    /// without delay.
    function delistAttester(address account) external onlyGovernor {
        if (!_listed[account]) return;
        _listed[account] = false;
        emit AttesterDelisted(account);
        _refresh(account);
    }

    /// @notice Ends an attester's suspension, once no fault of it is open.
    function reinstate(address account) external onlyGovernor {
        _reinstate(account);
    }

    /// @inheritdoc IAttesterRegistry
    function refreshAttester(address account) external {
        _refresh(account);
    }

    /// @inheritdoc IAttesterRegistry
    function isListed(address account) external view returns (bool) {
        return _listed[account];
    }

    /// @inheritdoc IStakeRegister
    function organisationOfOffender(uint256 offender) external view returns (uint32) {
        return offender >> 160 == 0 ? permissions.organisationOf(address(uint160(offender))) : 0;
    }

    /// @inheritdoc IAttesterRegistry
    function isAttester(address account) public view returns (bool) {
        return _listed[account] && isBonded(account) && permissions.isActive(account);
    }

    /// @inheritdoc BondedStake
    /// @dev Listed or not yet: an attester may bring its stake before the operators decide.
    function _mayBond(address account) internal view override returns (bool) {
        return permissions.isActive(account);
    }

    /// @inheritdoc BondedStake
    function _payeeOf(address account) internal view override returns (address) {
        return permissions.organisationOf(account) == 0 ? address(0) : account;
    }

    /// @inheritdoc BondedStake
    /// @dev An attester may go below the minimum at any time: what it attested no longer counts from then on.
    function _isEngaged(address) internal pure override returns (bool) {
        return false;
    }

    /// @inheritdoc BondedStake
    function _onBondChanged(address account) internal override {
        _refresh(account);
    }

    function _list(address account) private {
        if (permissions.organisationOf(account) == 0) revert AttesterRegistryNoMember(account);
        _listed[account] = true;
        emit AttesterListed(account);
    }

    /// @dev Tells the ledger, which hears of delisted members and organisations from Permissions.
    function _refresh(address account) private {
        ledger.setAttesterStanding(account, _listed[account] && isBonded(account));
    }
}
