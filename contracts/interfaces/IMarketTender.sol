// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAwardMechanism} from "./IAwardMechanism.sol";
import {ISealedBidTender} from "./ISealedBidTender.sol";

/// @title IMarketTender
/// @notice What Allot's tender adds to ERC-8469: eligibility of bidders, relayed statements, recomputed awards.
interface IMarketTender is ISealedBidTender {
    /// @notice A capability that a bidder must hold when it commits.
    /// @param capability Identifier, keccak256 of the capability's name.
    /// @param level Lowest level that counts, 0 to 254.
    /// @param attester The only attester that counts, or address(0) for any that the market accepts.
    struct Requirement {
        bytes32 capability;
        uint8 level;
        address attester;
    }

    /// @notice What a market tender has beyond ERC-8469's terms.
    /// @param requesterOrganisation Organisation whose agents may not bid; 0 is refused.
    /// @param evaluatorOrganisation Organisation of an independent evaluator, whose agents may not bid; 0 for none.
    /// @param lock Stake locked per commitment in millionths of a credit: returned on reveal, burned without one.
    /// @param minStake Least stake of a bidder in millionths of a credit: what was in force when the task was posted.
    /// @param obligationUntil Latest second by which the task can still bind its agents (all windows included).
    /// @param requirements Capabilities a bidder needs, at most `REQUIREMENTS_MAX`; may be empty.
    struct MarketTerms {
        uint32 requesterOrganisation;
        uint32 evaluatorOrganisation;
        uint64 lock;
        uint64 minStake;
        uint64 obligationUntil;
        Requirement[] requirements;
    }

    /// @notice A bid as its author signs it (EIP-712, see `domainSeparator`).
    /// @param slot Always 0: an agent makes one commitment per tender.
    /// @param commitment keccak256(abi.encode(tenderId, bidder, amount, salt)).
    struct BidStatement {
        bytes32 tenderId;
        uint256 agentId;
        uint64 slot;
        bytes32 commitment;
    }

    /// @notice Opens a tender with eligibility rules. Only the task market may call it.
    function openMarketTender(TenderTerms calldata terms, MarketTerms calldata market) external returns (bytes32 tenderId);

    /// @notice Ends a tender that nobody has committed to. Only its requester (the task market) may call it.
    function cancelTender(bytes32 tenderId) external;

    /// @notice Commits a bid that its author signed. Anyone may relay it; what it locks is the bidder's.
    /// @return bidder The signer.
    function commitBidFor(BidStatement calldata bid, bytes calldata signature) external returns (address bidder);

    /// @notice Opens a commitment for its author; the opening is all that is needed.
    function revealBidFor(bytes32 tenderId, address bidder, uint256 amount, bytes32 salt) external;

    /// @notice What the mechanism returns for the revealed bids without those of `excluded`: the basis of reassignment.
    /// @dev Reverts unless the tender is awarded. Winners of the first award who are not excluded are in it again.
    function awardWithout(bytes32 tenderId, address[] calldata excluded) external view returns (IAwardMechanism.Award[] memory);

    /// @notice Checks everything that a commitment checks of its bidder, but for the tender's own state (deadline,
    /// number of bidders, organisations already in). Reverts with the reason. Used before a reassignment.
    function checkEligible(bytes32 tenderId, address bidder) external view returns (uint256 agentId);

    /// @notice What a tender has beyond ERC-8469's terms.
    function marketTermsOf(bytes32 tenderId) external view returns (MarketTerms memory);

    /// @notice Second at which the tender opened; reverts for a tender that does not exist.
    function openedAt(bytes32 tenderId) external view returns (uint64);

    /// @notice Last second of the reveal window; reverts for a tender that does not exist.
    function revealDeadlineOf(bytes32 tenderId) external view returns (uint64);

    /// @notice Number of commitments accepted.
    function bidCount(bytes32 tenderId) external view returns (uint256);

    /// @notice The bid at a position in commit order; amount 0 while unrevealed.
    function bidAt(bytes32 tenderId, uint256 index) external view returns (address bidder, uint256 amount);

    /// @notice First 248 bits of a bidder's commitment (the last byte is zero) and its position, or (0, 0) without one.
    function commitmentOf(bytes32 tenderId, address bidder) external view returns (bytes32 commitment, uint256 index);

    /// @notice Whether an organisation has a part in a tender: the requester's, the independent evaluator's, and those that
    /// have bid, as they were then. None of them can bid in it again.
    function isParty(bytes32 tenderId, uint256 organisation) external view returns (bool);

    /// @notice EIP-712 digest that the author of a bid signs.
    function bidDigest(BidStatement calldata bid) external view returns (bytes32);
}
