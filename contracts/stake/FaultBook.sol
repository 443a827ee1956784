// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";

/// @title The faults that a register of stake has punished, and their rewards
/// @notice Each fault is punished once. What is taken is burned but for the reporter's share, which waits for its
/// reporter, is then paid after the unbonding delay, and is burned if nobody claims it in time.
/// @dev Whose stake it is, and where it is taken from, is for the contract that inherits this to say.
abstract contract FaultBook is IStakeRegister {
    using SafeERC20 for ICredits;

    /// @dev `module` is zero while the fault is not punished.
    struct Fault {
        address module;
        uint64 held;
        uint64 claimUntil;
    }

    /// @notice Largest share of a penalty that a reporter gets, in ten-thousandths.
    uint256 public constant REWARD_SHARE_MAX_BPS = 1000;

    /// @notice The money that stake is in.
    ICredits public immutable credits;
    /// @notice The rules' numbers: the unbonding delay and the reward's claim time, asked when they begin to count.
    IParameters public immutable parameters;

    mapping(address reporter => UnbondingView) private _rewards;
    mapping(bytes32 faultId => Fault) private _faults;
    mapping(address module => bool) private _slashers;
    mapping(uint256 offender => uint32) private _openFaults;
    mapping(address module => mapping(uint256 offender => uint32)) private _openFaultsBy;

    /// @notice The caller is no slashing module of this register.
    error StakeNotSlasher(address caller);
    /// @notice Nothing is there to be paid out, or not yet.
    error StakeNotReady(uint256 readyAt);
    /// @notice The fault has been punished before.
    error StakeFaultPunished(bytes32 faultId);
    /// @notice The module punished no such fault.
    error StakeFaultUnknown(bytes32 faultId);
    /// @notice The fault's reward has been paid or burned, or its time is over.
    error StakeRewardGone(bytes32 faultId);
    /// @notice The fault's reward can still be claimed.
    error StakeRewardClaimable(bytes32 faultId, uint256 claimUntil);
    /// @notice The offender has an open fault: what is on its way out stays in reach until it is closed.
    error StakeFaultOpen(uint256 offender);
    /// @notice The module has no open fault of the offender.
    error StakeNoFaultOpen(uint256 offender);
    /// @notice The reporter's share is above `REWARD_SHARE_MAX_BPS`.
    error StakeRewardShareTooLarge(uint256 shareBps);

    /// @param credits_ The money that stake is in.
    /// @param parameters_ The rules' numbers.
    /// @param slashers Modules that may take stake.
    constructor(ICredits credits_, IParameters parameters_, address[] memory slashers) {
        credits = credits_;
        parameters = parameters_;
        for (uint256 i = 0; i < slashers.length; i++) _setSlasher(slashers[i], true);
    }

    /// @dev Lets only the slashing modules through.
    modifier onlySlasher() {
        if (!_slashers[msg.sender]) revert StakeNotSlasher(msg.sender);
        _;
    }

    /// @inheritdoc IStakeRegister
    function payReward(bytes32 faultId, address reporter) external returns (uint64 amount) {
        amount = _faults[faultId].held;
        _payReward(faultId, reporter, amount);
    }

    /// @inheritdoc IStakeRegister
    function payRewardPart(bytes32 faultId, address reporter, uint64 amount) external {
        _payReward(faultId, reporter, amount);
    }

    /// @inheritdoc IStakeRegister
    function burnUnclaimedReward(bytes32 faultId) external {
        Fault storage fault = _faults[faultId];
        uint64 amount = fault.held;
        if (amount == 0) revert StakeRewardGone(faultId);
        if (block.timestamp <= fault.claimUntil) revert StakeRewardClaimable(faultId, fault.claimUntil);
        fault.held = 0;
        credits.burn(amount);
        emit RewardBurned(faultId, amount);
    }

    /// @inheritdoc IStakeRegister
    function withdrawReward(address reporter) external returns (uint64 amount) {
        amount = _takeReady(_rewards[reporter]);
        credits.safeTransfer(reporter, amount);
        emit RewardWithdrawn(reporter, amount);
    }

    /// @inheritdoc IStakeRegister
    function openFault(uint256 offender) external onlySlasher {
        _requireOffender(offender);
        _openFaultsBy[msg.sender][offender]++;
        emit OpenFaultsChanged(offender, ++_openFaults[offender]);
    }

    /// @inheritdoc IStakeRegister
    function closeFault(uint256 offender) external {
        if (_openFaultsBy[msg.sender][offender] == 0) revert StakeNoFaultOpen(offender);
        _openFaultsBy[msg.sender][offender]--;
        emit OpenFaultsChanged(offender, --_openFaults[offender]);
    }

    /// @inheritdoc IStakeRegister
    function openFaultsOf(uint256 offender) public view returns (uint32) {
        return _openFaults[offender];
    }

    /// @inheritdoc IStakeRegister
    function isPunished(bytes32 faultId) external view returns (bool) {
        return _faults[faultId].module != address(0);
    }

    /// @inheritdoc IStakeRegister
    function rewardOf(address reporter) external view returns (UnbondingView memory) {
        return _rewards[reporter];
    }

    /// @inheritdoc IStakeRegister
    function unbondingDelay() public view returns (uint64) {
        return parameters.get(IParameters.Parameter.UnbondingDelay);
    }

    /// @notice Seconds for which the reward of a fault that is punished now waits for its reporter.
    function rewardClaim() public view returns (uint64) {
        return parameters.get(IParameters.Parameter.RewardClaim);
    }

    /// @notice Whether a module may take stake.
    function isSlasher(address module) external view returns (bool) {
        return _slashers[module];
    }

    /// @dev Reverts for whoever the register does not know.
    function _requireOffender(uint256 offender) internal view virtual;

    /// @dev Refuses what must wait until every fault of the offender has been decided.
    function _requireNoOpenFault(uint256 offender) internal view {
        if (_openFaults[offender] != 0) revert StakeFaultOpen(offender);
    }

    /// @dev Lets a module take stake, or no longer. Rewards of what it has punished stay claimable through it.
    function _setSlasher(address module, bool slashes) internal {
        if (_slashers[module] == slashes) return;
        _slashers[module] = slashes;
        emit SlasherChanged(module, slashes);
    }

    /// @dev Refuses a fault that cannot be punished, before anything is taken.
    function _checkFault(bytes32 faultId, uint256 rewardShareBps) internal view {
        if (rewardShareBps > REWARD_SHARE_MAX_BPS) revert StakeRewardShareTooLarge(rewardShareBps);
        if (_faults[faultId].module != address(0)) revert StakeFaultPunished(faultId);
    }

    /// @dev Records a fault in the name of the calling module and burns what was taken but for the reporter's share.
    /// @return held The reporter's share.
    function _recordFault(bytes32 faultId, uint64 taken, uint256 rewardShareBps) internal returns (uint64 held) {
        held = uint64((uint256(taken) * rewardShareBps) / 10_000);
        _faults[faultId] = Fault(msg.sender, held, uint64(block.timestamp) + rewardClaim());
        if (taken > held) credits.burn(taken - held);
    }

    /// @dev Credits what waits for the reporters of a fault that the calling module punished.
    function _payReward(bytes32 faultId, address reporter, uint64 amount) private {
        Fault storage fault = _faults[faultId];
        if (fault.module != msg.sender) revert StakeFaultUnknown(faultId);
        if (amount == 0 || amount > fault.held || block.timestamp > fault.claimUntil) revert StakeRewardGone(faultId);
        fault.held -= amount;
        UnbondingView storage reward = _rewards[reporter];
        reward.amount += amount;
        reward.readyAt = _readyAt(reward, uint64(block.timestamp));
        emit RewardCredited(faultId, reporter, amount, reward.readyAt);
    }

    /// @dev When what is on its way out is ready after an addition: never sooner than before, whatever the delay is now.
    function _readyAt(UnbondingView storage leaving, uint64 from) internal view returns (uint64 readyAt) {
        readyAt = from + unbondingDelay();
        if (readyAt < leaving.readyAt) readyAt = leaving.readyAt;
    }

    /// @dev Empties what is on its way out, if it is ready.
    function _takeReady(UnbondingView storage leaving) internal returns (uint64 amount) {
        amount = leaving.amount;
        if (amount == 0 || block.timestamp < leaving.readyAt) revert StakeNotReady(leaving.readyAt);
        leaving.amount = 0;
    }
}
