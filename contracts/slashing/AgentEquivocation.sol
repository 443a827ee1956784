// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "../governance/Governed.sol";
import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPermissions} from "../interfaces/IPermissions.sol";
import {Evidence} from "./Evidence.sol";

/// @title What an agent's equivocation costs
/// @notice The larger of a fixed amount and a share of the bonded and unbonding stake, and the agent is suspended.
abstract contract AgentEquivocation is Evidence {
    struct Wiring {
        IAgentLedger ledger;
        IPermissions permissions;
        IParameters parameters;
        address governor;
    }

    /// @notice The register of agents.
    IAgentLedger public immutable ledger;

    constructor(Wiring memory wiring, address[] memory sources)
        Evidence(wiring.ledger, wiring.permissions, wiring.parameters, sources)
        Governed(wiring.governor)
    {
        ledger = wiring.ledger;
    }

    /// @notice What the fault costs the agent now, in millionths of a credit; rounded up.
    /// @param since When what the statements are about began: of the parameters then and now, the lower count.
    function penaltyOf(uint256 agentId, uint256 since) public view returns (uint256) {
        uint256 bps = parameters.lowerOf(IParameters.Parameter.EquivocationShare, since);
        uint256 least = parameters.lowerOf(IParameters.Parameter.EquivocationFixed, since);
        uint256 share = Math.mulDiv(ledger.stakeInReachOf(agentId), bps, BPS, Math.Rounding.Ceil);
        return share > least ? share : least;
    }
}
