// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {Governed} from "./Governed.sol";

/// @title Organisations and the allow-list
/// @notice Maps every account to one organisation. An account never changes its organisation: an exclusion that held
/// when a task was posted must still hold when it is judged.
/// @dev Storage that validators read directly to admit transactions, without running the EVM:
/// slot 0 is `mapping(address => uint256)`; the word of an account is at keccak256(abi.encode(account, uint256(0))).
/// Bits 0..31 are the organisation (0 = stranger, not admitted), bit 32 is 1 when the member is delisted. Delisted
/// members are still admitted, because delisting is exit-only: the rules, not admission, refuse them what is new.
contract Permissions is IPermissions, Governed {
    struct Organisation {
        string name;
        bool active;
    }

    /// @notice One organisation and its first members, as genesis lists them; ids follow the order, from 1.
    struct Founding {
        string name;
        address[] members;
    }

    uint256 private constant DELISTED = 1 << 32;
    /// @notice Longest name of an organisation, in bytes.
    uint256 public constant NAME_BYTES_MAX = 64;

    /// @notice The AgentLedger, which is told of every delisting at once: bids are checked there.
    IAgentLedger public immutable ledger;

    /// @dev Slot 0, read by validators: see the contract's comment.
    mapping(address account => uint256 word) private _members;
    Organisation[] private _organisations;

    /// @notice A new organisation, listed.
    event OrganisationAdded(uint32 indexed organisationId, string name);
    /// @notice An organisation may start nothing new.
    event OrganisationDelisted(uint32 indexed organisationId);
    /// @notice An organisation may start new things again.
    event OrganisationRelisted(uint32 indexed organisationId);
    /// @notice An account joined an organisation, for good.
    event MemberAdded(uint32 indexed organisationId, address indexed account);
    /// @notice A member may start nothing new.
    event MemberDelisted(uint32 indexed organisationId, address indexed account);
    /// @notice A member may start new things again.
    event MemberRelisted(uint32 indexed organisationId, address indexed account);

    /// @notice No organisation has this id.
    error PermissionsUnknownOrganisation(uint32 organisationId);
    /// @notice A name is empty or longer than `NAME_BYTES_MAX` bytes.
    error PermissionsInvalidName(string name);
    /// @notice The zero address cannot be a member.
    error PermissionsInvalidMember(address account);
    /// @notice The account belongs to an organisation already, for good.
    error PermissionsMemberFixed(address account, uint32 organisationId);
    /// @notice The account is a member of no organisation.
    error PermissionsUnknownMember(address account);

    /// @param governor_ The Operators contract.
    /// @param ledger_ The AgentLedger.
    /// @param founding First organisations with their members; the first gets id 1.
    constructor(address governor_, IAgentLedger ledger_, Founding[] memory founding) Governed(governor_) {
        ledger = ledger_;
        for (uint256 i = 0; i < founding.length; i++) {
            uint32 id = _addOrganisation(founding[i].name);
            for (uint256 j = 0; j < founding[i].members.length; j++) _addMember(id, founding[i].members[j]);
        }
    }

    /// @notice Adds an organisation, listed at once.
    /// @param name 1 to `NAME_BYTES_MAX` bytes of UTF-8, for people; nothing depends on it.
    /// @return organisationId The new id; ids count from 1.
    function addOrganisation(string calldata name) external onlyGovernor returns (uint32 organisationId) {
        return _addOrganisation(name);
    }

    /// @notice Delists an organisation. Apart from `setOrganisationActive`, so that it can go without delay.
    function delistOrganisation(uint32 organisationId) external onlyGovernor {
        _setOrganisationActive(organisationId, false);
    }

    /// @notice Delists one member. Apart from `setMemberActive`, so that it can go without delay.
    function delistMember(address account) external onlyGovernor {
        _setMemberActive(account, false);
    }

    /// @notice Lists or delists an organisation, and with it all its members. Delisting is exit-only.
    function setOrganisationActive(uint32 organisationId, bool active) external onlyGovernor {
        _setOrganisationActive(organisationId, active);
    }

    /// @notice Lists or delists one member. Delisting is exit-only.
    function setMemberActive(address account, bool active) external onlyGovernor {
        _setMemberActive(account, active);
    }

    function _setOrganisationActive(uint32 organisationId, bool active) private {
        Organisation storage found = _organisation(organisationId);
        if (found.active == active) return;
        found.active = active;
        if (active) emit OrganisationRelisted(organisationId);
        else emit OrganisationDelisted(organisationId);
        ledger.setOrganisationListed(organisationId, active);
    }

    /// @notice Adds accounts to an organisation, for good.
    function addMembers(uint32 organisationId, address[] calldata accounts) external onlyGovernor {
        _organisation(organisationId);
        for (uint256 i = 0; i < accounts.length; i++) _addMember(organisationId, accounts[i]);
    }

    function _setMemberActive(address account, bool active) private {
        uint256 word = _members[account];
        if (word == 0) revert PermissionsUnknownMember(account);
        if (((word & DELISTED) == 0) == active) return;
        _members[account] = word ^ DELISTED;
        if (active) emit MemberRelisted(uint32(word), account);
        else emit MemberDelisted(uint32(word), account);
        ledger.setMemberListed(account, active);
    }

    /// @inheritdoc IPermissions
    function organisationOf(address account) external view returns (uint32 organisationId) {
        return uint32(_members[account]);
    }

    /// @inheritdoc IPermissions
    function isActive(address account) external view returns (bool) {
        uint256 word = _members[account];
        return word != 0 && (word & DELISTED) == 0 && _organisations[uint32(word) - 1].active;
    }

    /// @inheritdoc IPermissions
    function isOrganisationActive(uint32 organisationId) external view returns (bool) {
        return organisationId != 0 && organisationId <= _organisations.length
            && _organisations[organisationId - 1].active;
    }

    /// @notice Number of organisations; their ids are 1 to this.
    function organisationCount() external view returns (uint32) {
        return uint32(_organisations.length);
    }

    /// @notice Name of an organisation and whether it is listed.
    function organisation(uint32 organisationId) external view returns (string memory name, bool active) {
        Organisation storage found = _organisation(organisationId);
        return (found.name, found.active);
    }

    function _addOrganisation(string memory name) private returns (uint32 id) {
        uint256 length = bytes(name).length;
        if (length == 0 || length > NAME_BYTES_MAX) revert PermissionsInvalidName(name);
        _organisations.push(Organisation(name, true));
        id = uint32(_organisations.length);
        emit OrganisationAdded(id, name);
    }

    function _addMember(uint32 organisationId, address account) private {
        if (account == address(0)) revert PermissionsInvalidMember(account);
        uint256 word = _members[account];
        if (word != 0) revert PermissionsMemberFixed(account, uint32(word));
        _members[account] = organisationId;
        emit MemberAdded(organisationId, account);
    }

    function _organisation(uint32 organisationId) private view returns (Organisation storage) {
        if (organisationId == 0 || organisationId > _organisations.length) {
            revert PermissionsUnknownOrganisation(organisationId);
        }
        return _organisations[organisationId - 1];
    }
}
