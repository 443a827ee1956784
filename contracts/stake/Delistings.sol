// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {StakeVault} from "./StakeVault.sol";

/// @title Who is delisted, where bids are checked
/// @notice Permissions tells the ledger of every delisting in the call that makes it, so that it counts from the next bid
/// on: for the agents of the member or the organisation, and for what its attesters have attested. Nobody has to have the
/// ledger look again, neither then nor when they are listed again.
/// @dev While nobody is delisted, a bid reads nothing of this: the number of delistings stands in the word that every bid
/// reads anyway. The agents' owners are kept here so that a check costs no call of the identity registry.
abstract contract Delistings is StakeVault {
    uint256 private constant DELISTED = 1 << 32;
    /// @dev Where the bits of delisted organisations begin, 256 to a word: a mapping would cost a bid two hashes more.
    uint256 private constant ORGANISATIONS = uint256(keccak256("allot.ledger.delistedOrganisations"));

    /// @dev Low 32 bits: the organisation of an attester whose attestations count; 0 for everybody else. Bit 32 of a
    /// delisted member is 1.
    mapping(address account => uint256) private _accounts;

    /// @inheritdoc IAgentLedger
    function setMemberListed(address account, bool listed) external onlyModule(address(permissions)) {
        uint256 word = _accounts[account];
        if ((word & DELISTED == 0) == listed) return;
        _accounts[account] = word ^ DELISTED;
        _countDelisting(listed);
    }

    /// @inheritdoc IAgentLedger
    function setOrganisationListed(uint32 organisationId, bool listed) external onlyModule(address(permissions)) {
        StorageSlot.Uint256Slot storage page = _pageOf(organisationId);
        uint256 bit = 1 << (organisationId & 255);
        if ((page.value & bit == 0) == listed) return;
        page.value ^= bit;
        _countDelisting(listed);
    }

    /// @inheritdoc IAgentLedger
    function isAttesterStanding(address attester) public view returns (bool) {
        return _isStanding(attester, delistings() != 0);
    }

    /// @dev Takes note whether what an attester attested counts as long as it is not delisted.
    /// @return Whether that is news.
    function _setStanding(address attester, bool standing) internal returns (bool) {
        uint256 word = _accounts[attester];
        if ((uint32(word) != 0) == standing) return false;
        uint256 organisation = standing ? permissions.organisationOf(attester) : 0;
        _accounts[attester] = (word & DELISTED) | organisation;
        return true;
    }

    /// @dev Whether what an attester attested counts now.
    /// @param anybodyDelisted Whether it has to be looked up if the attester is delisted.
    function _isStanding(address attester, bool anybodyDelisted) internal view returns (bool) {
        uint256 word = _accounts[attester];
        uint256 organisation = uint32(word);
        if (organisation == 0) return false;
        return !anybodyDelisted || (word & DELISTED == 0 && !_isOrganisationDelisted(organisation));
    }

    /// @dev Whether an enrolled agent's owner, or its organisation, is delisted. To be asked only while anybody is.
    function _isDelisted(uint256 agentId, uint256 organisation) internal view returns (bool) {
        return _isOrganisationDelisted(organisation) || _accounts[_ownerOf(agentId)] & DELISTED != 0;
    }

    function _isOrganisationDelisted(uint256 organisation) private view returns (bool) {
        return (_pageOf(organisation).value >> (organisation & 255)) & 1 != 0;
    }

    function _pageOf(uint256 organisation) private pure returns (StorageSlot.Uint256Slot storage) {
        // Organisations have 32 bits: this is far from overflowing.
        unchecked {
            return StorageSlot.getUint256Slot(bytes32(ORGANISATIONS + (organisation >> 8)));
        }
    }
}
