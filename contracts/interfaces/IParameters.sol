// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITaskMarket} from "./ITaskMarket.sol";

/// @title IParameters
/// @notice Every number of the rules that the operators can change, within bounds. The modules ask here when something
/// begins (a task keeps what it was posted under) or goes wrong: a penalty goes by the lower of what was in force when
/// the offender took the duty on and what is in force now.
interface IParameters {
    /// @notice The parameters by number; new ones are appended. Each with its unit and the range that holds everywhere;
    /// a network can narrow it at its genesis. Amounts are millionths of a credit and at most a billion credits
    /// (10^15); shares are ten-thousandths.
    enum Parameter {
        // Least stake of an agent that takes on anything. Amount, 1 to 10^15.
        MinStake,
        // Stake that carries one commitment or job. Amount, 1 to 10^15.
        StakePerUnit,
        // Least stake of an attester whose attestations count. Amount, 1 to 10^15.
        AttesterMinStake,
        // Least stake of a validator in the set. Amount, 1 to 10^15.
        ValidatorMinStake,
        // From the later of a request and the last obligation until stake is paid out. Seconds, 1 to 365 days. The
        // shortest that a network permits is above the longest evidence age that it permits with the longest shortest
        // commit and reveal windows, and not below the longest expiry margin; a task's commit and reveal windows together
        // are shorter than what it leaves beside the evidence age. Then no sequence of changes lets stake outrun evidence.
        UnbondingDelay,
        // How long a fault's reward waits for its reporter. Seconds, 1 to 30 days.
        RewardClaim,
        // How long after a duty's last deadline evidence about it counts. Seconds, 1 to 180 days.
        EvidenceAge,
        // Least penalty of an equivocation. Amount, 0 to 10^15.
        EquivocationFixed,
        // Penalty of an equivocation as a share of bonded and unbonding stake. Share, 0 to 10,000.
        EquivocationShare,
        // Reporter's share of a penalty. Share, 0 to 1,000.
        RewardShare,
        // Shortest commit window of a task: must outlast f failing leaders in a row, gossip, a backlog and clock drift.
        // Seconds, 1 to 7 days, like the four after it.
        CommitWindowMin,
        // Shortest reveal window of a task: as the commit window.
        RevealWindowMin,
        // Shortest delivery window of a task.
        DeliveryWindowMin,
        // Shortest verdict window of a task.
        VerdictWindowMin,
        // Shortest turn of a ranked loser to take over a unit.
        AcceptanceWindowMin,
        // Longest that any window of a task may be. Seconds, 60 to 64 days; not below any shortest window, and three of
        // it with both vote windows below 2^24 seconds.
        WindowMax,
        // How long after every window an unfinished job's escrow expires. Seconds, 1 to 60 days.
        ExpiryMargin,
        // Burned at every posting. Amount, 0 to 10^15.
        PostingFee,
        // Least stake that a bidder locks. Amount, 0 to 10^15.
        LockMin,
        // Least penalty of a no-show as a share of the reserve. Share, 1,000 to 10,000.
        NoShowShare,
        // Most units of one task. Number, 1 to 48: what one transaction can settle.
        UnitsMax,
        // Most reassignments that a task can ask for. Number, 0 to 32.
        ReassignmentsMax,
        // How many ranked losers are offered a failed unit. Number, 0 to 6: what one transaction can recompute.
        CandidatesMax,
        // What an objector deposits. Amount, 0 to 10^15; at least fee × seats.
        PanelBond,
        // Per seat of a panel: paid for an opened vote, burned otherwise. Amount, 0 to 10^15.
        PanelFee,
        // From an objection, for sealed votes. Seconds, 1 to 30 days.
        PanelVoteWindow,
        // From the end of the vote window, for opening them. Seconds, 1 to 30 days.
        PanelVoteRevealWindow,
        // Most members drawn. Number, 1 to 16: what one transaction can seat.
        PanelSeats,
        // Fewest opened votes that decide. Number, 1 to 16; at most the seats.
        PanelQuorum,
        // Lowest level of the evaluating capability that is drawn. Number, 1 to 254.
        PanelLevel,
        // Most that one vote counts. Number, 1 to 254; below the quorum unless 1, so that nobody outvotes all others.
        PanelWeightMax,
        // Penalty of a false capability as a share of the agent's bonded and unbonding stake (of the minimum stake, if that
        // is more), and what each accuser locks. Share, 1 to 10,000.
        FalseCapabilityShare,
        // Attesters of distinct organisations without whom no accusation of a false capability goes to the operators.
        // Number, 2 to 16: what one transaction can punish or pay.
        Accusers,
        // From an accusation, for others to second it. Seconds, 1 to 30 days.
        AccusationWindow,
        // From the last accuser that was needed, for the operators to decide; longer than the time lock's delay, or they
        // cannot. Seconds, 1 to 90 days.
        AppealWindow
    }

    /// @notice A parameter with what people need to know of it.
    /// @param name In camel case, as the SDK and the command line call it.
    /// @param unit "credit" (millionths of one), "second", "share" (ten-thousandths) or "number".
    struct Definition {
        string name;
        string unit;
        uint64 min;
        uint64 max;
        uint64 value;
    }

    /// @notice A new value of a parameter.
    struct Change {
        Parameter parameter;
        uint64 value;
    }

    /// @notice A narrower range of a parameter, for one network.
    struct Bound {
        Parameter parameter;
        uint64 min;
        uint64 max;
    }

    /// @notice A parameter has another value from now on.
    event ParameterChanged(Parameter indexed parameter, uint64 from, uint64 to);

    /// @notice Changes parameters, all or none; only by an executed proposal of the operators.
    function set(Change[] calldata changes) external;

    /// @notice The value in force.
    function get(Parameter parameter) external view returns (uint64);

    /// @notice The lower of the value in force at a time and the one in force now: what a penalty goes by.
    /// @param since When the duty was taken on, in seconds since 1970.
    function lowerOf(Parameter parameter, uint256 since) external view returns (uint64);

    /// @notice Under what a task is posted now.
    function marketParameters() external view returns (ITaskMarket.Parameters memory);

    /// @notice Name, unit, bounds on this network, and value.
    function definitionOf(Parameter parameter) external view returns (Definition memory);

    /// @notice How many parameters there are; they are numbered 0 to this − 1.
    function parameterCount() external view returns (uint256);
}
