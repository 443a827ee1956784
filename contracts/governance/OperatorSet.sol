// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The operators in office and their quorum
/// @notice Both change only by a call of the contract on itself, which is an executed proposal: see Operators.
abstract contract OperatorSet {
    /// @notice Most operators there can be: bounds every loop over them.
    uint256 public constant OPERATORS_MAX = 64;

    address[] private _operators;
    mapping(address account => uint256 position) private _positionOf;
    uint256 private _quorum;

    /// @notice An operator took office.
    event OperatorAdded(address indexed operator);
    /// @notice An operator left office.
    event OperatorRemoved(address indexed operator);
    /// @notice So many operators must approve a call from now on.
    event QuorumChanged(uint256 quorum);

    /// @notice The caller is no operator.
    error OperatorsUnauthorized(address caller);
    /// @notice The function is called by something other than an executed proposal.
    error OperatorsOnlySelf(address caller);
    /// @notice Zero, a duplicate, or one operator more than `OPERATORS_MAX`.
    error OperatorsInvalidOperator(address operator);
    /// @notice The quorum is zero or above the number of operators.
    error OperatorsInvalidQuorum(uint256 quorum, uint256 operators);

    modifier onlyOperator() {
        if (!isOperator(msg.sender)) revert OperatorsUnauthorized(msg.sender);
        _;
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert OperatorsOnlySelf(msg.sender);
        _;
    }

    /// @param founders First operators, at most `OPERATORS_MAX`.
    /// @param quorum_ How many of them must approve a call, at least 1.
    constructor(address[] memory founders, uint256 quorum_) {
        for (uint256 i = 0; i < founders.length; i++) _add(founders[i]);
        _setQuorum(quorum_);
    }

    /// @notice Adds an operator; only by an executed proposal.
    function addOperator(address operator) external onlySelf {
        _add(operator);
    }

    /// @notice Removes an operator; only by an executed proposal, and never below the quorum.
    function removeOperator(address operator) external onlySelf {
        uint256 position = _positionOf[operator];
        if (position == 0) revert OperatorsInvalidOperator(operator);
        address last = _operators[_operators.length - 1];
        _operators[position - 1] = last;
        _positionOf[last] = position;
        delete _positionOf[operator];
        _operators.pop();
        if (_operators.length < _quorum) revert OperatorsInvalidQuorum(_quorum, _operators.length);
        emit OperatorRemoved(operator);
    }

    /// @notice Changes the quorum; only by an executed proposal.
    function setQuorum(uint256 quorum_) external onlySelf {
        _setQuorum(quorum_);
    }

    /// @notice The present operators, in no order that means anything.
    function operators() public view returns (address[] memory) {
        return _operators;
    }

    /// @notice Whether an account is an operator now.
    function isOperator(address account) public view returns (bool) {
        return _positionOf[account] != 0;
    }

    /// @notice How many operators must approve a call.
    function quorum() public view returns (uint256) {
        return _quorum;
    }

    function _add(address operator) private {
        bool full = _operators.length == OPERATORS_MAX;
        if (full || operator == address(0) || _positionOf[operator] != 0) revert OperatorsInvalidOperator(operator);
        _operators.push(operator);
        _positionOf[operator] = _operators.length;
        emit OperatorAdded(operator);
    }

    function _setQuorum(uint256 quorum_) private {
        if (quorum_ == 0 || quorum_ > _operators.length) revert OperatorsInvalidQuorum(quorum_, _operators.length);
        _quorum = quorum_;
        emit QuorumChanged(quorum_);
    }
}
