// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OperatorSet} from "./OperatorSet.sol";

/// @title What the operators decide, in two steps and behind a time lock
/// @notice First step: an operator proposes a call on a module, and a quorum approves it; that queues the call. Second
/// step: once the delay has passed, anyone executes it. Everybody who is subject to the rules sees a change coming, and
/// can leave before it binds. Calls on a short list of emergencies need the quorum but no delay.
/// @dev Operators, quorum, delay and the list change the same way: by executed proposals on this contract. Approvals are
/// counted over the present operators, when a call is queued and again when it is executed, so that an approval ends
/// with its author's office. Times are seconds of block time.
contract Operators is OperatorSet {
    /// @dev Ready and Expired are not stored: they are what becomes of the others as time goes by.
    enum ProposalStatus {
        None,
        Pending,
        Queued,
        Ready,
        Executed,
        Cancelled,
        Expired
    }

    /// @param proposedAt When it was proposed.
    /// @param readyAt First second in which it can be executed; 0 before it is queued.
    /// @param expiresAt Last second in which it can be queued, or, once queued, executed.
    struct Proposal {
        address target;
        address proposer;
        uint64 proposedAt;
        uint64 readyAt;
        uint64 expiresAt;
        ProposalStatus status;
        bytes data;
    }

    /// @notice A function that needs no delay.
    struct EmergencyCall {
        address target;
        bytes4 selector;
    }

    /// @param delay Seconds from the quorum to the first second of execution.
    /// @param delayMin Least delay that the operators can ever set.
    struct TimeLock {
        uint64 delay;
        uint64 delayMin;
    }

    /// @notice Longest delay, in seconds: nothing is decided for times beyond it.
    uint64 public constant DELAY_MAX = 60 days;
    /// @notice How long a proposal waits for its quorum.
    uint64 public constant APPROVAL_WINDOW = 14 days;
    /// @notice How long a call can be executed once it is ready.
    uint64 public constant EXECUTION_WINDOW = 14 days;

    /// @notice Least delay that the operators can set, in seconds; 0 on development networks.
    uint64 public immutable delayMin;

    uint64 private _delay;
    Proposal[] private _proposals;
    mapping(uint256 proposalId => mapping(address operator => bool)) private _approved;
    mapping(address target => mapping(bytes4 selector => bool)) private _emergencies;

    /// @notice An operator proposed a call.
    event CallProposed(uint256 indexed proposalId, address indexed proposer, address indexed target, bytes data);
    /// @notice An operator approved a proposed call.
    event CallApproved(uint256 indexed proposalId, address indexed operator);
    /// @notice An operator took back its approval.
    event ApprovalWithdrawn(uint256 indexed proposalId, address indexed operator);
    /// @notice A quorum approved a call: it can be executed from `readyAt` to `expiresAt`.
    event CallQueued(uint256 indexed proposalId, uint64 readyAt, uint64 expiresAt);
    /// @notice A proposed call was made.
    event CallExecuted(uint256 indexed proposalId, address indexed executor, bytes result);
    /// @notice A proposed call will never be made.
    event CallCancelled(uint256 indexed proposalId, address indexed canceller);
    /// @notice Calls queued from now on wait so long.
    event DelayChanged(uint64 delay);
    /// @notice Calls of this function need a delay no longer, or again.
    event EmergencyCallChanged(address indexed target, bytes4 indexed selector, bool emergency);

    /// @notice There is no such proposal, or it does not wait for its quorum: queued, at its end, or expired.
    error OperatorsNotPending(uint256 proposalId);
    /// @notice There is no such proposal, or it has been executed or cancelled, or has expired.
    error OperatorsNotOpen(uint256 proposalId);
    /// @notice The operator has approved this proposal already.
    error OperatorsAlreadyApproved(uint256 proposalId, address operator);
    /// @notice The operator has not approved this proposal.
    error OperatorsNotApproved(uint256 proposalId, address operator);
    /// @notice Fewer present operators than the quorum approve.
    error OperatorsNoQuorum(uint256 proposalId, uint256 approvals, uint256 quorum);
    /// @notice The call is queued, and its delay has not passed.
    error OperatorsNotReady(uint256 proposalId, uint256 readyAt);
    /// @notice Neither an operator that proposed the call, nor an executed proposal.
    error OperatorsNotProposer(uint256 proposalId, address caller);
    /// @notice The target has no code: a call would succeed and do nothing.
    error OperatorsInvalidTarget(address target);
    /// @notice The delay is below `delayMin` or above `DELAY_MAX`.
    error OperatorsInvalidDelay(uint256 delay, uint256 min, uint256 max);
    /// @notice The proposed call failed without saying why.
    error OperatorsCallFailed(uint256 proposalId);

    /// @param founders First operators, at most `OPERATORS_MAX`.
    /// @param quorum_ How many of them must approve a call, at least 1.
    /// @param lock The delay and how short it may ever be.
    /// @param emergencies Functions that need no delay.
    constructor(address[] memory founders, uint256 quorum_, TimeLock memory lock, EmergencyCall[] memory emergencies)
        OperatorSet(founders, quorum_)
    {
        delayMin = lock.delayMin;
        _setDelay(lock.delay, lock.delayMin);
        _setEmergency(address(this), Operators.cancel.selector, true);
        for (uint256 i = 0; i < emergencies.length; i++) {
            _setEmergency(emergencies[i].target, emergencies[i].selector, true);
        }
    }

    /// @notice Proposes a call and approves it in the proposer's name.
    /// @param target Module to call; it must have code.
    /// @param data Calldata, selector included.
    /// @return proposalId Ids count from 0.
    function propose(address target, bytes calldata data) external onlyOperator returns (uint256 proposalId) {
        if (target.code.length == 0) revert OperatorsInvalidTarget(target);
        proposalId = _proposals.length;
        Proposal storage proposal = _proposals.push();
        proposal.target = target;
        proposal.proposer = msg.sender;
        proposal.proposedAt = uint64(block.timestamp);
        proposal.expiresAt = uint64(block.timestamp) + APPROVAL_WINDOW;
        proposal.status = ProposalStatus.Pending;
        proposal.data = data;
        emit CallProposed(proposalId, msg.sender, target, data);
        _approve(proposalId);
    }

    /// @notice Approves a proposal; the approval that makes the quorum queues it. A queued one can still be approved, in
    /// the place of operators that leave.
    function approve(uint256 proposalId) external onlyOperator {
        _open(proposalId);
        _approve(proposalId);
    }

    /// @notice Takes back one's approval, of a queued proposal too: without its quorum it is not executed.
    function withdrawApproval(uint256 proposalId) external {
        _open(proposalId);
        if (!_approved[proposalId][msg.sender]) revert OperatorsNotApproved(proposalId, msg.sender);
        _approved[proposalId][msg.sender] = false;
        emit ApprovalWithdrawn(proposalId, msg.sender);
    }

    /// @notice Queues a pending proposal that a quorum approves, for instance since the quorum was lowered. Anyone may.
    function queue(uint256 proposalId) external {
        if (statusOf(proposalId) != ProposalStatus.Pending) revert OperatorsNotPending(proposalId);
        _requireQuorum(proposalId);
        _queue(proposalId, _proposals[proposalId]);
    }

    /// @notice Makes a queued call once its delay has passed, if a quorum of the present operators still approves it.
    /// Anyone may execute. A call that reverts stays queued and can be tried again until it expires.
    /// @return result What the call returned; when the call reverts, so does this, with the same reason.
    function execute(uint256 proposalId) external returns (bytes memory result) {
        Proposal storage proposal = _open(proposalId);
        _requireQuorum(proposalId);
        if (proposal.status == ProposalStatus.Pending || block.timestamp < proposal.readyAt) {
            revert OperatorsNotReady(proposalId, proposal.readyAt);
        }
        proposal.status = ProposalStatus.Executed;
        bool done;
        (done, result) = proposal.target.call(proposal.data);
        if (!done) {
            if (result.length == 0) revert OperatorsCallFailed(proposalId);
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
        emit CallExecuted(proposalId, msg.sender, result);
    }

    /// @notice Ends a proposal for good: by its proposer while in office, or by an executed proposal on this contract,
    /// which is an emergency by nature and on the list from the start.
    function cancel(uint256 proposalId) external {
        Proposal storage proposal = _open(proposalId);
        bool own = msg.sender == proposal.proposer && isOperator(msg.sender);
        if (!own && msg.sender != address(this)) revert OperatorsNotProposer(proposalId, msg.sender);
        proposal.status = ProposalStatus.Cancelled;
        emit CallCancelled(proposalId, msg.sender);
    }

    /// @notice Changes the delay of calls queued from now on; only by an executed proposal, so behind the present delay.
    /// @param delay_ Seconds, `delayMin` to `DELAY_MAX`.
    function setDelay(uint64 delay_) external onlySelf {
        _setDelay(delay_, delayMin);
    }

    /// @notice Puts a function on the list of emergencies, or takes it off; only by an executed proposal.
    function setEmergencyCall(address target, bytes4 selector, bool emergency) external onlySelf {
        _setEmergency(target, selector, emergency);
    }

    /// @notice Seconds from the quorum to the first second of execution.
    function delay() external view returns (uint64) {
        return _delay;
    }

    /// @notice Whether calls of a function need no delay.
    function isEmergencyCall(address target, bytes4 selector) external view returns (bool) {
        return _emergencies[target][selector];
    }

    /// @notice How many proposals there have been; their ids are 0 to this − 1.
    function proposalCount() external view returns (uint256) {
        return _proposals.length;
    }

    /// @notice A proposal with its status as of now; reverts for one that does not exist.
    function proposalOf(uint256 proposalId) external view returns (Proposal memory proposal) {
        proposal = _proposals[proposalId];
        proposal.status = statusOf(proposalId);
    }

    /// @notice How a proposal stands now; None for one that does not exist.
    function statusOf(uint256 proposalId) public view returns (ProposalStatus status) {
        if (proposalId >= _proposals.length) return ProposalStatus.None;
        Proposal storage proposal = _proposals[proposalId];
        status = proposal.status;
        if (status == ProposalStatus.Executed || status == ProposalStatus.Cancelled) return status;
        if (block.timestamp > proposal.expiresAt) return ProposalStatus.Expired;
        if (status == ProposalStatus.Queued && block.timestamp >= proposal.readyAt) return ProposalStatus.Ready;
    }

    /// @notice Whether an account approves a proposal.
    function hasApproved(uint256 proposalId, address account) external view returns (bool) {
        return _approved[proposalId][account];
    }

    /// @notice Approvals of a proposal by operators that are still in office.
    function approvalsOf(uint256 proposalId) public view returns (uint256 approvals) {
        address[] memory present = operators();
        for (uint256 i = 0; i < present.length; i++) {
            if (_approved[proposalId][present[i]]) approvals++;
        }
    }

    function _approve(uint256 proposalId) private {
        if (_approved[proposalId][msg.sender]) revert OperatorsAlreadyApproved(proposalId, msg.sender);
        _approved[proposalId][msg.sender] = true;
        emit CallApproved(proposalId, msg.sender);
        Proposal storage proposal = _proposals[proposalId];
        if (proposal.status != ProposalStatus.Pending) return;
        if (approvalsOf(proposalId) >= quorum()) _queue(proposalId, proposal);
    }

    /// @dev The delay is fixed here: a change of it binds what is queued later.
    function _queue(uint256 proposalId, Proposal storage proposal) private {
        uint64 readyAt = uint64(block.timestamp);
        bool emergency = proposal.data.length >= 4 && _emergencies[proposal.target][bytes4(proposal.data)];
        if (!emergency) readyAt += _delay;
        proposal.status = ProposalStatus.Queued;
        proposal.readyAt = readyAt;
        proposal.expiresAt = readyAt + EXECUTION_WINDOW;
        emit CallQueued(proposalId, readyAt, proposal.expiresAt);
    }

    function _requireQuorum(uint256 proposalId) private view {
        uint256 approvals = approvalsOf(proposalId);
        if (approvals < quorum()) revert OperatorsNoQuorum(proposalId, approvals, quorum());
    }

    /// @dev Neither at its end nor expired.
    function _open(uint256 proposalId) private view returns (Proposal storage proposal) {
        ProposalStatus status = statusOf(proposalId);
        bool queued = status == ProposalStatus.Queued || status == ProposalStatus.Ready;
        if (!queued && status != ProposalStatus.Pending) revert OperatorsNotOpen(proposalId);
        return _proposals[proposalId];
    }

    function _setDelay(uint64 delay_, uint64 min) private {
        if (delay_ < min || delay_ > DELAY_MAX) revert OperatorsInvalidDelay(delay_, min, DELAY_MAX);
        _delay = delay_;
        emit DelayChanged(delay_);
    }

    function _setEmergency(address target, bytes4 selector, bool emergency) private {
        _emergencies[target][selector] = emergency;
        emit EmergencyCallChanged(target, selector, emergency);
    }
}
