// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {FaultBook} from "./FaultBook.sol";

/// @title What every new bid is measured by
/// @notice The minimum stake that tenders open under, the stake that carries a duty, whether the operators have paused the
/// market or retired its first tender, and how many are delisted: in one word, since every bid reads it. A pause stops new
/// bids and, through TaskMarket, new tasks, and nothing else: whatever has begun goes on to its end.
abstract contract Admission is IAgentLedger, FaultBook, Governed {
    /// @param minStake What a tender opened now asks of its bidders; a bid goes by its tender's.
    /// @param delistings Members and organisations that are delisted: 0 spares a bid looking for its own.
    struct Terms {
        uint64 minStake;
        uint64 stakePerUnit;
        bool paused;
        bool tenderRetired;
        uint32 delistings;
    }

    Terms private _terms;

    /// @notice The market is paused: there are no new tasks and no new bids.
    error LedgerPaused();

    constructor() {
        _copyTerms();
    }

    /// @inheritdoc IAgentLedger
    function pause() external onlyGovernor {
        _setPaused(true);
    }

    /// @inheritdoc IAgentLedger
    function resume() external onlyGovernor {
        _setPaused(false);
    }

    /// @inheritdoc IAgentLedger
    function parametersChanged() external {
        _copyTerms();
    }

    /// @inheritdoc IAgentLedger
    function isPaused() public view returns (bool) {
        return _terms.paused;
    }

    /// @inheritdoc IAgentLedger
    function minStake() public view returns (uint64) {
        return _terms.minStake;
    }

    /// @inheritdoc IAgentLedger
    function stakePerUnit() public view returns (uint64) {
        return _terms.stakePerUnit;
    }

    /// @inheritdoc IAgentLedger
    function delistings() public view returns (uint32) {
        return _terms.delistings;
    }

    /// @dev The word; what follows from reading it here costs a bid one read of it in all.
    function _admissionTerms() internal view returns (Terms storage) {
        return _terms;
    }

    /// @dev Whether the first tender takes no new bids.
    function _setTenderRetired(bool retired) internal {
        _terms.tenderRetired = retired;
    }

    /// @dev One more, or one less, is delisted.
    function _countDelisting(bool listed) internal {
        if (listed) _terms.delistings--;
        else _terms.delistings++;
    }

    function _copyTerms() private {
        _terms.minStake = parameters.get(IParameters.Parameter.MinStake);
        _terms.stakePerUnit = parameters.get(IParameters.Parameter.StakePerUnit);
    }

    function _setPaused(bool paused) private {
        if (_terms.paused == paused) return;
        _terms.paused = paused;
        if (paused) emit MarketPaused();
        else emit MarketResumed();
    }
}
