// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAgentTransferGuard} from "./IAgentTransferGuard.sol";
import {IStakeRegister} from "./IStakeRegister.sol";

/// @title IAgentLedger
/// @notice The hot record of every agent: bid keys, stake, capacity, organisation, status, cached capabilities.
/// All amounts are millionths of a credit, all times seconds since 1970.
interface IAgentLedger is IAgentTransferGuard, IStakeRegister {
    /// @notice An agent's record.
    /// @param bonded Stake that backs the agent (locked stake included).
    /// @param locked Part of it that open commitments hold; exceeds `bonded` only after a slash.
    /// @param committed Commitments not yet ended, including awards whose job has not started.
    /// @param running Jobs not yet ended.
    /// @param capacity Most commitments and jobs at once: the declared ceiling or what the stake carries, if lower.
    /// @param organisation Organisation of the owner; 0 while the agent is not enrolled.
    /// @param suspended Set by slashing; cleared by the governor.
    /// @param delisted Whether its owner, or its owner's organisation, is delisted now.
    /// @param obligationUntil Latest second by which something the agent undertook can still bind it.
    struct AgentView {
        uint64 bonded;
        uint64 locked;
        uint16 committed;
        uint16 running;
        uint16 capacity;
        uint32 organisation;
        bool enrolled;
        bool suspended;
        bool delisted;
        uint64 obligationUntil;
    }

    /// @notice A bid key's life. It belongs to one agent for ever. Rotating and revoking count from the next second.
    /// @param from First second in which it is the agent's key.
    /// @param to First second in which it no longer is; 0 while it is.
    /// @param generation Number of the agent's transfers when it was set.
    /// @param first Whether it is the agent's first key ever.
    /// @param revoked Whether it may no longer bid anywhere.
    struct KeyView {
        uint256 agentId;
        uint64 from;
        uint64 to;
        uint16 generation;
        bool first;
        bool revoked;
    }

    /// @notice A capability as the resolver cached it.
    struct CapabilityView {
        uint64 validUntil;
        uint8 level;
        address attester;
        bool current;
    }

    /// @notice A tender contract may take bids from now on.
    event TenderAdmitted(address indexed tender);
    /// @notice A tender contract takes no new bids from now on.
    event TenderRetired(address indexed tender);
    /// @notice A task market may start and end jobs from now on.
    event MarketAdmitted(address indexed market);
    /// @notice There are no new bids and tasks from now on.
    event MarketPaused();
    /// @notice There are new bids and tasks again.
    event MarketResumed();
    /// @notice An agent got its record, under its owner's organisation.
    event AgentEnrolled(uint256 indexed agentId, uint32 indexed organisation);
    /// @notice An agent got a new bid key; the one before, if any, ends with this second.
    event BidKeySet(uint256 indexed agentId, address indexed key);
    /// @notice A bid key may no longer bid anywhere.
    event BidKeyRevoked(uint256 indexed agentId, address indexed key);
    /// @notice An owner declared how many commitments and jobs its agent wants at most.
    event CapacityDeclared(uint256 indexed agentId, uint16 capacity);
    /// @notice Stake was added to an agent.
    event Staked(uint256 indexed agentId, address indexed from, uint64 amount);
    /// @notice Stake began its exit; all of the agent's exiting stake is ready at `readyAt`.
    event UnbondingRequested(uint256 indexed agentId, uint64 amount, uint64 readyAt);
    /// @notice Exited stake was paid to the agent's owner.
    event Unbonded(uint256 indexed agentId, address indexed to, uint64 amount);
    /// @notice The lock of an unrevealed commitment was burned.
    event LockBurned(uint256 indexed agentId, uint64 amount);
    /// @notice A module took `amount` from an agent; `held` of it waits for the reporter, the rest is burned.
    event AgentSlashed(uint256 indexed agentId, bytes32 indexed faultId, address indexed module, uint64 amount, uint64 held);
    /// @notice An agent may take on nothing new.
    event AgentSuspended(uint256 indexed agentId);
    /// @notice The operators ended an agent's suspension.
    event AgentReinstated(uint256 indexed agentId);
    /// @notice The resolver recorded a capability of an agent; `preferred` where any attester will do, too.
    event CapabilityCached(
        uint256 indexed agentId,
        bytes32 indexed capability,
        uint64 validUntil,
        uint8 level,
        address indexed attester,
        bool preferred
    );
    /// @notice The resolver took away what an attester had attested; `preferred` where any attester will do, too.
    event CapabilityCleared(
        uint256 indexed agentId, bytes32 indexed capability, address indexed attester, bool preferred
    );
    /// @notice A slashing module took a capability from an agent, whoever had attested it.
    event CapabilityRemoved(uint256 indexed agentId, bytes32 indexed capability);
    /// @notice What an attester attested counts from now on, as long as it is not delisted; or no longer does.
    event AttesterStandingSet(address indexed attester, bool standing);
    /// @notice A job of an agent started.
    event JobStarted(uint256 indexed agentId);
    /// @notice A job of an agent ended.
    event JobFinished(uint256 indexed agentId);

    // --- owner of the agent (or an account it approved in the identity registry)

    /// @notice Makes `key` the agent's bid key. `signature` is the key's EIP-712 proof of possession
    /// `BidKey(uint256 agentId,address owner,uint256 nonce,uint256 deadline)` with `nonce = keyNonceOf(agentId)`.
    function setBidKey(uint256 agentId, address key, uint256 deadline, bytes calldata signature) external;
    /// @notice Stops every new bid of `key` at once. The key itself may do it too.
    function revokeBidKey(address key) external;
    /// @notice Declares how many commitments and jobs at once the agent wants at most.
    function setCapacity(uint256 agentId, uint16 capacity) external;
    /// @notice Adds stake from the caller's credits (allowance needed). Anyone may; it becomes the agent's.
    function stake(uint256 agentId, uint64 amount) external;
    /// @notice Starts the exit of free stake; what stays is at least `minStake`, or nothing.
    function requestUnbonding(uint256 agentId, uint64 amount) external;
    /// @notice Pays out what is ready to the agent's owner. Anyone may call it.
    function withdrawUnbonded(uint256 agentId) external returns (uint64 amount);

    // --- Permissions

    /// @notice A member may start nothing new from now on, or may again.
    function setMemberListed(address account, bool listed) external;
    /// @notice An organisation may start nothing new from now on, or may again.
    function setOrganisationListed(uint32 organisationId, bool listed) external;

    // --- the tender

    /// @notice Every check of a bidder, and the lock, in one call.
    /// @param least Least stake that the tender asks for: the minimum that was in force when it opened.
    /// @param capability Required capability, or 0 for none.
    /// @param level Lowest level that counts.
    function admitBid(
        address bidder,
        uint256 openedAt,
        uint256 obligationUntil,
        uint256 lock,
        uint256 least,
        bytes32 capability,
        uint256 level
    ) external returns (uint256 agentId, uint256 organisation);
    /// @notice Returns a bidder's lock on reveal; the commitment itself stays until `endCommitments`.
    function releaseLock(address bidder, uint256 lock) external;
    /// @notice Frees the bidders that revealed and did not win; winners keep theirs until their jobs start.
    function endCommitments(address[] calldata bidders) external;
    /// @notice Ends the commitments of bidders that did not reveal, and burns their locks.
    /// @return burned Amount burned per bidder: the lock, or what a slash has left of it.
    function burnCommitments(address[] calldata bidders, uint256 lock) external returns (uint256[] memory burned);

    // --- the task market

    /// @notice Turns an award's commitment into a running job.
    function startJob(uint256 agentId, uint64 obligationUntil) external;
    /// @notice Starts a job for an agent without a commitment (reassignment): active, and capacity left.
    function startReassignedJob(uint256 agentId, uint64 obligationUntil) external;
    /// @notice Ends a running job, however it ended.
    function finishJob(uint256 agentId) external;
    /// @notice Gives up an award whose job will never start.
    function dropCommitment(uint256 agentId) external;

    // --- the capability resolver

    /// @notice Caches what an attester attested under the agent's present generation (a transfer voids it). It counts where
    /// that attester is asked for and, if it is `preferred`, where any will do.
    function cacheCapability(
        uint256 agentId,
        bytes32 capability,
        uint64 validUntil,
        uint8 level,
        address attester,
        bool preferred
    ) external;
    /// @notice Takes what an attester attested out of the cache; if it was `preferred`, also where any attester will do.
    function clearCapability(uint256 agentId, bytes32 capability, address attester, bool preferred) external;

    // --- slashing modules

    /// @notice Takes a capability from an agent at once, whoever attested it. What is attested later counts again.
    function removeCapability(uint256 agentId, bytes32 capability) external;

    // --- the attester registry

    /// @notice Says whether what an attester attested, whenever that was, counts from now on, as long as it is not delisted.
    function setAttesterStanding(address attester, bool standing) external;

    // --- the governor

    /// @notice Ends an agent's suspension, once no fault of it is open.
    function reinstate(uint256 agentId) external;

    // --- views

    /// @notice An agent's record; all zero for an agent without one.
    function agentOf(uint256 agentId) external view returns (AgentView memory);
    /// @notice Whether the agent may take on new duties.
    function isActive(uint256 agentId) external view returns (bool);
    /// @notice A key's record; reverts for an address that never was a bid key.
    function keyOf(address key) external view returns (KeyView memory);
    /// @notice Agent of a key, whatever the key's state; reverts for an address that never was a bid key.
    function agentIdOf(address key) external view returns (uint256);
    /// @notice The agent's present key, or address(0).
    function bidKeyOf(uint256 agentId) external view returns (address);
    /// @notice Nonce of the next proof of possession for this agent.
    function keyNonceOf(uint256 agentId) external view returns (uint256);
    /// @notice Whether a tender opened at `openedAt` takes `key` for its agent: active then, or the agent's first key if
    /// set later. Says nothing of a later revocation or transfer: what a key stated for that tender binds its agent.
    function isKeyFor(address key, uint256 openedAt) external view returns (bool);
    /// @notice A cached capability as it counts where any attester will do; `current` says whether it counts now.
    function capabilityOf(uint256 agentId, bytes32 capability) external view returns (CapabilityView memory);
    /// @notice A cached capability as it counts where one attester is asked for.
    function capabilityFrom(uint256 agentId, bytes32 capability, address attester)
        external
        view
        returns (CapabilityView memory);
    /// @notice When a capability was last taken from an agent; attestations before count no more. 0 for never.
    function capabilityRemovedAt(uint256 agentId, bytes32 capability) external view returns (uint64);
    /// @notice Whether an attester's attestations count.
    function isAttesterStanding(address attester) external view returns (bool);
    /// @notice Reverts unless the agent holds the capability now, at the level, from `attester` (0 = any).
    function checkCapability(uint256 agentId, bytes32 capability, uint8 level, address attester) external view;
    /// @notice The checks of `admitBid` without its effects; reverts with the reason.
    function checkBidder(
        address bidder,
        uint256 openedAt,
        uint256 lock,
        uint256 least,
        bytes32 capability,
        uint256 level
    ) external view returns (uint256 agentId);
    /// @notice An agent's stake on its way out.
    function unbondingOf(uint256 agentId) external view returns (UnbondingView memory);
    /// @notice Lets a tender contract take bids from now on. Only for the governor.
    function admitTender(address module) external;
    /// @notice Lets a tender contract take no new bids; it ends those that it has. Only for the governor.
    function retireTender(address module) external;
    /// @notice Lets a task market start and end jobs and punish no-shows from now on. Only for the governor.
    function admitMarket(address module) external;
    /// @notice Lets a module take stake, or no longer. Only for the governor.
    function setSlasher(address module, bool slashes) external;
    /// @notice Stops new bids and new tasks, and nothing else. Only for the governor.
    function pause() external;
    /// @notice Permits new bids and new tasks again. Only for the governor.
    function resume() external;
    /// @notice Whether new bids and new tasks are stopped.
    function isPaused() external view returns (bool);
    /// @notice Copies from Parameters what every bid is measured by. Parameters calls it; anyone may.
    function parametersChanged() external;
    /// @notice Members and organisations that are delisted now.
    function delistings() external view returns (uint32);
    /// @notice Least stake of an agent that takes on anything, in millionths of a credit; tenders keep the one that they
    /// opened under.
    function minStake() external view returns (uint64);
    /// @notice Stake that carries one commitment or job, in millionths of a credit.
    function stakePerUnit() external view returns (uint64);
}
