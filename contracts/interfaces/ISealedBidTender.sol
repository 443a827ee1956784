// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAwardMechanism} from "./IAwardMechanism.sol";

/// @title ISealedBidTender
/// @notice A sealed-bid tender: commit, reveal, award. Exactly the interface of ERC-8469, "Tender interface".
interface ISealedBidTender {
    /// @notice Where a tender stands; `Reveal` begins with the first valid reveal.
    enum Phase {
        None,
        Commit,
        Reveal,
        Awarded,
        Void
    }

    /// @notice Terms of a tender.
    /// @param targetRef keccak256(abi.encode(chainId, targetContract, targetId)).
    /// @param mechanism An IAwardMechanism.
    /// @param reserve Highest acceptable price, above 0.
    /// @param units Identical units, at least 1.
    /// @param commitDeadline Commits count while block.timestamp <= commitDeadline (seconds).
    /// @param revealDeadline Reveals count while commitDeadline < block.timestamp <= revealDeadline (seconds).
    /// @param bond Amount escrowed per commit.
    /// @param bondAsset address(0) for the chain's native asset, else an ERC-20.
    /// @param slashRecipient Where slashed bonds go.
    /// @param maxBidders Commitments accepted, at least 1 and within the implementation's limit.
    /// @param integrationProfile What the award means to its consumer, see "Integration profiles".
    struct TenderTerms {
        bytes32 targetRef;
        address mechanism;
        uint256 reserve;
        uint256 units;
        uint64 commitDeadline;
        uint64 revealDeadline;
        uint256 bond;
        address bondAsset;
        address slashRecipient;
        uint256 maxBidders;
        bytes4 integrationProfile;
    }

    /// @notice A tender opened.
    event TenderOpened(
        bytes32 indexed tenderId,
        bytes32 indexed targetRef,
        address indexed requester,
        address mechanism,
        uint256 reserve,
        uint256 units,
        uint64 commitDeadline,
        uint64 revealDeadline,
        bytes4 integrationProfile
    );
    /// @notice A bidder committed.
    event BidCommitted(bytes32 indexed tenderId, address indexed bidder, bytes32 commitment);
    /// @notice A bidder opened its commitment.
    event BidRevealed(bytes32 indexed tenderId, address indexed bidder, uint256 amount);
    /// @notice A bidder lost its bond for not revealing.
    event BidSlashed(bytes32 indexed tenderId, address indexed bidder, uint256 bond);
    /// @notice A bidder won a unit.
    event TenderAwarded(bytes32 indexed tenderId, address indexed winner, uint256 price, bytes4 mechanismId);
    /// @notice A tender ended without an award.
    event TenderVoid(bytes32 indexed tenderId);
    /// @notice Slashed bonds were paid to the slash recipient.
    event SlashClaimed(bytes32 indexed tenderId, address indexed recipient, uint256 amount);

    /// @notice Opens a tender; the caller is its requester.
    function openTender(TenderTerms calldata terms) external returns (bytes32 tenderId);
    /// @notice Commits to keccak256(abi.encode(tenderId, msg.sender, amount, salt)).
    function commitBid(bytes32 tenderId, bytes32 commitment) external payable;
    /// @notice Opens the caller's commitment.
    function revealBid(bytes32 tenderId, uint256 amount, bytes32 salt) external;
    /// @notice Computes and stores the award once the reveal window is over. Anyone may.
    function finalize(bytes32 tenderId) external returns (IAwardMechanism.Award[] memory);
    /// @notice Pays slashed bonds to the slash recipient. Anyone may.
    function claimSlashed(bytes32 tenderId) external returns (uint256 amount);

    /// @notice The terms a tender opened with.
    function termsOf(bytes32 tenderId) external view returns (TenderTerms memory);
    /// @notice Who opened a tender.
    function requesterOf(bytes32 tenderId) external view returns (address);
    /// @notice Where a tender stands.
    function phaseOf(bytes32 tenderId) external view returns (Phase);
    /// @notice The award; empty unless the tender is awarded.
    function awardOf(bytes32 tenderId) external view returns (IAwardMechanism.Award[] memory);
    /// @notice Slashed bonds credited and not yet claimed.
    function slashedOf(bytes32 tenderId) external view returns (uint256);
}
