// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title How tasks' outcomes become agents' reputation
/// @notice Writes, once a task is closed, what became of each of its units: a tally of its own per agent, and feedback in
/// the ERC-8004 reputation registry, whose client is this contract. Anyone may call it, and nothing waits for it.
interface IOutcomeRecorder {
    /// @dev Paid: delivered, and paid for. Rejected: delivered in time, and refunded by a verdict or a panel. NoShow:
    /// nothing was delivered in time.
    enum Outcome {
        Paid,
        Rejected,
        NoShow
    }

    /// @notice An agent's outcomes so far.
    struct Tally {
        uint64 paid;
        uint64 rejected;
        uint64 noShows;
    }

    /// @notice An outcome counts for an agent.
    /// @param requester Who had posted the task.
    /// @param feedbackIndex Of this contract's feedback for the agent in the registry; 0 when the registry refused it,
    /// which an agent brings about that makes this contract its operator. The tally counts all the same.
    event OutcomeRecorded(
        uint256 indexed taskId,
        uint256 indexed agentId,
        address indexed requester,
        Outcome outcome,
        uint64 feedbackIndex
    );
    /// @notice All of a task's outcomes are recorded.
    event TaskRecorded(uint256 indexed taskId);

    /// @notice Records the outcomes of a closed task; by anyone. One call looks at `OUTCOMES_PER_CALL` of them; call again
    /// while it returns true.
    /// @return more Whether there are outcomes left.
    function recordOutcome(uint256 taskId) external returns (bool more);

    /// @notice How many outcomes of a task have been looked at; units in their order, then no-shows in theirs.
    function recordedOf(uint256 taskId) external view returns (uint256 count);

    /// @notice What became of an agent's units, over all recorded tasks.
    function tallyOf(uint256 agentId) external view returns (Tally memory);
}
