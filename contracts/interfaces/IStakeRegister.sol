// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IStakeRegister
/// @notice What slashing modules ask of a contract that holds stake, whoever's it is: AgentLedger for agents (an offender
/// is an agentId), AttesterRegistry and ValidatorRegistry for accounts (an offender is its address as a number).
interface IStakeRegister {
    /// @notice Money on its way out: `amount` in millionths of a credit, payable from the second `readyAt`.
    struct UnbondingView {
        uint64 amount;
        uint64 readyAt;
    }

    /// @notice A module may take stake from now on, or no longer.
    event SlasherChanged(address indexed module, bool slashes);
    /// @notice A reporter was credited its share; all its rewards are ready at `readyAt`.
    event RewardCredited(bytes32 indexed faultId, address indexed reporter, uint64 amount, uint64 readyAt);
    /// @notice A reporter's rewards were paid.
    event RewardWithdrawn(address indexed reporter, uint64 amount);
    /// @notice A reward that nobody claimed in time was burned.
    event RewardBurned(bytes32 indexed faultId, uint64 amount);
    /// @notice A module is looking into a fault of an offender, or has come to its end.
    event OpenFaultsChanged(uint256 indexed offender, uint32 openFaults);

    /// @notice Takes `penalty` (or what is there) from bonded, then unbonding stake; burns all but the reporter's share.
    /// Only for the register's slashing modules.
    /// @param faultId keccak256(abi.encode(kind, offender, subject)): punished once, ever.
    /// @param rewardShareBps Reporter's share in ten-thousandths, at most 1,000; held until claimed or burned.
    /// @param suspend Whether the offender may take on nothing new from now on.
    /// @return taken Amount taken from the offender.
    function slash(bytes32 faultId, uint256 offender, uint256 penalty, uint256 rewardShareBps, bool suspend)
        external
        returns (uint64 taken);
    /// @notice Says that a fault of the offender is being looked into: until it is closed its suspension cannot end, its
    /// exiting stake is not paid out, and an agent cannot change hands. Only for the register's slashing modules.
    function openFault(uint256 offender) external;
    /// @notice Ends what `openFault` of the same module began.
    function closeFault(uint256 offender) external;
    /// @notice Credits the held reward of a fault to its reporter, payable after the unbonding delay. Only for the module
    /// that punished the fault.
    function payReward(bytes32 faultId, address reporter) external returns (uint64 amount);
    /// @notice Credits a part of the held reward of a fault to one of its reporters, as `payReward` does. Only for the module
    /// that punished the fault.
    function payRewardPart(bytes32 faultId, address reporter, uint64 amount) external;
    /// @notice Burns a reward that nobody claimed in time. Anyone may call it.
    function burnUnclaimedReward(bytes32 faultId) external;
    /// @notice Pays out a reporter's ready rewards. Anyone may call it.
    function withdrawReward(address reporter) external returns (uint64 amount);
    /// @notice A reporter's rewards, paid as exiting stake is.
    function rewardOf(address reporter) external view returns (UnbondingView memory);
    /// @notice Faults of the offender that modules are looking into.
    function openFaultsOf(uint256 offender) external view returns (uint32);
    /// @notice Whether a fault has been punished.
    function isPunished(bytes32 faultId) external view returns (bool);
    /// @notice Organisation that an offender belongs to: its members are never rewarded for reporting it.
    function organisationOfOffender(uint256 offender) external view returns (uint32 organisationId);
    /// @notice Bonded and unbonding stake of an offender, in millionths of a credit: most that a slash can take.
    function stakeInReachOf(uint256 offender) external view returns (uint64 amount);
    /// @notice Seconds from the later of a request and the last obligation to the payment of stake.
    function unbondingDelay() external view returns (uint64);
}
