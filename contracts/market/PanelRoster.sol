// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgentLedger} from "../interfaces/IAgentLedger.sol";
import {IDisputePanel} from "../interfaces/IDisputePanel.sol";

/// @title Who may sit on a panel, and who is drawn
/// @notice Evaluating agents opt in, one per organisation. A draw takes those first in the order of a hash over three
/// organisation numbers: the requester's, the provider's and the member's. Operators give these numbers; no party, member
/// or leader can try out others, and nothing about the task, the block or the time of the call enters.
/// @dev Only members that had joined before the task was posted are drawn, so that nobody can send in friends once a task,
/// its parties or its verdict are known.
abstract contract PanelRoster is IDisputePanel {
    /// @notice Most members; bounds the loop of a draw.
    uint256 public constant MEMBERS_MAX = 64;
    /// @notice Capability of evaluating agents. Its level is the weight of their votes.
    bytes32 public constant PANEL_CAPABILITY = keccak256("evaluation");

    /// @notice The record of agents: who is active, has stake, and holds the capability.
    IAgentLedger public immutable ledger;

    Member[] private _members;
    /// @dev Position + 1 in `_members`.
    mapping(uint32 organisation => uint256) private _positionOf;

    /// @notice The caller is not the present bid key of an agent.
    error DisputePanelNotBidKey(address caller);
    /// @notice The agent is inactive, short of the minimum stake, or without the evaluating capability at level 1 or above
    /// now.
    error DisputePanelUnfit(uint256 agentId);
    /// @notice As many members as there can be.
    error DisputePanelFull();
    /// @notice The agent, or the organisation, is not on the panel.
    error DisputePanelNotMember(uint256 agentId);
    /// @notice The member could be drawn: only its agent takes it off.
    error DisputePanelStillFit(uint256 agentId);

    constructor(IAgentLedger ledger_) {
        ledger = ledger_;
    }

    /// @inheritdoc IDisputePanel
    function joinPanel() external {
        uint256 agentId = _agentOfCaller();
        uint32 organisation = ledger.agentOf(agentId).organisation;
        Member memory member = Member(uint64(agentId), organisation, uint40(block.timestamp));
        if (_levelOf(member) == 0) revert DisputePanelUnfit(agentId);
        uint256 position = _positionOf[organisation];
        if (position == 0) {
            if (_members.length == MEMBERS_MAX) revert DisputePanelFull();
            _members.push(member);
            _positionOf[organisation] = _members.length;
        } else {
            emit PanelLeft(_members[position - 1].agentId, organisation);
            _members[position - 1] = member;
        }
        emit PanelJoined(agentId, organisation);
    }

    /// @inheritdoc IDisputePanel
    function leavePanel() external {
        uint256 agentId = _agentOfCaller();
        uint32 organisation = ledger.agentOf(agentId).organisation;
        uint256 position = _positionOf[organisation];
        if (position == 0 || _members[position - 1].agentId != agentId) revert DisputePanelNotMember(agentId);
        _remove(organisation, position);
    }

    /// @inheritdoc IDisputePanel
    function removeLapsed(uint32 organisation) external {
        uint256 position = _positionOf[organisation];
        if (position == 0) revert DisputePanelNotMember(0);
        Member memory member = _members[position - 1];
        if (_levelOf(member) != 0) revert DisputePanelStillFit(member.agentId);
        _remove(organisation, position);
    }

    /// @inheritdoc IDisputePanel
    function members() external view returns (Member[] memory) {
        return _members;
    }

    /// @dev The first `count` fit members of none of the three organisations, that joined before `postedAt`.
    function _draw(uint32 requester, uint32 provider, uint32 evaluator, uint256 postedAt, uint8 level, uint256 count)
        internal
        view
        returns (Member[] memory drawn, uint256[] memory levels)
    {
        drawn = new Member[](count);
        levels = new uint256[](count);
        uint256[] memory ranks = new uint256[](count);
        uint256 kept;
        uint256 length = _members.length;
        for (uint256 i = 0; i < length; i++) {
            Member memory member = _members[i];
            uint32 own = member.organisation;
            if (own == requester || own == provider || own == evaluator || member.joinedAt >= postedAt) continue;
            uint256 held = _levelOf(member);
            if (held < level) continue;
            uint256 rank = uint256(keccak256(abi.encode(requester, provider, own)));
            if (kept == count && rank >= ranks[count - 1]) continue;
            // Insertion into the short sorted list; the last one falls out when it is full.
            uint256 place = kept < count ? kept++ : count - 1;
            for (; place > 0 && ranks[place - 1] > rank; place--) {
                (drawn[place], ranks[place], levels[place]) = (drawn[place - 1], ranks[place - 1], levels[place - 1]);
            }
            (drawn[place], ranks[place], levels[place]) = (member, rank, held);
        }
        assembly ("memory-safe") {
            mstore(drawn, kept)
            mstore(levels, kept)
        }
    }

    /// @dev Level of the evaluating capability of a member that may be drawn now; 0 for one that may not.
    function _levelOf(Member memory member) private view returns (uint256) {
        IAgentLedger.AgentView memory agent = ledger.agentOf(member.agentId);
        bool active = agent.enrolled && !agent.suspended && !agent.delisted;
        if (!active || agent.organisation != member.organisation || agent.bonded < ledger.minStake()) return 0;
        if (ledger.bidKeyOf(member.agentId) == address(0)) return 0;
        IAgentLedger.CapabilityView memory held = ledger.capabilityOf(member.agentId, PANEL_CAPABILITY);
        return held.current ? held.level : 0;
    }

    function _agentOfCaller() private view returns (uint256 agentId) {
        agentId = ledger.agentIdOf(msg.sender);
        if (ledger.bidKeyOf(agentId) != msg.sender) revert DisputePanelNotBidKey(msg.sender);
    }

    function _remove(uint32 organisation, uint256 position) private {
        uint256 agentId = _members[position - 1].agentId;
        Member memory last = _members[_members.length - 1];
        _members[position - 1] = last;
        _positionOf[last.organisation] = position;
        delete _positionOf[organisation];
        _members.pop();
        emit PanelLeft(agentId, organisation);
    }
}
