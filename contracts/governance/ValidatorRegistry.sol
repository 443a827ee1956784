// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPermissions} from "../interfaces/IPermissions.sol";
import {IValidatorRegistry} from "../interfaces/IValidatorRegistry.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {BondedStake} from "../stake/BondedStake.sol";
import {EpochSets} from "./EpochSets.sol";
import {Governed} from "./Governed.sol";

/// @title The validators, their sets by epoch, and their stake
/// @notice The operators admit a validator; with stake behind it, it joins and leaves by its owner's word. A validator
/// that is slashed loses its whole stake, its key is barred for ever, and it is out of the next set: automatically for at
/// most f of a set per epoch and as long as four are left, beyond that by the operators' quorum.
/// @dev While a validator is in a set, all of its stake stays. It leaves an unbonding delay after the request, which
/// comes after the exit, and evidence counts for less than that.
contract ValidatorRegistry is IValidatorRegistry, BondedStake, EpochSets, Governed {
    /// @notice A validator of the first set.
    struct Founder {
        address account;
        address owner;
        uint64 stake;
        Contact contact;
    }

    /// @notice Fewest validators that a set is left with without the operators' quorum.
    uint256 public constant VALIDATORS_MIN = 4;
    uint64 private constant OPEN = type(uint64).max;

    /// @notice Whose the owners are.
    IPermissions public immutable permissions;

    mapping(address account => Validator) private _validators;
    mapping(bytes32 peerKeyHash => bool) private _peerKeys;
    mapping(address account => uint64) private _retiredAt;
    mapping(uint64 epoch => uint256) private _evictions;
    /// @dev Every account that was ever added; a validator's position names it between nodes.
    address[] private _accounts;

    /// @notice A peer key is 33 bytes that start with 0x02 or 0x03.
    error ValidatorRegistryInvalidPeerKey(address account);
    /// @notice The peer key is, or was, another validator's.
    error ValidatorRegistryPeerKeyUsed(address account);
    /// @notice The owner belongs to no active organisation.
    error ValidatorRegistryOwnerNotAllowed(address owner);
    /// @notice The account is, or was, a validator, or is zero: a key serves once.
    error ValidatorRegistryAccountUsed(address account);
    /// @notice The epoch's set has no such index.
    error ValidatorRegistryUnknownValidator(uint64 epoch, uint256 index);
    /// @notice The caller is not the validator's owner.
    error ValidatorRegistryUnauthorized(address account, address caller);
    /// @notice The validator has joined before: a key serves one span of epochs.
    error ValidatorRegistryJoinedBefore(address account);
    /// @notice The validator is not in the newest set.
    error ValidatorRegistryNotInSet(address account);
    /// @notice The validator has too little stake, or is barred.
    error ValidatorRegistryNotBonded(address account);
    /// @notice The validator is not barred: it leaves by its owner's word, or the operators'.
    error ValidatorRegistryNotBarred(address account);
    /// @notice Fewer validators would be left than the operators' quorum alone may leave.
    error ValidatorRegistryTooFew(uint256 left);
    /// @notice As many validators have been removed from this epoch's set as may be automatically, or four are left.
    error ValidatorRegistryEvictionLimit(uint64 epoch);
    /// @notice The contract holds less than the founders' stake.
    error ValidatorRegistryStakeMissing(uint256 held, uint256 owed);

    /// @param governor_ The Operators contract.
    /// @param permissions_ Whose the owners are.
    /// @param terms Stake: amounts and times.
    /// @param epochLength_ Blocks in an epoch; 0 for one that lasts for ever.
    /// @param founders The set of epoch 0, in ascending order of address; their stake must be here already.
    constructor(
        address governor_,
        IPermissions permissions_,
        StakeTerms memory terms,
        uint64 epochLength_,
        Founder[] memory founders
    ) BondedStake(terms) EpochSets(epochLength_) Governed(governor_) {
        permissions = permissions_;
        address[] memory accounts = new address[](founders.length);
        for (uint256 i = 0; i < founders.length; i++) accounts[i] = founders[i].account;
        _foundSet(accounts);
        uint256 owed = 0;
        for (uint256 i = 0; i < founders.length; i++) {
            Founder memory founder = founders[i];
            _add(founder.account, founder.owner, founder.contact);
            if (founder.stake != 0) _addBond(founder.account, founder.stake);
            owed += founder.stake;
            _validators[founder.account].until = OPEN;
            emit ValidatorJoined(founder.account, 0);
        }
        uint256 held = terms.credits.balanceOf(address(this));
        if (held < owed) revert ValidatorRegistryStakeMissing(held, owed);
    }

    modifier onlyOwnerOf(address account) {
        if (msg.sender != _validators[account].owner) revert ValidatorRegistryUnauthorized(account, msg.sender);
        _;
    }

    /// @inheritdoc IValidatorRegistry
    function admit(address account, address owner, Contact calldata contact) external onlyGovernor {
        _add(account, owner, contact);
    }

    /// @inheritdoc IValidatorRegistry
    function join(address account) external onlyOwnerOf(account) {
        Validator storage validator = _validators[account];
        if (validator.until != 0) revert ValidatorRegistryJoinedBefore(account);
        if (!permissions.isActive(validator.owner)) revert ValidatorRegistryOwnerNotAllowed(validator.owner);
        _enter(account, _changeSet(address(0), account));
    }

    /// @inheritdoc IValidatorRegistry
    function exit(address account) external onlyOwnerOf(account) {
        _requireInSet(account);
        uint256 left = _newestSet().length - 1;
        if (left < VALIDATORS_MIN) revert ValidatorRegistryTooFew(left);
        _exit(account, _changeSet(account, address(0)));
    }

    /// @inheritdoc IValidatorRegistry
    function rotateKey(
        address account,
        address successor,
        bytes calldata peerKey,
        string[] calldata addresses,
        uint64 amount
    ) external onlyOwnerOf(account) {
        _requireInSet(account);
        if (_isSuspended(account)) revert ValidatorRegistryNotBonded(account);
        _add(successor, msg.sender, Contact(_validators[account].name, peerKey, addresses));
        _depositFrom(successor, msg.sender, amount);
        uint64 epoch = _changeSet(account, successor);
        _exit(account, epoch);
        _enter(successor, epoch);
        emit ValidatorKeyRotated(account, successor);
    }

    /// @inheritdoc IValidatorRegistry
    function setAddresses(address account, string[] calldata addresses) external onlyOwnerOf(account) {
        _validators[account].addresses = addresses;
        emit ValidatorAddressesChanged(account, addresses);
    }

    /// @inheritdoc IValidatorRegistry
    function evict(address account) external {
        _requireInSet(account);
        if (!_isSuspended(account)) revert ValidatorRegistryNotBarred(account);
        if (!_tryEvict(account)) revert ValidatorRegistryEvictionLimit(changeEpoch());
    }

    /// @inheritdoc IValidatorRegistry
    function remove(address account) external onlyGovernor {
        _requireInSet(account);
        _exit(account, _changeSet(account, address(0)));
    }

    /// @inheritdoc IValidatorRegistry
    function validatorAt(uint64 epoch, uint256 index) external view returns (Validator memory) {
        address[] storage set = _setOf(epoch);
        if (index >= set.length) revert ValidatorRegistryUnknownValidator(epoch, index);
        return _validators[set[index]];
    }

    /// @inheritdoc IValidatorRegistry
    function validatorOf(address account) external view returns (Validator memory) {
        return _validators[account];
    }

    /// @inheritdoc IValidatorRegistry
    function validatorCount() external view returns (uint256) {
        return _accounts.length;
    }

    /// @inheritdoc IValidatorRegistry
    function validators(uint256 from, uint256 count) external view returns (Validator[] memory page) {
        uint256 length = _accounts.length;
        uint256 left = from < length ? length - from : 0;
        page = new Validator[](count < left ? count : left);
        for (uint256 i = 0; i < page.length; i++) page[i] = _validators[_accounts[from + i]];
    }

    /// @inheritdoc IValidatorRegistry
    function isInSet(uint64 epoch, address account) public view returns (bool) {
        Validator storage validator = _validators[account];
        return validator.from <= epoch && epoch < validator.until;
    }

    /// @inheritdoc IValidatorRegistry
    function retiredAt(address account) external view returns (uint64) {
        return _retiredAt[account];
    }

    /// @inheritdoc IValidatorRegistry
    function evictionsMax() public view returns (uint256) {
        return (_setOf(currentEpoch()).length - 1) / 3;
    }

    /// @inheritdoc IStakeRegister
    function organisationOfOffender(uint256 offender) external view returns (uint32) {
        return offender >> 160 == 0 ? _validators[address(uint160(offender))].organisation : 0;
    }

    /// @dev A key that has left, or is barred, never serves again: stake behind it would stand for nothing.
    function _mayBond(address account) internal view override returns (bool) {
        Validator storage validator = _validators[account];
        bool serves = validator.until == 0 || validator.until == OPEN;
        return validator.account != address(0) && serves && !_isSuspended(account);
    }

    function _payeeOf(address account) internal view override returns (address) {
        return _validators[account].owner;
    }

    /// @dev From the moment it joins until the epoch begins in whose set it no longer is.
    function _isEngaged(address account) internal view override returns (bool) {
        uint64 until = _validators[account].until;
        return until != 0 && currentEpoch() < until;
    }

    /// @dev The whole stake of a validator stands for it until it has left.
    function _mayKeep(address account, uint64) internal view override returns (bool) {
        return !_isEngaged(account);
    }

    function _onUnbonding(address account) internal override {
        if (_validators[account].until != 0 && _retiredAt[account] == 0) {
            _retiredAt[account] = uint64(block.timestamp);
        }
    }

    function _onSuspended(address account) internal override {
        if (_validators[account].until != OPEN) return;
        if (!_tryEvict(account)) emit ValidatorEvictionDeferred(account, changeEpoch());
    }

    function _tryEvict(address account) private returns (bool) {
        uint64 epoch = changeEpoch();
        if (_evictions[epoch] >= evictionsMax() || _newestSet().length <= VALIDATORS_MIN) return false;
        _evictions[epoch]++;
        _exit(account, _changeSet(account, address(0)));
        return true;
    }

    function _enter(address account, uint64 epoch) private {
        if (!isBonded(account)) revert ValidatorRegistryNotBonded(account);
        _validators[account].from = epoch;
        _validators[account].until = OPEN;
        emit ValidatorJoined(account, epoch);
    }

    function _exit(address account, uint64 epoch) private {
        _validators[account].until = epoch;
        emit ValidatorLeft(account, epoch);
    }

    function _add(address account, address owner, Contact memory contact) private {
        if (account == address(0) || _validators[account].account != address(0)) {
            revert ValidatorRegistryAccountUsed(account);
        }
        if (!permissions.isActive(owner)) revert ValidatorRegistryOwnerNotAllowed(owner);
        bytes memory key = contact.peerKey;
        if (key.length != 33 || (key[0] != 0x02 && key[0] != 0x03)) revert ValidatorRegistryInvalidPeerKey(account);
        if (_peerKeys[keccak256(key)]) revert ValidatorRegistryPeerKeyUsed(account);
        _peerKeys[keccak256(key)] = true;
        _accounts.push(account);
        uint32 organisation = permissions.organisationOf(owner);
        _validators[account] = Validator(account, organisation, owner, contact.name, key, contact.addresses, 0, 0);
        emit ValidatorAdded(account, organisation, owner, key);
    }

    function _requireInSet(address account) private view {
        if (_validators[account].until != OPEN) revert ValidatorRegistryNotInSet(account);
    }
}
