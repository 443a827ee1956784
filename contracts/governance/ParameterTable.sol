// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParameters} from "../interfaces/IParameters.sol";

/// @dev Number of parameters: the length of every array of them.
uint256 constant PARAMETER_COUNT = 35;

/// @title The parameters' names, units and ranges
/// @notice The ranges that hold on every network, and what must hold between parameters; see IParameters.Parameter.
library ParameterTable {
    /// @dev A billion credits in millionths.
    uint64 private constant AMOUNT_MAX = 1e15;
    uint64 private constant BPS = 10_000;
    uint64 private constant LEVEL_MAX = 254;
    /// @dev A tender keeps a task's delivery, verdict, dispute and panel windows together in 24 bits.
    uint256 private constant DUTY_SECONDS_MAX = type(uint24).max;

    /// @dev One line of the table.
    struct Row {
        string name;
        string unit;
        uint64 min;
        uint64 max;
    }

    /// @dev Name, unit and the range that holds everywhere.
    function rowOf(IParameters.Parameter p) internal pure returns (Row memory) {
        if (p < IParameters.Parameter.CommitWindowMin) return _stakeRow(p);
        if (p < IParameters.Parameter.PanelBond) return _marketRow(p);
        if (p < IParameters.Parameter.FalseCapabilityShare) return _panelRow(p);
        return _accusationRow(p);
    }

    /// @dev Whether the values go together; each is within its range.
    function isConsistent(uint64[PARAMETER_COUNT] memory v) internal pure returns (bool) {
        uint256 windowMax = _at(v, IParameters.Parameter.WindowMax);
        for (uint256 i = 0; i < 5; i++) {
            if (v[uint256(IParameters.Parameter.CommitWindowMin) + i] > windowMax) return false;
        }
        uint256 voting =
            _at(v, IParameters.Parameter.PanelVoteWindow) + _at(v, IParameters.Parameter.PanelVoteRevealWindow);
        if (3 * windowMax + voting > DUTY_SECONDS_MAX) return false;
        uint256 seats = _at(v, IParameters.Parameter.PanelSeats);
        uint256 quorum = _at(v, IParameters.Parameter.PanelQuorum);
        uint256 weightMax = _at(v, IParameters.Parameter.PanelWeightMax);
        if (quorum > seats || (weightMax >= quorum && weightMax != 1)) return false;
        return _at(v, IParameters.Parameter.PanelBond) >= _at(v, IParameters.Parameter.PanelFee) * seats;
    }

    function _stakeRow(IParameters.Parameter p) private pure returns (Row memory) {
        if (p == IParameters.Parameter.MinStake) return Row("minStake", "credit", 1, AMOUNT_MAX);
        if (p == IParameters.Parameter.StakePerUnit) return Row("stakePerUnit", "credit", 1, AMOUNT_MAX);
        if (p == IParameters.Parameter.AttesterMinStake) return Row("attesterMinStake", "credit", 1, AMOUNT_MAX);
        if (p == IParameters.Parameter.ValidatorMinStake) return Row("validatorMinStake", "credit", 1, AMOUNT_MAX);
        if (p == IParameters.Parameter.UnbondingDelay) return Row("unbondingDelay", "second", 1, 365 days);
        if (p == IParameters.Parameter.RewardClaim) return Row("rewardClaim", "second", 1, 30 days);
        if (p == IParameters.Parameter.EvidenceAge) return Row("evidenceAge", "second", 1, 180 days);
        if (p == IParameters.Parameter.EquivocationFixed) return Row("equivocationFixed", "credit", 0, AMOUNT_MAX);
        if (p == IParameters.Parameter.EquivocationShare) return Row("equivocationShare", "share", 0, BPS);
        return Row("rewardShare", "share", 0, 1_000);
    }

    function _marketRow(IParameters.Parameter p) private pure returns (Row memory) {
        if (p == IParameters.Parameter.CommitWindowMin) return Row("commitWindowMin", "second", 1, 7 days);
        if (p == IParameters.Parameter.RevealWindowMin) return Row("revealWindowMin", "second", 1, 7 days);
        if (p == IParameters.Parameter.DeliveryWindowMin) return Row("deliveryWindowMin", "second", 1, 7 days);
        if (p == IParameters.Parameter.VerdictWindowMin) return Row("verdictWindowMin", "second", 1, 7 days);
        if (p == IParameters.Parameter.AcceptanceWindowMin) return Row("acceptanceWindowMin", "second", 1, 7 days);
        if (p == IParameters.Parameter.WindowMax) return Row("windowMax", "second", 60, 64 days);
        if (p == IParameters.Parameter.ExpiryMargin) return Row("expiryMargin", "second", 1, 60 days);
        if (p == IParameters.Parameter.PostingFee) return Row("postingFee", "credit", 0, AMOUNT_MAX);
        if (p == IParameters.Parameter.LockMin) return Row("lockMin", "credit", 0, AMOUNT_MAX);
        if (p == IParameters.Parameter.NoShowShare) return Row("noShowShare", "share", 1_000, BPS);
        if (p == IParameters.Parameter.UnitsMax) return Row("unitsMax", "number", 1, 48);
        if (p == IParameters.Parameter.ReassignmentsMax) return Row("reassignmentsMax", "number", 0, 32);
        return Row("candidatesMax", "number", 0, 6);
    }

    function _panelRow(IParameters.Parameter p) private pure returns (Row memory) {
        if (p == IParameters.Parameter.PanelBond) return Row("panelBond", "credit", 0, AMOUNT_MAX);
        if (p == IParameters.Parameter.PanelFee) return Row("panelFee", "credit", 0, AMOUNT_MAX);
        if (p == IParameters.Parameter.PanelVoteWindow) return Row("panelVoteWindow", "second", 1, 30 days);
        if (p == IParameters.Parameter.PanelVoteRevealWindow) return Row("panelVoteRevealWindow", "second", 1, 30 days);
        if (p == IParameters.Parameter.PanelSeats) return Row("panelSeats", "number", 1, 16);
        if (p == IParameters.Parameter.PanelQuorum) return Row("panelQuorum", "number", 1, 16);
        if (p == IParameters.Parameter.PanelLevel) return Row("panelLevel", "number", 1, LEVEL_MAX);
        return Row("panelWeightMax", "number", 1, LEVEL_MAX);
    }

    function _accusationRow(IParameters.Parameter p) private pure returns (Row memory) {
        if (p == IParameters.Parameter.FalseCapabilityShare) return Row("falseCapabilityShare", "share", 1, BPS);
        if (p == IParameters.Parameter.Accusers) return Row("accusers", "number", 2, 16);
        if (p == IParameters.Parameter.AccusationWindow) return Row("accusationWindow", "second", 1, 30 days);
        return Row("appealWindow", "second", 1, 90 days);
    }

    function _at(uint64[PARAMETER_COUNT] memory values, IParameters.Parameter p) private pure returns (uint256) {
        return values[uint256(p)];
    }
}
