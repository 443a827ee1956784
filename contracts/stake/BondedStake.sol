// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IBondedStake} from "../interfaces/IBondedStake.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {FaultBook} from "./FaultBook.sol";

/// @title Stake behind accounts
/// @notice Stake comes in for an account, stays in reach of slashing while the account can still be at fault and for the
/// unbonding delay after that, and then goes out to whom it belongs. For attesters and validators, whose stake no
/// bid ever reads; agents have AgentLedger.
/// @dev The contract that inherits this says who may have stake, whose it is, when an account is engaged, and until when
/// it is obliged. Evidence must count for less than the unbonding delay: then nothing leaves before it.
abstract contract BondedStake is IBondedStake, FaultBook {
    using SafeERC20 for ICredits;

    /// @param credits The money that stake is in.
    /// @param parameters The rules' numbers.
    /// @param minStake Which of them is the least stake of an account that takes on anything.
    /// @param slashers Modules that may take stake.
    struct StakeTerms {
        ICredits credits;
        IParameters parameters;
        IParameters.Parameter minStake;
        address[] slashers;
    }

    struct Bond {
        uint64 bonded;
        uint64 locked;
        uint64 obligationUntil;
        bool suspended;
    }

    IParameters.Parameter private immutable _minStake;

    mapping(address account => Bond) private _bonds;
    mapping(address account => UnbondingView) private _unbonding;
    mapping(address module => mapping(address account => uint64)) private _lockedBy;

    /// @notice The amount is 0.
    error BondAmountZero();
    /// @notice The caller is not whom the account's stake belongs to.
    error BondUnauthorized(address account, address caller);
    /// @notice The account may have no stake here.
    error BondAccountRefused(address account);
    /// @notice The number is no address of an account that can have stake here.
    error BondOffenderInvalid(uint256 offender);
    /// @notice The account has less free stake than is asked for.
    error BondStakeShort(address account, uint256 free, uint256 wanted);
    /// @notice The account is engaged and would be left with less than the minimum stake.
    error BondStakeBelowMinimum(address account, uint256 rest, uint256 minimum);
    /// @notice The module has locked less than it wants to release.
    error BondLockShort(address account, uint256 locked, uint256 wanted);
    /// @notice The account is not suspended.
    error BondNotSuspended(address account);

    constructor(StakeTerms memory terms)
        FaultBook(terms.credits, terms.parameters, terms.slashers)
    {
        _minStake = terms.minStake;
    }

    // --- whose the stake is

    /// @inheritdoc IBondedStake
    function deposit(address account, uint64 amount) external {
        _depositFrom(account, msg.sender, amount);
    }

    /// @inheritdoc IBondedStake
    function requestUnbonding(address account, uint64 amount) external {
        if (msg.sender != _payeeOf(account)) revert BondUnauthorized(account, msg.sender);
        if (amount == 0) revert BondAmountZero();
        Bond storage bond = _bonds[account];
        _requireFree(account, bond, amount);
        uint64 rest = bond.bonded - amount;
        if (!_mayKeep(account, rest)) revert BondStakeBelowMinimum(account, rest, minStake());
        _onUnbonding(account);
        bond.bonded = rest;
        // From the later of now and the last obligation: what is on its way out can be slashed all that time.
        uint64 from = bond.obligationUntil;
        if (from < block.timestamp) from = uint64(block.timestamp);
        UnbondingView storage leaving = _unbonding[account];
        leaving.amount += amount;
        leaving.readyAt = _readyAt(leaving, from);
        emit StakeUnbonding(account, amount, leaving.readyAt);
        _onBondChanged(account);
    }

    /// @inheritdoc IBondedStake
    function withdrawUnbonded(address account) external returns (uint64 amount) {
        _requireNoOpenFault(_offenderOf(account));
        address payee = _payeeOf(account);
        amount = _takeReady(_unbonding[account]);
        credits.safeTransfer(payee, amount);
        emit StakeWithdrawn(account, payee, amount);
    }

    // --- slashing modules

    /// @inheritdoc IStakeRegister
    function slash(bytes32 faultId, uint256 offender, uint256 penalty, uint256 rewardShareBps, bool suspend)
        external
        onlySlasher
        returns (uint64 taken)
    {
        _checkFault(faultId, rewardShareBps);
        _requireOffender(offender);
        address account = address(uint160(offender));
        Bond storage bond = _bonds[account];
        UnbondingView storage leaving = _unbonding[account];
        uint256 fromBonded = penalty < bond.bonded ? penalty : bond.bonded;
        uint256 fromLeaving = penalty - fromBonded;
        if (fromLeaving > leaving.amount) fromLeaving = leaving.amount;
        bond.bonded -= uint64(fromBonded);
        leaving.amount -= uint64(fromLeaving);
        taken = uint64(fromBonded + fromLeaving);
        uint64 held = _recordFault(faultId, taken, rewardShareBps);
        emit StakeSlashed(account, faultId, msg.sender, taken, held);
        if (suspend && !bond.suspended) {
            bond.suspended = true;
            emit StakeSuspended(account);
            _onSuspended(account);
        }
        _onBondChanged(account);
    }

    /// @inheritdoc IBondedStake
    function lockStake(address account, uint64 amount) external onlySlasher {
        if (amount == 0) revert BondAmountZero();
        Bond storage bond = _bonds[account];
        _requireFree(account, bond, amount);
        bond.locked += amount;
        _lockedBy[msg.sender][account] += amount;
        emit StakeLocked(account, msg.sender, _lockedBy[msg.sender][account]);
    }

    /// @inheritdoc IBondedStake
    function unlockStake(address account, uint64 amount) external {
        uint64 locked = _lockedBy[msg.sender][account];
        if (amount == 0) revert BondAmountZero();
        if (locked < amount) revert BondLockShort(account, locked, amount);
        _lockedBy[msg.sender][account] = locked - amount;
        _bonds[account].locked -= amount;
        emit StakeLocked(account, msg.sender, locked - amount);
    }

    // --- views

    /// @inheritdoc IBondedStake
    function bondOf(address account) external view returns (BondView memory) {
        Bond storage bond = _bonds[account];
        UnbondingView storage leaving = _unbonding[account];
        return BondView({
            bonded: bond.bonded,
            locked: bond.locked,
            unbonding: leaving.amount,
            readyAt: leaving.readyAt,
            obligationUntil: bond.obligationUntil,
            suspended: bond.suspended
        });
    }

    /// @inheritdoc IBondedStake
    function isBonded(address account) public view returns (bool) {
        Bond storage bond = _bonds[account];
        return !bond.suspended && bond.bonded >= minStake();
    }

    /// @inheritdoc IBondedStake
    function minStake() public view returns (uint64) {
        return parameters.get(_minStake);
    }

    /// @inheritdoc IStakeRegister
    function stakeInReachOf(uint256 offender) external view returns (uint64) {
        address account = address(uint160(offender));
        if (_offenderOf(account) != offender) return 0;
        return _bonds[account].bonded + _unbonding[account].amount;
    }

    // --- for the contract that inherits this

    /// @dev Whether an account may have stake here from now on.
    function _mayBond(address account) internal view virtual returns (bool);

    /// @dev Whom the account's stake belongs to: who may ask for it, and is paid.
    function _payeeOf(address account) internal view virtual returns (address);

    /// @dev Whether the account has a task now that needs the minimum stake behind it.
    function _isEngaged(address account) internal view virtual returns (bool);

    /// @dev Whether the account may be left with `rest`: with the minimum while it is engaged, unless overridden.
    function _mayKeep(address account, uint64 rest) internal view virtual returns (bool) {
        return rest >= minStake() || !_isEngaged(account);
    }

    /// @dev Takes note of a request to take stake out; nothing unless overridden.
    function _onUnbonding(address account) internal virtual {}

    /// @dev What a suspension means beside not being bonded any more; nothing unless overridden.
    function _onSuspended(address account) internal virtual {}

    /// @dev Called when `isBonded` may have changed: stake came, left or was taken, or a suspension began or ended.
    function _onBondChanged(address account) internal virtual {}

    /// @dev Adds stake from a payer's credits.
    function _depositFrom(address account, address payer, uint64 amount) internal {
        _addBond(account, amount);
        credits.safeTransferFrom(payer, address(this), amount);
    }

    /// @dev Adds stake whose money is here already, or comes in the same call.
    function _addBond(address account, uint64 amount) internal {
        if (amount == 0) revert BondAmountZero();
        if (!_mayBond(account)) revert BondAccountRefused(account);
        _bonds[account].bonded += amount;
        emit StakeDeposited(account, msg.sender, amount);
        _onBondChanged(account);
    }

    /// @dev Whether the account may take on nothing new.
    function _isSuspended(address account) internal view returns (bool) {
        return _bonds[account].suspended;
    }

    /// @dev Obliges the account at least until a time: stake that is asked for later leaves a delay after that.
    function _oblige(address account, uint64 until) internal {
        Bond storage bond = _bonds[account];
        if (bond.obligationUntil < until) bond.obligationUntil = until;
    }

    /// @dev Ends a suspension, once every fault has been decided.
    function _reinstate(address account) internal {
        Bond storage bond = _bonds[account];
        if (!bond.suspended) revert BondNotSuspended(account);
        _requireNoOpenFault(_offenderOf(account));
        bond.suspended = false;
        emit StakeReinstated(account);
        _onBondChanged(account);
    }

    /// @dev The account as the register names offenders.
    function _offenderOf(address account) internal pure returns (uint256) {
        return uint160(account);
    }

    /// @inheritdoc FaultBook
    function _requireOffender(uint256 offender) internal view override {
        bool fits = offender != 0 && offender >> 160 == 0;
        if (!fits || _payeeOf(address(uint160(offender))) == address(0)) revert BondOffenderInvalid(offender);
    }

    function _requireFree(address account, Bond storage bond, uint64 wanted) private view {
        uint64 free = bond.bonded > bond.locked ? bond.bonded - bond.locked : 0;
        if (free < wanted) revert BondStakeShort(account, free, wanted);
    }
}
