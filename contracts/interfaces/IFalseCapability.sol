// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISlashingModule} from "./ISlashingModule.sol";

/// @title IFalseCapability
/// @notice Accuses an agent of bidding with a capability that it does not have. Attesters who have no part in the tender
/// accuse, each at the risk of the very penalty; the operators' quorum decides.
interface IFalseCapability is ISlashingModule {
    /// @dev New states are appended. Gathering: waits for accusers. Deciding: the operators' turn. Lapsed: ended without a
    /// decision, and nobody lost anything.
    enum Status {
        None,
        Gathering,
        Deciding,
        Decided,
        Lapsed
    }

    /// @dev New rulings are appended. AgentAtFault: the agent pays, and loses the capability. AttesterAtFault: it lacks the
    /// capability and did not cause that; it loses it, and whoever attested it pays. Unproven: nobody pays, and whoever
    /// finds more may accuse again. FalseAccusation: the accusers pay.
    enum Ruling {
        None,
        AgentAtFault,
        AttesterAtFault,
        Unproven,
        FalseAccusation
    }

    /// @notice What an accusation is about.
    /// @param resolver Resolver that the attestation is under; must be on the module's list.
    /// @param uid EAS's id of the attestation that is said to be false.
    /// @param tender Tender contract; must be on the module's list.
    /// @param tenderId Tender that asked for the capability, and in which the agent bid.
    /// @param bidder Bid key with which the agent did.
    struct Charge {
        address resolver;
        bytes32 uid;
        address tender;
        bytes32 tenderId;
        address bidder;
    }

    /// @notice An accusation and how it stands. Amounts are millionths of a credit, times seconds.
    /// @param penalty What each accuser has locked, and most that anybody pays.
    /// @param stake The agent's stake in reach when it was accused (the minimum stake, if that was more): the penalty is a
    /// share of it.
    /// @param since When the tender opened: of the share then and now, the lower counts.
    /// @param attestedAt When the attestation was made.
    /// @param deadline Last second for the next step: for another accuser, then for the operators.
    /// @param needed Accusers without whom the operators are not asked.
    struct Accusation {
        address attester;
        uint64 penalty;
        Status status;
        Ruling ruling;
        uint8 needed;
        address resolver;
        uint96 agentId;
        bytes32 uid;
        bytes32 capability;
        address tender;
        uint64 stake;
        bytes32 tenderId;
        uint64 since;
        uint64 attestedAt;
        uint64 deadline;
    }

    /// @notice An attester began an accusation.
    event AccusationMade(
        uint256 indexed accusationId,
        uint256 indexed agentId,
        address indexed attester,
        bytes32 capability,
        bytes32 uid,
        bytes32 tenderId,
        uint64 penalty,
        uint64 deadline
    );
    /// @notice An attester stands behind an accusation, from its beginning or later, with a lock on its stake.
    /// @param report Hash of whatever the attester found, for the operators to ask for.
    event AccuserJoined(uint256 indexed accusationId, address indexed accuser, bytes32 report);
    /// @notice The accusers are enough: the operators decide until the deadline, and what the accused has stays in reach.
    event AccusationPutToOperators(uint256 indexed accusationId, uint64 deadline);
    /// @notice The operators decided; `taken` from whoever pays, all of them together.
    event AccusationDecided(uint256 indexed accusationId, Ruling indexed ruling, uint64 taken);
    /// @notice An accusation ended without a decision.
    event AccusationLapsed(uint256 indexed accusationId);

    /// @notice Begins an accusation and locks the penalty from the caller's stake as an attester.
    /// @param report See AccuserJoined.
    /// @return accusationId Ids count from 1.
    function accuse(Charge calldata charge, bytes32 report) external returns (uint256 accusationId);
    /// @notice Stands behind an accusation; the last that was needed puts it to the operators.
    function second(uint256 accusationId, bytes32 report) external;
    /// @notice Decides an accusation. Only by an executed proposal of the operators.
    function decide(uint256 accusationId, Ruling ruling) external;
    /// @notice Ends an accusation whose deadline has passed; every lock comes back. Anyone may call it.
    function close(uint256 accusationId) external;
    /// @notice An accusation; reverts for one that does not exist.
    function accusationOf(uint256 accusationId) external view returns (Accusation memory);
    /// @notice Attesters behind an accusation, in the order in which they came.
    function accusersOf(uint256 accusationId) external view returns (address[] memory);
    /// @notice Number of accusations so far; their ids are 1 to this.
    function accusationCount() external view returns (uint256);
    /// @notice The accusation on an attestation and a tender that has not ended; 0 for none.
    function openAccusationOn(address resolver, bytes32 uid, address tender, bytes32 tenderId)
        external
        view
        returns (uint256 accusationId);
    /// @notice Whether the operators have found an attestation false, or its accusation: it cannot be accused again.
    function isDecided(address resolver, bytes32 uid) external view returns (bool);
    /// @notice What an accusation would cost whoever pays if it were decided now.
    function penaltyOf(uint256 accusationId) external view returns (uint64);
    /// @notice keccak256(abi.encode(kind, offender, subject)): what whoever pays under a ruling is punished for, once.
    /// @param offender An agentId, or the address of an attester or accuser as a number.
    function faultIdOf(Ruling ruling, uint256 offender, address resolver, bytes32 uid) external pure returns (bytes32);
    /// @notice What a fault is about: keccak256(abi.encode(resolver, uid)).
    function subjectOf(address resolver, bytes32 uid) external pure returns (bytes32);
}
