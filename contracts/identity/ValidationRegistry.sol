// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IAgentIdentity} from "../interfaces/IAgentIdentity.sol";
import {IValidationRegistry} from "../interfaces/IValidationRegistry.sol";
import {Filter} from "./Filter.sol";

/// @title Validation of agents' work (ERC-8004, 2026)
/// @notice An agent asks a validator of its choice; the validator answers, any number of times.
/// @dev Summaries are kept as totals when something is written: reading one costs by the length of the list given,
/// never by how much has been asked. The two lists of requests are for readers off chain.
contract ValidationRegistry is IValidationRegistry, ERC165 {
    struct Request {
        address validator;
        uint8 response;
        uint64 lastUpdate;
        uint256 agentId;
        bytes32 responseHash;
        string tag;
    }

    struct Total {
        uint128 sum;
        uint64 count;
    }

    uint8 private constant RESPONSE_MAX = 100;
    bytes32 private constant NO_TAG = keccak256("");

    IAgentIdentity private immutable _identity;

    mapping(bytes32 requestHash => Request) private _requests;
    mapping(uint256 agentId => bytes32[]) private _agentRequests;
    mapping(address validator => bytes32[]) private _validatorRequests;
    mapping(bytes32 selection => Total) private _totals;

    /// @notice The caller is neither the agent's owner nor approved by it.
    error ValidationUnauthorized(uint256 agentId, address caller);
    /// @notice Validator, URI and hash are mandatory.
    error ValidationRequestIncomplete(bytes32 requestHash);
    /// @notice The hash identifies another request already.
    error ValidationRequestExists(bytes32 requestHash);
    /// @notice There is no such request.
    error ValidationRequestUnknown(bytes32 requestHash);
    /// @notice Another validator was asked.
    error ValidationNotValidator(bytes32 requestHash, address caller);
    /// @notice A response is 0 to 100.
    error ValidationResponseTooLarge(uint8 response);

    /// @param identity_ The identity registry.
    constructor(IAgentIdentity identity_) {
        _identity = identity_;
    }

    /// @inheritdoc IValidationRegistry
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        if (!_identity.isAuthorizedOrOwner(msg.sender, agentId)) revert ValidationUnauthorized(agentId, msg.sender);
        if (validatorAddress == address(0) || bytes(requestURI).length == 0 || requestHash == bytes32(0)) {
            revert ValidationRequestIncomplete(requestHash);
        }
        Request storage request = _requests[requestHash];
        if (request.validator != address(0)) revert ValidationRequestExists(requestHash);
        request.validator = validatorAddress;
        request.agentId = agentId;
        _agentRequests[agentId].push(requestHash);
        _validatorRequests[validatorAddress].push(requestHash);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @inheritdoc IValidationRegistry
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Request storage request = _existing(requestHash);
        if (msg.sender != request.validator) revert ValidationNotValidator(requestHash, msg.sender);
        if (response > RESPONSE_MAX) revert ValidationResponseTooLarge(response);
        if (request.lastUpdate != 0) _count(request, false);
        request.response = response;
        request.lastUpdate = uint64(block.timestamp);
        request.responseHash = responseHash;
        request.tag = tag;
        _count(request, true);
        emit ValidationResponse(
            msg.sender, request.agentId, requestHash, response, responseURI, responseHash, tag
        );
    }

    /// @inheritdoc IValidationRegistry
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        )
    {
        Request storage r = _existing(requestHash);
        return (r.validator, r.agentId, r.response, r.responseHash, r.tag, r.lastUpdate);
    }

    /// @inheritdoc IValidationRegistry
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse)
    {
        bytes32 tagHash = keccak256(bytes(tag));
        uint256 sum = 0;
        if (validatorAddresses.length == 0) {
            Total storage all = _totals[_totalKey(agentId, address(0), tagHash)];
            (sum, count) = (all.sum, all.count);
        }
        address highest = address(0);
        for (uint256 i = 0; i < validatorAddresses.length; i++) {
            address validator = validatorAddresses[i];
            if (validator == address(0) || Filter.isRepeated(validatorAddresses, i, highest)) continue;
            if (validator > highest) highest = validator;
            Total storage total = _totals[_totalKey(agentId, validator, tagHash)];
            sum += total.sum;
            count += total.count;
        }
        if (count > 0) averageResponse = uint8(sum / count);
    }

    /// @inheritdoc IValidationRegistry
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes) {
        return _agentRequests[agentId];
    }

    /// @inheritdoc IValidationRegistry
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes) {
        return _validatorRequests[validatorAddress];
    }

    /// @inheritdoc IValidationRegistry
    function getIdentityRegistry() external view returns (address identityRegistry) {
        return address(_identity);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IValidationRegistry).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Adds the latest answer to, or takes it from, each total that counts it: with and without validator and tag.
    function _count(Request storage request, bool added) private {
        bytes32 tagHash = keccak256(bytes(request.tag));
        for (uint256 open = 0; open < 4; open++) {
            bool openTag = open & 2 != 0;
            if (openTag && tagHash == NO_TAG) continue;
            address validator = open & 1 == 0 ? request.validator : address(0);
            Total storage total = _totals[_totalKey(request.agentId, validator, openTag ? NO_TAG : tagHash)];
            total.sum = added ? total.sum + request.response : total.sum - request.response;
            total.count = added ? total.count + 1 : total.count - 1;
        }
    }

    function _existing(bytes32 requestHash) private view returns (Request storage request) {
        request = _requests[requestHash];
        if (request.validator == address(0)) revert ValidationRequestUnknown(requestHash);
    }

    function _totalKey(uint256 agentId, address validator, bytes32 tag) private pure returns (bytes32) {
        return keccak256(abi.encode(agentId, validator, tag));
    }
}
