// ERC-8469's interfaces as its text has them, written down here once more: what tools speak is compared with this, not with
// the project's own interface files.
import { expect } from "chai";
import { type Fragment, Interface, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { deployRules } from "../fixture.ts";

const AWARD = "tuple(address winner, uint256 price)[]";
const TERMS = `tuple(bytes32 targetRef, address mechanism, uint256 reserve, uint256 units, uint64 commitDeadline,
  uint64 revealDeadline, uint256 bond, address bondAsset, address slashRecipient, uint256 maxBidders,
  bytes4 integrationProfile)`;

const mechanismText = new Interface([
  "function mechanismId() pure returns (bytes4)",
  `function award(tuple(address bidder, uint256 amount)[] bids, uint256 reserve, uint256 units) pure returns (${AWARD})`,
]);

const tenderText = new Interface([
  `event TenderOpened(bytes32 indexed tenderId, bytes32 indexed targetRef, address indexed requester, address mechanism,
    uint256 reserve, uint256 units, uint64 commitDeadline, uint64 revealDeadline, bytes4 integrationProfile)`,
  "event BidCommitted(bytes32 indexed tenderId, address indexed bidder, bytes32 commitment)",
  "event BidRevealed(bytes32 indexed tenderId, address indexed bidder, uint256 amount)",
  "event BidSlashed(bytes32 indexed tenderId, address indexed bidder, uint256 bond)",
  "event TenderAwarded(bytes32 indexed tenderId, address indexed winner, uint256 price, bytes4 mechanismId)",
  "event TenderVoid(bytes32 indexed tenderId)",
  "event SlashClaimed(bytes32 indexed tenderId, address indexed recipient, uint256 amount)",
  `function openTender(${TERMS} terms) returns (bytes32 tenderId)`,
  "function commitBid(bytes32 tenderId, bytes32 commitment) payable",
  "function revealBid(bytes32 tenderId, uint256 amount, bytes32 salt)",
  `function finalize(bytes32 tenderId) returns (${AWARD})`,
  "function claimSlashed(bytes32 tenderId) returns (uint256 amount)",
  `function termsOf(bytes32 tenderId) view returns (${TERMS})`,
  "function requesterOf(bytes32 tenderId) view returns (address)",
  "function phaseOf(bytes32 tenderId) view returns (uint8)",
  `function awardOf(bytes32 tenderId) view returns (${AWARD})`,
  "function slashedOf(bytes32 tenderId) view returns (uint256)",
]);

const connection = await network.create();
const { contracts } = await deployRules(connection);

/** Functions and events of an interface, in full: names, types, indexes, mutability. */
function fragmentsOf(abi: Interface): string[] {
  const shown = abi.fragments.filter((part: Fragment) => part.type === "function" || part.type === "event");
  return shown.map((part) => part.format("full")).sort();
}

/** ERC-165's id: the exclusive or of the selectors. */
function idOf(abi: Interface): string {
  let id = 0n;
  abi.forEachFunction(({ selector }) => {
    id ^= BigInt(selector);
  });
  return toBeHex(id, 4);
}

describe("ERC-8469", () => {
  for (const [name, text] of [
    ["IAwardMechanism", mechanismText],
    ["ISealedBidTender", tenderText],
  ] as const) {
    it(`is ${name} to the letter`, async () => {
      const compiled = await connection.ethers.getContractAt(name, ZeroAddress);
      expect(fragmentsOf(compiled.interface)).to.deep.equal(fragmentsOf(text));
    });
  }

  it("is announced by the tender and by every mechanism through ERC-165", async () => {
    expect(idOf(tenderText)).to.equal("0x51cc1733");
    expect(idOf(mechanismText)).to.equal("0x909d002a");
    const tender = contracts.SealedBidTender;
    expect(await tender.supportsInterface(idOf(tenderText))).to.equal(true);
    expect(await tender.supportsInterface(idOf(mechanismText))).to.equal(false);
    for (const mechanism of [
      contracts.FirstPrice,
      contracts.Vickrey,
      contracts.UniformPrice,
      contracts.PostedPrice,
    ] as const) {
      expect(await mechanism.supportsInterface(idOf(mechanismText))).to.equal(true);
      expect(await mechanism.supportsInterface(idOf(tenderText))).to.equal(false);
    }
  });
});
