// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";

/// @title A wallet that is a contract: its owner's signature is its own (ERC-1271)
contract ContractWallet is IERC1271 {
    address private immutable _owner;

    /// @param owner_ Whose signatures count.
    constructor(address owner_) {
        _owner = owner_;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(hash, signature);
        return signer == _owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @title A wallet that tries to change the registry while it is asked for its signature
contract ReenteringWallet {
    IIdentityRegistry private immutable _registry;
    /// @notice Whether a call that it made while being asked went through.
    bool public entered;

    /// @param registry_ The identity registry.
    constructor(IIdentityRegistry registry_) {
        _registry = registry_;
    }

    /// @notice Registers an agent that this wallet owns.
    function register() external returns (uint256 agentId) {
        return _registry.register();
    }

    /// @notice Asks the registry to make this contract its agent's wallet.
    function setOwnWallet(uint256 agentId) external {
        _registry.setAgentWallet(agentId, address(this), type(uint256).max, abi.encode(agentId));
    }

    /// @notice Answers as ERC-1271 wants it, and changes the agent's URI on the way.
    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes4) {
        _registry.setAgentURI(abi.decode(signature, (uint256)), "changed while being asked");
        entered = true;
        return IERC1271.isValidSignature.selector;
    }
}

/// @title A receiver that acts on an agent within the call that gives it the agent
contract ReenteringReceiver is IERC721Receiver {
    IIdentityRegistry private immutable _registry;
    address private _passTo;
    bool private _refusing;

    /// @notice What the receiver saw when it was told.
    address public ownerSeen;
    address public walletSeen;
    /// @notice Whether taking the agent from its former owner again succeeded.
    bool public tookTwice;

    /// @param registry_ The identity registry.
    constructor(IIdentityRegistry registry_) {
        _registry = registry_;
    }

    /// @notice What to do when told: refuse, or pass the agent on at once; the zero address keeps it.
    function prepare(bool refusing, address passTo) external {
        _refusing = refusing;
        _passTo = passTo;
    }

    /// @inheritdoc IERC721Receiver
    function onERC721Received(address, address from, uint256 agentId, bytes calldata) external returns (bytes4) {
        ownerSeen = _registry.ownerOf(agentId);
        walletSeen = _registry.getAgentWallet(agentId);
        try _registry.transferFrom(from, address(this), agentId) {
            tookTwice = true;
        } catch {
            tookTwice = false;
        }
        if (_passTo != address(0)) _registry.transferFrom(address(this), _passTo, agentId);
        return _refusing ? bytes4(0) : IERC721Receiver.onERC721Received.selector;
    }
}
