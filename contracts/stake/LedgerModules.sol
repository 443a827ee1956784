// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {CapabilityCache} from "./CapabilityCache.sol";

/// @title The modules that change agents' records
/// @notice The network begins with one tender and one market. The operators admit later ones through their time lock;
/// nothing is ever taken from one that has work to end: a retired tender takes no new bids, and releases, burns and ends
/// those it has. So a running task keeps the modules that it began with.
/// @dev The first tender costs a bid nothing beyond the word that it reads anyway.
abstract contract LedgerModules is CapabilityCache {
    enum TenderState {
        None,
        Admitting,
        Retired
    }

    /// @notice The first tender, whose commitments lock stake and capacity.
    address public immutable tender;
    /// @notice The first task market, which starts and ends jobs.
    address public immutable market;

    /// @dev Later tenders; the first one's state is in the word that every bid reads.
    mapping(address module => TenderState) private _tenders;
    mapping(address module => bool) private _markets;

    /// @notice A module has no code, or is no tender that could be retired.
    error LedgerInvalidModule(address module);
    /// @notice The tender takes no new bids.
    error LedgerTenderRetired(address tender);

    constructor(Wiring memory wiring, bytes32 networkId_) CapabilityCache(wiring, networkId_) {
        tender = wiring.tender;
        market = wiring.market;
    }

    /// @dev Lets tenders through, retired ones too.
    modifier onlyTender() {
        if (msg.sender != tender && _tenders[msg.sender] == TenderState.None) revert LedgerUnauthorized(msg.sender);
        _;
    }

    /// @dev Lets task markets through.
    modifier onlyMarket() {
        if (msg.sender != market && !_markets[msg.sender]) revert LedgerUnauthorized(msg.sender);
        _;
    }

    /// @inheritdoc IAgentLedger
    function admitTender(address module) external onlyGovernor {
        if (module.code.length == 0) revert LedgerInvalidModule(module);
        if (module == tender) _setTenderRetired(false);
        else _tenders[module] = TenderState.Admitting;
        emit TenderAdmitted(module);
    }

    /// @inheritdoc IAgentLedger
    function retireTender(address module) external onlyGovernor {
        if (module == tender) _setTenderRetired(true);
        else if (_tenders[module] == TenderState.None) revert LedgerInvalidModule(module);
        else _tenders[module] = TenderState.Retired;
        emit TenderRetired(module);
    }

    /// @inheritdoc IAgentLedger
    function admitMarket(address module) external onlyGovernor {
        if (module.code.length == 0) revert LedgerInvalidModule(module);
        _markets[module] = true;
        emit MarketAdmitted(module);
        _setSlasher(module, true);
    }

    /// @inheritdoc IAgentLedger
    function setSlasher(address module, bool slashes) external onlyGovernor {
        if (slashes && module.code.length == 0) revert LedgerInvalidModule(module);
        _setSlasher(module, slashes);
    }

    /// @dev Refuses a bid on a retired tender; the caller is a tender.
    function _requireAdmitting(Terms storage terms) internal view {
        bool admits = msg.sender == tender ? !terms.tenderRetired : _tenders[msg.sender] == TenderState.Admitting;
        if (!admits) revert LedgerTenderRetired(msg.sender);
    }
}
