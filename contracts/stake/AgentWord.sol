// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev An agent's hot record in one word, from the low end: bonded 64, locked 64, committed 16, running 16,
/// capacity 16, organisation 32, status 4, generation 10, obligationUntil 34 bits. A bid reads and writes it once.
type AgentWord is uint256;

using AgentWords for AgentWord global;

/// @title Reading and changing an agent's record
/// @notice An agent's record as one word.
/// @dev Changes are checked by the caller: a field never outgrows its bits nor falls below 0, so nothing is checked here.
library AgentWords {
    /// @dev Status bits. An agent may take on new duties only if it is enrolled and nothing else, and its owner listed.
    uint256 internal constant ENROLLED = 1;
    uint256 internal constant SUSPENDED = 2;

    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_64 = type(uint64).max;
    uint256 private constant ONE_COMMITTED = 1 << 128;
    uint256 private constant ONE_RUNNING = 1 << 144;
    uint256 private constant STATUS_MASK = 15;
    uint256 private constant GENERATION_SHIFT = 212;
    uint256 private constant OBLIGATION_SHIFT = 222;

    /// @dev Most transfers of an agent.
    uint256 internal constant GENERATION_MAX = (1 << 10) - 1;
    /// @dev Last second that `obligationUntil` can hold, in the year 2514.
    uint256 internal constant TIME_MAX = (1 << 34) - 1;

    /// @dev The record of an agent just enrolled: no stake yet, and as much capacity as its stake will carry. Transfers
    /// before its enrolment stay counted.
    function enrolled(AgentWord a, uint32 organisation_) internal pure returns (AgentWord) {
        return a.withCapacity(MASK_16).withOrganisation(organisation_).withStatus(ENROLLED);
    }

    function bonded(AgentWord a) internal pure returns (uint256) {
        return AgentWord.unwrap(a) & MASK_64;
    }

    function locked(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 64) & MASK_64;
    }

    /// @dev Stake that no commitment holds. After a slash the locks may exceed what is left.
    function free(AgentWord a) internal pure returns (uint256) {
        uint256 has = a.bonded();
        uint256 holds = a.locked();
        unchecked {
            return has > holds ? has - holds : 0;
        }
    }

    /// @dev Commitments and jobs.
    function engagements(AgentWord a) internal pure returns (uint256) {
        unchecked {
            return a.committed() + a.running();
        }
    }

    function committed(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 128) & MASK_16;
    }

    function running(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 144) & MASK_16;
    }

    /// @dev The ceiling that the owner declared.
    function declaredCapacity(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 160) & MASK_16;
    }

    /// @dev Commitments and jobs that the agent may have at once: what it declared, or what its stake carries.
    function capacity(AgentWord a, uint256 stakePerUnit) internal pure returns (uint256) {
        uint256 carried = a.bonded() / stakePerUnit;
        uint256 declared = a.declaredCapacity();
        return carried < declared ? carried : declared;
    }

    function organisation(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 176) & type(uint32).max;
    }

    function status(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> 208) & STATUS_MASK;
    }

    /// @dev Number of transfers so far: keys and capabilities of an earlier generation are void.
    function generation(AgentWord a) internal pure returns (uint256) {
        return (AgentWord.unwrap(a) >> GENERATION_SHIFT) & GENERATION_MAX;
    }

    function obligationUntil(AgentWord a) internal pure returns (uint256) {
        return AgentWord.unwrap(a) >> OBLIGATION_SHIFT;
    }

    function addBonded(AgentWord a, uint256 amount) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) + amount);
        }
    }

    function subBonded(AgentWord a, uint256 amount) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) - amount);
        }
    }

    function addLocked(AgentWord a, uint256 amount) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) + (amount << 64));
        }
    }

    function subLocked(AgentWord a, uint256 amount) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) - (amount << 64));
        }
    }

    function addCommitted(AgentWord a) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) + ONE_COMMITTED);
        }
    }

    function subCommitted(AgentWord a) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) - ONE_COMMITTED);
        }
    }

    function addRunning(AgentWord a) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) + ONE_RUNNING);
        }
    }

    function subRunning(AgentWord a) internal pure returns (AgentWord) {
        unchecked {
            return AgentWord.wrap(AgentWord.unwrap(a) - ONE_RUNNING);
        }
    }

    function withCapacity(AgentWord a, uint256 value) internal pure returns (AgentWord) {
        return AgentWord.wrap((AgentWord.unwrap(a) & ~(MASK_16 << 160)) | (value << 160));
    }

    function withOrganisation(AgentWord a, uint256 value) internal pure returns (AgentWord) {
        return AgentWord.wrap((AgentWord.unwrap(a) & ~(uint256(type(uint32).max) << 176)) | (value << 176));
    }

    function withStatus(AgentWord a, uint256 value) internal pure returns (AgentWord) {
        return AgentWord.wrap((AgentWord.unwrap(a) & ~(STATUS_MASK << 208)) | (value << 208));
    }

    function nextGeneration(AgentWord a) internal pure returns (AgentWord) {
        return AgentWord.wrap(AgentWord.unwrap(a) + (1 << GENERATION_SHIFT));
    }

    /// @dev Obligations only ever reach further.
    function boundUntil(AgentWord a, uint256 until) internal pure returns (AgentWord) {
        if (until <= a.obligationUntil()) return a;
        uint256 rest = AgentWord.unwrap(a) & ((1 << OBLIGATION_SHIFT) - 1);
        return AgentWord.wrap(rest | (until << OBLIGATION_SHIFT));
    }
}
