// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IAgentTransferGuard} from "../interfaces/IAgentTransferGuard.sol";
import {AgentWord, AgentWords} from "./AgentWord.sol";
import {KeyWord} from "./KeyWord.sol";
import {LedgerModules} from "./LedgerModules.sol";

/// @title The hot record of every agent
/// @notice Bid keys, stake, capacity, organisation, status and cached capabilities in one contract, so that a bid makes
/// one inner call. Amounts are millionths of a credit, times seconds.
/// @dev Whoever may call what is fixed at construction, but for later modules of the same kinds. What an agent must be
/// able to do before a deadline (reveal, finish, unbond) never asks whether it is active.
contract AgentLedger is LedgerModules {
    /// @notice The agent has no capacity left for another commitment or job.
    error LedgerCapacityExhausted(uint256 agentId, uint256 used, uint256 capacity);
    /// @notice The agent has no commitment that could end.
    error LedgerNoCommitment(uint256 agentId);
    /// @notice The agent has no job that could end.
    error LedgerNoJob(uint256 agentId);
    /// @notice An obligation reaches further than times can be recorded.
    error LedgerObligationTooFar(uint256 until);
    /// @notice The agent has commitments, jobs or open faults, or is suspended: it cannot change hands.
    error LedgerAgentEngaged(uint256 agentId);
    /// @notice The agent has changed hands as often as can be counted.
    error LedgerTransfersExhausted(uint256 agentId);
    /// @notice The agent is not suspended.
    error LedgerNotSuspended(uint256 agentId);

    /// @notice Fixes whoever may call what.
    /// @param wiring Contracts that the ledger works with.
    /// @param networkId_ Salt of the EIP-712 domain.
    constructor(Wiring memory wiring, bytes32 networkId_) LedgerModules(wiring, networkId_) {}

    // --- owner

    /// @inheritdoc IAgentLedger
    function setBidKey(uint256 agentId, address key, uint256 deadline, bytes calldata signature)
        external
        onlyOwnerOf(agentId)
    {
        AgentWord agent = _enrol(agentId);
        uint32 organisation = permissions.organisationOf(key);
        if (organisation != 0 && organisation != agent.organisation()) {
            revert LedgerKeyOfOtherOrganisation(key, organisation);
        }
        _setKey(agentId, agent.generation(), identity.ownerOf(agentId), key, deadline, signature);
    }

    /// @inheritdoc IAgentLedger
    function revokeBidKey(address key) external {
        KeyWord k = _known(key);
        if (msg.sender != key) _requireOwner(k.agentId());
        _revokeKey(key, k);
    }

    /// @inheritdoc IAgentLedger
    function setCapacity(uint256 agentId, uint16 capacity) external onlyOwnerOf(agentId) {
        _agents[agentId] = _enrol(agentId).withCapacity(capacity);
        emit CapacityDeclared(agentId, capacity);
    }

    // --- tender

    /// @inheritdoc IAgentLedger
    function admitBid(
        address bidder,
        uint256 openedAt,
        uint256 obligationUntil,
        uint256 lock,
        uint256 least,
        bytes32 capability,
        uint256 level
    ) external onlyTender returns (uint256 agentId, uint256 organisation) {
        AgentWord agent;
        Terms storage terms = _admissionTerms();
        if (terms.paused) revert LedgerPaused();
        _requireAdmitting(terms);
        (agentId, agent) = _checkBidder(bidder, openedAt, lock, least, capability, level, terms);
        organisation = agent.organisation();
        _agents[agentId] = _bind(agent.addLocked(lock).addCommitted(), obligationUntil);
    }

    /// @inheritdoc IAgentLedger
    function releaseLock(address bidder, uint256 lock) external onlyTender {
        uint256 agentId = agentIdOf(bidder);
        _agents[agentId] = _agents[agentId].subLocked(lock);
    }

    /// @inheritdoc IAgentLedger
    function endCommitments(address[] calldata bidders) external onlyTender {
        for (uint256 i = 0; i < bidders.length; i++) {
            uint256 agentId = agentIdOf(bidders[i]);
            _agents[agentId] = _agents[agentId].subCommitted();
        }
    }

    /// @inheritdoc IAgentLedger
    function burnCommitments(address[] calldata bidders, uint256 lock)
        external
        onlyTender
        returns (uint256[] memory burned)
    {
        burned = new uint256[](bidders.length);
        uint256 total;
        for (uint256 i = 0; i < bidders.length; i++) {
            uint256 agentId = agentIdOf(bidders[i]);
            AgentWord agent = _agents[agentId].subCommitted();
            uint256 bonded = agent.bonded();
            uint256 amount = lock < bonded ? lock : bonded;
            _agents[agentId] = agent.subLocked(lock).subBonded(amount);
            burned[i] = amount;
            total += amount;
            emit LockBurned(agentId, uint64(amount));
        }
        if (total != 0) credits.burn(total);
    }

    // --- task market

    /// @inheritdoc IAgentLedger
    function startJob(uint256 agentId, uint64 obligationUntil) external onlyMarket {
        AgentWord agent = _agents[agentId];
        if (agent.committed() == 0) revert LedgerNoCommitment(agentId);
        _agents[agentId] = _bind(agent.subCommitted().addRunning(), obligationUntil);
        emit JobStarted(agentId);
    }

    /// @inheritdoc IAgentLedger
    function startReassignedJob(uint256 agentId, uint64 obligationUntil) external onlyMarket {
        AgentWord agent = _agents[agentId];
        // The tender has checked its own minimum.
        _checkAgent(agentId, agent, 0, 0, _admissionTerms());
        _agents[agentId] = _bind(agent.addRunning(), obligationUntil);
        emit JobStarted(agentId);
    }

    /// @inheritdoc IAgentLedger
    function finishJob(uint256 agentId) external onlyMarket {
        AgentWord agent = _agents[agentId];
        if (agent.running() == 0) revert LedgerNoJob(agentId);
        _agents[agentId] = agent.subRunning();
        emit JobFinished(agentId);
    }

    /// @inheritdoc IAgentLedger
    function dropCommitment(uint256 agentId) external onlyMarket {
        AgentWord agent = _agents[agentId];
        if (agent.committed() == 0) revert LedgerNoCommitment(agentId);
        _agents[agentId] = agent.subCommitted();
    }

    // --- identity registry

    /// @inheritdoc IAgentTransferGuard
    function agentTransferred(uint256 agentId, address, address to) external onlyModule(address(identity)) {
        if (isEngaged(agentId)) revert LedgerAgentEngaged(agentId);
        AgentWord agent = _agents[agentId];
        if (agent.generation() == AgentWords.GENERATION_MAX) revert LedgerTransfersExhausted(agentId);
        agent = agent.nextGeneration();
        if (agent.status() != 0) agent = _moveTo(agentId, agent, to);
        _agents[agentId] = agent;
        _revokeCurrentKey(agentId);
    }

    // --- governor

    /// @inheritdoc IAgentLedger
    function reinstate(uint256 agentId) external onlyGovernor {
        AgentWord agent = _agents[agentId];
        uint256 status = agent.status();
        if (status & AgentWords.SUSPENDED == 0) revert LedgerNotSuspended(agentId);
        _requireNoOpenFault(agentId);
        _agents[agentId] = agent.withStatus(status & ~AgentWords.SUSPENDED);
        emit AgentReinstated(agentId);
    }

    // --- views

    /// @inheritdoc IAgentTransferGuard
    function isEngaged(uint256 agentId) public view returns (bool) {
        AgentWord agent = _agents[agentId];
        if (agent.engagements() != 0 || openFaultsOf(agentId) != 0) return true;
        return agent.status() & AgentWords.SUSPENDED != 0;
    }

    /// @inheritdoc IAgentLedger
    function agentOf(uint256 agentId) external view returns (AgentView memory) {
        AgentWord agent = _agents[agentId];
        uint256 status = agent.status();
        bool enrolled = status & AgentWords.ENROLLED != 0;
        return AgentView({
            bonded: uint64(agent.bonded()),
            locked: uint64(agent.locked()),
            committed: uint16(agent.committed()),
            running: uint16(agent.running()),
            capacity: uint16(agent.capacity(stakePerUnit())),
            organisation: uint32(agent.organisation()),
            enrolled: enrolled,
            suspended: status & AgentWords.SUSPENDED != 0,
            delisted: enrolled && delistings() != 0 && _isDelisted(agentId, agent.organisation()),
            obligationUntil: uint64(agent.obligationUntil())
        });
    }

    /// @inheritdoc IAgentLedger
    function isActive(uint256 agentId) external view returns (bool) {
        AgentWord agent = _agents[agentId];
        if (agent.status() != AgentWords.ENROLLED) return false;
        return delistings() == 0 || !_isDelisted(agentId, agent.organisation());
    }

    /// @inheritdoc IAgentLedger
    function checkBidder(
        address bidder,
        uint256 openedAt,
        uint256 lock,
        uint256 least,
        bytes32 capability,
        uint256 level
    ) external view returns (uint256 agentId) {
        (agentId,) = _checkBidder(bidder, openedAt, lock, least, capability, level, _admissionTerms());
    }

    /// @dev Key, status, stake, capacity and capability, in the order in which they are cheapest to read.
    function _checkBidder(
        address bidder,
        uint256 openedAt,
        uint256 lock,
        uint256 least,
        bytes32 capability,
        uint256 level,
        Terms storage terms
    ) private view returns (uint256 agentId, AgentWord agent) {
        KeyWord key = _serving(bidder, openedAt);
        agentId = key.agentId();
        agent = _agents[agentId];
        if (key.generation() != agent.generation()) revert LedgerKeyRevoked(bidder);
        _checkAgent(agentId, agent, lock, least, terms);
        if (capability == 0) return (agentId, agent);
        _checkCapability(agentId, capability, level, agent.generation(), terms.delistings != 0);
    }

    /// @dev What anything new needs: an active agent with the least stake that its tender asks for, a free lock and capacity.
    function _checkAgent(uint256 agentId, AgentWord agent, uint256 lock, uint256 least, Terms storage terms)
        private
        view
    {
        bool active = agent.status() == AgentWords.ENROLLED;
        if (terms.delistings != 0) active = active && !_isDelisted(agentId, agent.organisation());
        if (!active) revert LedgerAgentInactive(agentId);
        if (agent.bonded() < least) revert LedgerStakeBelowMinimum(agentId, agent.bonded(), least);
        if (agent.free() < lock) revert LedgerStakeShort(agentId, agent.free(), lock);
        uint256 used = agent.engagements();
        uint256 capacity = agent.capacity(terms.stakePerUnit);
        if (used >= capacity) revert LedgerCapacityExhausted(agentId, used, capacity);
    }

    function _bind(AgentWord agent, uint256 until) private pure returns (AgentWord) {
        if (until > AgentWords.TIME_MAX) revert LedgerObligationTooFar(until);
        return agent.boundUntil(until);
    }
}
