// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IStakeRegister} from "./IStakeRegister.sol";

/// @title IBondedStake
/// @notice Stake that stands behind an account (an attester, a validator): as a register of stake, an offender is such an
/// account's address as a number. Amounts are millionths of a credit, times seconds.
interface IBondedStake is IStakeRegister {
    /// @notice An account's stake.
    /// @param bonded Stake that is not on its way out.
    /// @param locked Part of `bonded` that modules hold until a decision.
    /// @param unbonding Stake on its way out; can still be slashed.
    /// @param readyAt When `unbonding` can be withdrawn.
    /// @param obligationUntil End of the account's last obligation.
    /// @param suspended Whether the account may take on nothing new.
    struct BondView {
        uint64 bonded;
        uint64 locked;
        uint64 unbonding;
        uint64 readyAt;
        uint64 obligationUntil;
        bool suspended;
    }

    /// @notice Stake was added.
    event StakeDeposited(address indexed account, address indexed from, uint64 amount);
    /// @notice Stake began its way out; all of the account's exiting stake is ready at `readyAt`.
    event StakeUnbonding(address indexed account, uint64 amount, uint64 readyAt);
    /// @notice Unbonded stake was paid out.
    event StakeWithdrawn(address indexed account, address indexed to, uint64 amount);
    /// @notice Stake was taken for a fault: `taken` in all, of which `reward` waits for a reporter.
    event StakeSlashed(address indexed account, bytes32 indexed faultId, address indexed module, uint64 taken, uint64 reward);
    /// @notice A module locked stake, or released it.
    event StakeLocked(address indexed account, address indexed module, uint64 locked);
    /// @notice The account may take on nothing new.
    event StakeSuspended(address indexed account);
    /// @notice The account's suspension has ended.
    event StakeReinstated(address indexed account);

    /// @notice Adds stake from the caller's credits to an account that may have some here.
    function deposit(address account, uint64 amount) external;
    /// @notice Starts taking stake out, ready `unbondingDelay` after the later of now and the account's last obligation. An
    /// account that is engaged keeps `minStake`. Only for whoever the stake is paid to.
    function requestUnbonding(address account, uint64 amount) external;
    /// @notice Pays ready unbonded stake to whom it belongs; not while a fault of the account is open. Anyone may call it.
    function withdrawUnbonded(address account) external returns (uint64 amount);
    /// @notice Keeps free stake of an account where it is, for the calling module's decision. Only for slashing modules.
    function lockStake(address account, uint64 amount) external;
    /// @notice Ends what `lockStake` of the same module began.
    function unlockStake(address account, uint64 amount) external;
    /// @notice An account's stake.
    function bondOf(address account) external view returns (BondView memory);
    /// @notice Whether the account has the minimum stake and is not suspended.
    function isBonded(address account) external view returns (bool);
    /// @notice Least stake of an account that takes on anything.
    function minStake() external view returns (uint64);
}
