// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title ERC-8183 agentic commerce: a job with an escrowed budget and an evaluator
/// @notice Source: ERC-8183, "State Machine", "Core Functions", "Events": its functions and no others, so that the ERC-165
/// id means the standard. A kernel without hooks, which the text names compliant: `optParams` are taken and not read, and
/// a job's hook is always zero.
interface IAgenticCommerce {
    enum JobStatus {
        Open,
        Funded,
        Submitted,
        Completed,
        Rejected,
        Expired
    }

    /// @notice A job in Open.
    event JobCreated(
        uint256 indexed jobId, address indexed client, address indexed provider, address evaluator, uint256 expiredAt
    );
    /// @notice The provider of a job that was created without one.
    event ProviderSet(uint256 indexed jobId, address indexed provider);
    /// @notice Client or provider proposed a budget.
    event BudgetSet(uint256 indexed jobId, uint256 amount);
    /// @notice The budget is in escrow.
    event JobFunded(uint256 indexed jobId, address indexed client, uint256 amount);
    /// @notice The provider submitted its work.
    event JobSubmitted(uint256 indexed jobId, address indexed provider, bytes32 deliverable);
    /// @notice The evaluator accepted the work.
    event JobCompleted(uint256 indexed jobId, address indexed evaluator, bytes32 reason);
    /// @notice The client (Open) or the evaluator (Funded, Submitted) rejected the job.
    event JobRejected(uint256 indexed jobId, address indexed rejector, bytes32 reason);
    /// @notice The job ended unjudged, past its expiry.
    event JobExpired(uint256 indexed jobId);
    /// @notice The budget was credited to the provider.
    event PaymentReleased(uint256 indexed jobId, address indexed provider, uint256 amount);
    /// @notice The budget was credited back to the client.
    event Refunded(uint256 indexed jobId, address indexed client, uint256 amount);

    /// @notice Creates a job in Open, the caller being its client.
    /// @param provider Who is to do the work; zero to set it later.
    /// @param evaluator Who alone may complete, and reject once funded; not zero.
    /// @param expiredAt Second of block time, in the future.
    /// @param hook Must be zero.
    /// @return jobId Ids count from 1.
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external returns (uint256 jobId);

    /// @notice Open, by the client, once, when the job was created without a provider.
    function setProvider(uint256 jobId, address provider, bytes calldata optParams) external;

    /// @notice Open, by client or provider: agrees on the budget.
    function setBudget(uint256 jobId, uint256 amount, bytes calldata optParams) external;

    /// @notice Open to Funded, by the client: pulls the budget, which must be `expectedBudget`.
    function fund(uint256 jobId, uint256 expectedBudget, bytes calldata optParams) external;

    /// @notice Funded to Submitted, by the provider.
    function submit(uint256 jobId, bytes32 deliverable, bytes calldata optParams) external;

    /// @notice Submitted to Completed, by the evaluator: credits the provider.
    function complete(uint256 jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice To Rejected: by the client while Open, by the evaluator while Funded or Submitted; credits the client.
    function reject(uint256 jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice Funded or Submitted to Expired, by anyone from `expiredAt` on; credits the client.
    function claimRefund(uint256 jobId) external;
}
