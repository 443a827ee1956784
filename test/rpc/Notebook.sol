// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What a client needs a contract for: state, events, reverts of every kind.
contract Notebook {
    event Noted(address indexed author, uint256 indexed number, string text);

    error TooLong(uint256 length);

    uint256 public count;
    mapping(uint256 number => string text) public notes;

    constructor(uint256 first) payable {
        count = first;
    }

    function note(string calldata text) external payable returns (uint256 number) {
        if (bytes(text).length > 100) revert TooLong(bytes(text).length);
        number = ++count;
        notes[number] = text;
        emit Noted(msg.sender, number, text);
    }

    function refuse(string calldata reason) external pure {
        revert(reason);
    }

    function panic(uint256 by) external pure returns (uint256) {
        return 1 / by;
    }

    function spin() external view returns (uint256 turns) {
        while (gasleft() > 0) turns += block.number;
    }
}
