// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBondedStake} from "./IBondedStake.sol";

/// @title Whose attestations of capabilities count
/// @notice A list that the operators keep, and the stake of those on it.
interface IAttesterRegistry is IBondedStake {
    /// @notice True when the account may attest now, and what it attested counts: listed, an active member, not suspended,
    /// and with the minimum stake. Its right to revoke never ends.
    function isAttester(address account) external view returns (bool);
    /// @notice Whether the operators accept the account.
    function isListed(address account) external view returns (bool);
    /// @notice Tells the ledger whether an attester counts, after the minimum stake changed. Anyone may call it.
    function refreshAttester(address account) external;
}
