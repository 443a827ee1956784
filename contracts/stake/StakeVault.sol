// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Governed} from "../governance/Governed.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {IStakeRegister} from "../interfaces/IStakeRegister.sol";
import {MarketDomain} from "../market/MarketDomain.sol";
import {Admission} from "./Admission.sol";
import {AgentWord, AgentWords} from "./AgentWord.sol";
import {BidKeys} from "./BidKeys.sol";
import {FaultBook} from "./FaultBook.sol";

/// @title The stake of agents
/// @notice Stake comes in, stays in reach of slashing while it can still be at fault, and goes out after the unbonding
/// delay. Slashed stake is burned but for the reporter's share, which waits just as long.
abstract contract StakeVault is BidKeys, Admission {
    using SafeERC20 for ICredits;

    /// @param slashers Modules that may take stake.
    struct Wiring {
        ICredits credits;
        IPermissions permissions;
        IParameters parameters;
        IERC721 identity;
        address tender;
        address market;
        address resolver;
        address attesters;
        address governor;
        address[] slashers;
    }

    /// @notice Who belongs to which organisation.
    IPermissions public immutable permissions;
    /// @notice The ERC-8004 identity registry: whose an agent is.
    IERC721 public immutable identity;

    mapping(uint256 agentId => AgentWord) internal _agents;
    mapping(uint256 agentId => UnbondingView) private _unbonding;
    /// @dev Of enrolled agents, as the identity registry has them.
    mapping(uint256 agentId => address) private _owners;

    /// @notice The caller is not the module that the function is for.
    error LedgerUnauthorized(address caller);
    /// @notice The caller neither owns the agent nor is approved for it.
    error LedgerNotOwner(uint256 agentId, address caller);
    /// @notice The owner, or the new owner, belongs to no active organisation.
    error LedgerOwnerNotAllowed(address owner);
    /// @notice The agent has neither a key nor stake yet.
    error LedgerAgentUnknown(uint256 agentId);
    /// @notice The agent id does not fit 95 bits.
    error LedgerAgentIdTooLarge(uint256 agentId);
    /// @notice The agent is suspended or delisted, or not enrolled.
    error LedgerAgentInactive(uint256 agentId);
    /// @notice The amount is 0.
    error LedgerAmountZero();
    /// @notice The agent has less free stake than is asked for.
    error LedgerStakeShort(uint256 agentId, uint256 free, uint256 wanted);
    /// @notice The agent has, or would be left with, less than the minimum stake.
    error LedgerStakeBelowMinimum(uint256 agentId, uint256 bonded, uint256 minimum);

    constructor(Wiring memory wiring, bytes32 networkId_)
        MarketDomain(networkId_)
        FaultBook(wiring.credits, wiring.parameters, wiring.slashers)
        Governed(wiring.governor)
    {
        permissions = wiring.permissions;
        identity = wiring.identity;
    }

    modifier onlyOwnerOf(uint256 agentId) {
        _requireOwner(agentId);
        _;
    }

    modifier onlyModule(address module) {
        if (msg.sender != module) revert LedgerUnauthorized(msg.sender);
        _;
    }

    /// @inheritdoc IAgentLedger
    function stake(uint256 agentId, uint64 amount) external {
        if (amount == 0) revert LedgerAmountZero();
        _agents[agentId] = _enrol(agentId).addBonded(amount);
        credits.safeTransferFrom(msg.sender, address(this), amount);
        emit Staked(agentId, msg.sender, amount);
    }

    /// @inheritdoc IAgentLedger
    function requestUnbonding(uint256 agentId, uint64 amount) external onlyOwnerOf(agentId) {
        if (amount == 0) revert LedgerAmountZero();
        AgentWord agent = _enrolled(agentId);
        if (agent.free() < amount) revert LedgerStakeShort(agentId, agent.free(), amount);
        uint256 rest = agent.bonded() - amount;
        bool exits = rest == 0 && agent.committed() + agent.running() == 0;
        uint64 least = minStake();
        if (rest < least && !exits) revert LedgerStakeBelowMinimum(agentId, rest, least);
        _agents[agentId] = agent.subBonded(amount);
        // From the later of now and the last obligation: what is on its way out can be slashed all that time.
        uint256 from = agent.obligationUntil();
        if (from < block.timestamp) from = block.timestamp;
        UnbondingView storage leaving = _unbonding[agentId];
        leaving.amount += amount;
        leaving.readyAt = _readyAt(leaving, uint64(from));
        emit UnbondingRequested(agentId, amount, leaving.readyAt);
    }

    /// @inheritdoc IAgentLedger
    function withdrawUnbonded(uint256 agentId) external returns (uint64 amount) {
        _requireNoOpenFault(agentId);
        address owner = identity.ownerOf(agentId);
        amount = _takeReady(_unbonding[agentId]);
        credits.safeTransfer(owner, amount);
        emit Unbonded(agentId, owner, amount);
    }

    /// @inheritdoc IStakeRegister
    function slash(bytes32 faultId, uint256 agentId, uint256 penalty, uint256 rewardShareBps, bool suspend)
        external
        onlySlasher
        returns (uint64 taken)
    {
        _checkFault(faultId, rewardShareBps);
        AgentWord agent = _enrolled(agentId);
        UnbondingView storage leaving = _unbonding[agentId];
        uint256 fromBonded = penalty < agent.bonded() ? penalty : agent.bonded();
        uint256 fromLeaving = penalty - fromBonded;
        if (fromLeaving > leaving.amount) fromLeaving = leaving.amount;
        leaving.amount -= uint64(fromLeaving);
        agent = agent.subBonded(fromBonded);
        if (suspend && agent.status() & AgentWords.SUSPENDED == 0) {
            agent = agent.withStatus(agent.status() | AgentWords.SUSPENDED);
            emit AgentSuspended(agentId);
        }
        _agents[agentId] = agent;
        taken = uint64(fromBonded + fromLeaving);
        uint64 held = _recordFault(faultId, taken, rewardShareBps);
        emit AgentSlashed(agentId, faultId, msg.sender, taken, held);
    }

    /// @inheritdoc IStakeRegister
    function organisationOfOffender(uint256 agentId) external view returns (uint32) {
        return uint32(_agents[agentId].organisation());
    }

    /// @inheritdoc IStakeRegister
    function stakeInReachOf(uint256 agentId) external view returns (uint64) {
        return uint64(_agents[agentId].bonded()) + _unbonding[agentId].amount;
    }

    /// @inheritdoc IAgentLedger
    function unbondingOf(uint256 agentId) external view returns (UnbondingView memory) {
        return _unbonding[agentId];
    }

    /// @dev The agent's record, begun under its owner's organisation if there is none.
    function _enrol(uint256 agentId) internal returns (AgentWord agent) {
        agent = _agents[agentId];
        if (agent.status() != 0) return agent;
        if (agentId >> 95 != 0) revert LedgerAgentIdTooLarge(agentId);
        address owner = identity.ownerOf(agentId);
        uint32 organisation = _organisationOf(owner);
        agent = AgentWords.enrolled(agent, organisation);
        _owners[agentId] = owner;
        _agents[agentId] = agent;
        emit AgentEnrolled(agentId, organisation);
    }

    /// @dev An enrolled agent has changed hands.
    /// @return The agent's record under its new owner's organisation.
    function _moveTo(uint256 agentId, AgentWord agent, address to) internal returns (AgentWord) {
        _owners[agentId] = to;
        return agent.withOrganisation(_organisationOf(to));
    }

    /// @dev Owner of an enrolled agent.
    function _ownerOf(uint256 agentId) internal view returns (address) {
        return _owners[agentId];
    }

    function _enrolled(uint256 agentId) internal view returns (AgentWord agent) {
        agent = _agents[agentId];
        if (agent.status() == 0) revert LedgerAgentUnknown(agentId);
    }

    /// @inheritdoc FaultBook
    function _requireOffender(uint256 agentId) internal view override {
        _enrolled(agentId);
    }

    /// @dev The organisation of an account that may begin something.
    function _organisationOf(address owner) internal view returns (uint32) {
        if (!permissions.isActive(owner)) revert LedgerOwnerNotAllowed(owner);
        return permissions.organisationOf(owner);
    }

    function _requireOwner(uint256 agentId) internal view {
        address owner = identity.ownerOf(agentId);
        if (msg.sender == owner || identity.isApprovedForAll(owner, msg.sender)) return;
        if (msg.sender != identity.getApproved(agentId)) revert LedgerNotOwner(agentId, msg.sender);
    }
}
