// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAgenticCommerce} from "../interfaces/IAgenticCommerce.sol";
import {IJobEscrow} from "../interfaces/IJobEscrow.sol";

/// @title Job escrow (ERC-8183)
/// @notice Six states, one token, no hooks, no fee. What a job's end owes somebody is credited, and sent when it is
/// withdrawn, by anyone, to its owner alone: no end of a job depends on whoever is paid.
/// @dev Slot 0 is `mapping(uint256 jobId => Record)`, the mapping's values being four words and a string; the first
/// word, from the low end: provider 160, status 8, submittedAt 40, expiredAt 40 bits. The payment token must be one
/// that moves exactly what it is told to. Reentering gains nothing: every function changes the books before it moves money,
/// and a transfer into the escrow that fails undoes them.
contract JobEscrow is IJobEscrow, ERC165 {
    using SafeERC20 for IERC20;

    struct Record {
        address provider;
        JobStatus status;
        uint40 submittedAt;
        uint40 expiredAt;
        address client;
        uint96 budget;
        address evaluator;
        uint40 createdAt;
        bytes32 deliverable;
        string description;
    }

    /// @notice The payment token.
    IERC20 public immutable token;

    mapping(uint256 jobId => Record) private _jobs;
    uint256 private _jobCount;
    mapping(address account => uint256) private _credits;

    /// @notice There is no job with this id.
    error JobEscrowUnknownJob(uint256 jobId);
    /// @notice The job's status does not permit the call.
    error JobEscrowInvalidStatus(uint256 jobId, JobStatus status);
    /// @notice The caller does not have the role that the call needs.
    error JobEscrowUnauthorized(uint256 jobId, address caller);
    /// @notice A job needs an evaluator.
    error JobEscrowInvalidEvaluator();
    /// @notice The expiry is not in the future, or beyond 40 bits of seconds.
    error JobEscrowInvalidExpiry(uint256 expiredAt);
    /// @notice The job's hook must be zero.
    error JobEscrowHookUnsupported(address hook);
    /// @notice The provider is zero, or was set already.
    error JobEscrowInvalidProvider(uint256 jobId, address provider);
    /// @notice The budget is zero, beyond 96 bits, or not the expected one.
    error JobEscrowInvalidBudget(uint256 jobId, uint256 amount);
    /// @notice The job has not expired yet.
    error JobEscrowNotExpired(uint256 jobId, uint256 expiredAt);

    /// @param token_ The payment token, for every job.
    constructor(IERC20 token_) {
        token = token_;
    }

    /// @inheritdoc IAgenticCommerce
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external returns (uint256 jobId) {
        if (evaluator == address(0)) revert JobEscrowInvalidEvaluator();
        if (expiredAt <= block.timestamp || expiredAt > type(uint40).max) revert JobEscrowInvalidExpiry(expiredAt);
        if (hook != address(0)) revert JobEscrowHookUnsupported(hook);
        jobId = ++_jobCount;
        Record storage job = _jobs[jobId];
        job.provider = provider;
        job.expiredAt = uint40(expiredAt);
        job.client = msg.sender;
        job.evaluator = evaluator;
        job.createdAt = uint40(block.timestamp);
        job.description = description;
        emit JobCreated(jobId, msg.sender, provider, evaluator, expiredAt);
    }

    /// @inheritdoc IAgenticCommerce
    function setProvider(uint256 jobId, address provider, bytes calldata) external {
        Record storage job = _jobIn(jobId, JobStatus.Open);
        if (msg.sender != job.client) revert JobEscrowUnauthorized(jobId, msg.sender);
        if (job.provider != address(0) || provider == address(0)) revert JobEscrowInvalidProvider(jobId, provider);
        job.provider = provider;
        emit ProviderSet(jobId, provider);
    }

    /// @inheritdoc IAgenticCommerce
    function setBudget(uint256 jobId, uint256 amount, bytes calldata) external {
        Record storage job = _jobIn(jobId, JobStatus.Open);
        if (msg.sender != job.client && msg.sender != job.provider) revert JobEscrowUnauthorized(jobId, msg.sender);
        if (amount > type(uint96).max) revert JobEscrowInvalidBudget(jobId, amount);
        job.budget = uint96(amount);
        emit BudgetSet(jobId, amount);
    }

    /// @inheritdoc IAgenticCommerce
    function fund(uint256 jobId, uint256 expectedBudget, bytes calldata) external {
        Record storage job = _jobIn(jobId, JobStatus.Open);
        if (msg.sender != job.client) revert JobEscrowUnauthorized(jobId, msg.sender);
        if (job.provider == address(0)) revert JobEscrowInvalidProvider(jobId, address(0));
        uint256 budget = job.budget;
        if (budget == 0 || budget != expectedBudget) revert JobEscrowInvalidBudget(jobId, budget);
        job.status = JobStatus.Funded;
        emit JobFunded(jobId, msg.sender, budget);
        token.safeTransferFrom(msg.sender, address(this), budget);
    }

    /// @inheritdoc IAgenticCommerce
    function submit(uint256 jobId, bytes32 deliverable, bytes calldata) external {
        Record storage job = _jobIn(jobId, JobStatus.Funded);
        if (msg.sender != job.provider) revert JobEscrowUnauthorized(jobId, msg.sender);
        job.status = JobStatus.Submitted;
        job.submittedAt = uint40(block.timestamp);
        job.deliverable = deliverable;
        emit JobSubmitted(jobId, msg.sender, deliverable);
    }

    /// @inheritdoc IAgenticCommerce
    function complete(uint256 jobId, bytes32 reason, bytes calldata) external {
        Record storage job = _jobIn(jobId, JobStatus.Submitted);
        if (msg.sender != job.evaluator) revert JobEscrowUnauthorized(jobId, msg.sender);
        job.status = JobStatus.Completed;
        _credits[job.provider] += job.budget;
        emit JobCompleted(jobId, msg.sender, reason);
        emit PaymentReleased(jobId, job.provider, job.budget);
    }

    /// @inheritdoc IAgenticCommerce
    function reject(uint256 jobId, bytes32 reason, bytes calldata) external {
        Record storage job = _job(jobId);
        JobStatus status = job.status;
        if (status > JobStatus.Submitted) revert JobEscrowInvalidStatus(jobId, status);
        address rejector = status == JobStatus.Open ? job.client : job.evaluator;
        if (msg.sender != rejector) revert JobEscrowUnauthorized(jobId, msg.sender);
        job.status = JobStatus.Rejected;
        emit JobRejected(jobId, msg.sender, reason);
        if (status != JobStatus.Open) _refund(jobId, job);
    }

    /// @inheritdoc IAgenticCommerce
    function claimRefund(uint256 jobId) external {
        Record storage job = _job(jobId);
        JobStatus status = job.status;
        if (status != JobStatus.Funded && status != JobStatus.Submitted) revert JobEscrowInvalidStatus(jobId, status);
        if (block.timestamp < job.expiredAt) revert JobEscrowNotExpired(jobId, job.expiredAt);
        job.status = JobStatus.Expired;
        emit JobExpired(jobId);
        _refund(jobId, job);
    }

    /// @inheritdoc IJobEscrow
    function withdrawFor(address account) external returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) return 0;
        _credits[account] = 0;
        emit Withdrawn(account, amount);
        token.safeTransfer(account, amount);
    }

    /// @inheritdoc IJobEscrow
    function creditOf(address account) external view returns (uint256 amount) {
        return _credits[account];
    }

    /// @notice Number of jobs so far; their ids are 1 to this.
    function jobCount() external view returns (uint256) {
        return _jobCount;
    }

    /// @inheritdoc IJobEscrow
    function getJob(uint256 jobId) external view returns (Job memory) {
        Record storage job = _job(jobId);
        return Job({
            client: job.client,
            provider: job.provider,
            evaluator: job.evaluator,
            description: job.description,
            budget: job.budget,
            expiredAt: job.expiredAt,
            status: job.status,
            hook: address(0),
            submittedAt: job.submittedAt,
            deliverable: job.deliverable
        });
    }

    /// @inheritdoc IJobEscrow
    function createdAtOf(uint256 jobId) external view returns (uint40) {
        return _job(jobId).createdAt;
    }

    /// @inheritdoc IJobEscrow
    function submissionOf(uint256 jobId)
        external
        view
        returns (JobStatus status, uint40 submittedAt, bytes32 deliverable)
    {
        Record storage job = _job(jobId);
        return (job.status, job.submittedAt, job.deliverable);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        bool own = interfaceId == type(IJobEscrow).interfaceId || interfaceId == type(IAgenticCommerce).interfaceId;
        return own || super.supportsInterface(interfaceId);
    }

    function _refund(uint256 jobId, Record storage job) private {
        _credits[job.client] += job.budget;
        emit Refunded(jobId, job.client, job.budget);
    }

    function _job(uint256 jobId) private view returns (Record storage job) {
        job = _jobs[jobId];
        if (job.client == address(0)) revert JobEscrowUnknownJob(jobId);
    }

    function _jobIn(uint256 jobId, JobStatus wanted) private view returns (Record storage job) {
        job = _job(jobId);
        if (job.status != wanted) revert JobEscrowInvalidStatus(jobId, job.status);
    }
}
