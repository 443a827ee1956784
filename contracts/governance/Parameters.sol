// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {ITaskMarket} from "../interfaces/ITaskMarket.sol";
import {Governed} from "./Governed.sol";
import {PARAMETER_COUNT, ParameterTable} from "./ParameterTable.sol";

/// @title The rules' numbers
/// @notice Every number of the rules that the operators can change: with its unit, within its bounds, behind the time
/// lock, and with a history, by which penalties go by the lower of then and now.
/// @dev What every bid reads is kept by the AgentLedger in a word of its own, which it copies from here at a change.
/// History holds one entry per change: reading it takes gas for the changes since a duty was taken on, not for all.
contract Parameters is IParameters, Governed {
    /// @dev A value that was in force until `until`, the second of its change included.
    struct Past {
        uint64 value;
        uint64 until;
    }

    struct Range {
        uint64 min;
        uint64 max;
    }

    /// @notice The ledger that is told of changes.
    IAgentLedger public immutable ledger;

    /// @dev The shortest unbonding delay that this network permits.
    uint64 private immutable _unbondingDelayMin;

    /// @dev By number; four to a word.
    uint64[PARAMETER_COUNT] private _values;
    mapping(Parameter => Range) private _bounds;
    mapping(Parameter => Past[]) private _past;

    /// @notice A value is out of the parameter's bounds.
    error ParametersOutOfBounds(Parameter parameter, uint64 value, uint64 min, uint64 max);
    /// @notice Values are each within their bounds, but do not go together; see IParameters.Parameter.
    error ParametersInconsistent();
    /// @notice A network's bound is wider than the range that holds everywhere, or empty, or lets stake outrun evidence.
    error ParametersInvalidBound(Parameter parameter);
    /// @notice There must be one initial value for each parameter.
    error ParametersInvalidCount(uint256 count);

    /// @param governor_ The Operators contract.
    /// @param ledger_ The AgentLedger, which reads what it needs when it is made.
    /// @param values A value for each parameter, in their order.
    /// @param bounds Narrower ranges, for this network for ever.
    constructor(address governor_, IAgentLedger ledger_, uint64[] memory values, Bound[] memory bounds)
        Governed(governor_)
    {
        bool complete = values.length == PARAMETER_COUNT
            && PARAMETER_COUNT == uint256(type(Parameter).max) + 1;
        if (!complete) revert ParametersInvalidCount(values.length);
        ledger = ledger_;
        for (uint256 i = 0; i < bounds.length; i++) _narrow(bounds[i]);
        _unbondingDelayMin = _boundsOf(Parameter.UnbondingDelay).min;
        if (_isOutrun()) revert ParametersInvalidBound(Parameter.UnbondingDelay);
        for (uint256 i = 0; i < values.length; i++) {
            _checkBounds(Parameter(i), values[i]);
            _values[i] = values[i];
        }
        if (!ParameterTable.isConsistent(_values)) revert ParametersInconsistent();
    }

    /// @inheritdoc IParameters
    function set(Change[] calldata changes) external onlyGovernor {
        for (uint256 i = 0; i < changes.length; i++) {
            Parameter parameter = changes[i].parameter;
            uint64 to = changes[i].value;
            uint64 from = _values[uint256(parameter)];
            if (from == to) continue;
            _checkBounds(parameter, to);
            _past[parameter].push(Past(from, uint64(block.timestamp)));
            _values[uint256(parameter)] = to;
            emit ParameterChanged(parameter, from, to);
        }
        if (!ParameterTable.isConsistent(_values)) revert ParametersInconsistent();
        ledger.parametersChanged();
    }

    /// @inheritdoc IParameters
    function get(Parameter parameter) public view returns (uint64) {
        return _values[uint256(parameter)];
    }

    /// @inheritdoc IParameters
    /// @dev A duty of the second of a change counts as older than it: which came first is not known, and this way no
    /// penalty rises for anybody.
    function lowerOf(Parameter parameter, uint256 since) external view returns (uint64) {
        Past[] storage past = _past[parameter];
        uint64 present = get(parameter);
        uint64 then = present;
        for (uint256 i = past.length; i > 0 && past[i - 1].until >= since; i--) then = past[i - 1].value;
        return then < present ? then : present;
    }

    /// @inheritdoc IParameters
    function marketParameters() external view returns (ITaskMarket.Parameters memory) {
        return ITaskMarket.Parameters({
            commitWindowMin: uint32(get(Parameter.CommitWindowMin)),
            revealWindowMin: uint32(get(Parameter.RevealWindowMin)),
            deliveryWindowMin: uint32(get(Parameter.DeliveryWindowMin)),
            verdictWindowMin: uint32(get(Parameter.VerdictWindowMin)),
            acceptanceWindowMin: uint32(get(Parameter.AcceptanceWindowMin)),
            windowMax: uint32(get(Parameter.WindowMax)),
            bidWindowsMax: uint32(_unbondingDelayMin - get(Parameter.EvidenceAge) - 1),
            expiryMargin: uint32(get(Parameter.ExpiryMargin)),
            postingFee: get(Parameter.PostingFee),
            lockMin: get(Parameter.LockMin),
            minStake: get(Parameter.MinStake),
            noShowBps: uint16(get(Parameter.NoShowShare)),
            unitsMax: uint16(get(Parameter.UnitsMax)),
            reassignmentsMax: uint8(get(Parameter.ReassignmentsMax)),
            candidatesMax: uint8(get(Parameter.CandidatesMax)),
            panel: ITaskMarket.PanelTerms({
                bond: get(Parameter.PanelBond),
                fee: get(Parameter.PanelFee),
                voteWindow: uint32(get(Parameter.PanelVoteWindow)),
                voteRevealWindow: uint32(get(Parameter.PanelVoteRevealWindow)),
                seats: uint8(get(Parameter.PanelSeats)),
                quorum: uint8(get(Parameter.PanelQuorum)),
                level: uint8(get(Parameter.PanelLevel)),
                weightMax: uint8(get(Parameter.PanelWeightMax))
            })
        });
    }

    /// @inheritdoc IParameters
    function definitionOf(Parameter parameter) external view returns (Definition memory) {
        ParameterTable.Row memory row = ParameterTable.rowOf(parameter);
        Range memory range = _boundsOf(parameter);
        return Definition(row.name, row.unit, range.min, range.max, get(parameter));
    }

    /// @inheritdoc IParameters
    function parameterCount() external pure returns (uint256) {
        return PARAMETER_COUNT;
    }

    function _narrow(Bound memory bound) private {
        ParameterTable.Row memory row = ParameterTable.rowOf(bound.parameter);
        // A maximum of 0 leaves no bound to be told from none.
        if (bound.min < row.min || bound.max > row.max || bound.min > bound.max || bound.max == 0) {
            revert ParametersInvalidBound(bound.parameter);
        }
        _bounds[bound.parameter] = Range(bound.min, bound.max);
    }

    /// @dev Whether stake could leave, after some changes, before evidence about it stops to count, or a job expires. What is
    /// left of the shortest unbonding delay beside the evidence's age is for the commit and reveal windows of tenders: the
    /// shortest that the operators can ask for must fit in.
    function _isOutrun() private view returns (bool) {
        uint64 bidding = _boundsOf(Parameter.CommitWindowMin).max + _boundsOf(Parameter.RevealWindowMin).max;
        bool byEvidence = bidding + _boundsOf(Parameter.EvidenceAge).max >= _unbondingDelayMin;
        return byEvidence || _boundsOf(Parameter.ExpiryMargin).max > _unbondingDelayMin;
    }

    /// @dev The network's range, or the one that holds everywhere.
    function _boundsOf(Parameter parameter) private view returns (Range memory range) {
        range = _bounds[parameter];
        if (range.max != 0) return range;
        ParameterTable.Row memory row = ParameterTable.rowOf(parameter);
        return Range(row.min, row.max);
    }

    function _checkBounds(Parameter parameter, uint64 value) private view {
        Range memory range = _boundsOf(parameter);
        if (value < range.min || value > range.max) {
            revert ParametersOutOfBounds(parameter, value, range.min, range.max);
        }
    }
}
