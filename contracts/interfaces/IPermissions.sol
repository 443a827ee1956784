// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Who belongs to which organisation, and who may act
/// @notice Every sender, agent owner, requester, evaluator and attester is a member of one organisation. Exclusions
/// (a requester's own agents, one agent per organisation and tender, …) compare organisations, never addresses.
interface IPermissions {
    /// @notice Organisation of an account: 0 for strangers; delisted members keep theirs, so that exclusions hold.
    function organisationOf(address account) external view returns (uint32 organisationId);

    /// @notice True when the account and its organisation are both listed: it may start something new.
    /// @dev Duties that somebody already has (reveal, submit, claim, unbond, …) never ask this: delisting is exit-only.
    function isActive(address account) external view returns (bool);

    /// @notice True when the organisation exists and is listed.
    function isOrganisationActive(uint32 organisationId) external view returns (bool);
}
