import { expect } from "chai";
import { network } from "hardhat";
import type { Signer } from "../fixture.ts";

const { ethers, networkHelpers } = await network.create();

async function money() {
  const [governor, ada, ben] = (await ethers.getSigners()) as [Signer, Signer, Signer];
  const credits = await ethers.deployContract("Credits", [governor, [{ holder: ada, amount: 5_000_000n }]]);
  return { governor, ada, ben, credits };
}

describe("Credits", () => {
  const load = () => networkHelpers.loadFixture(money);

  it("has 6 decimals and the initial issue", async () => {
    const { credits, ada } = await load();
    expect(await credits.decimals()).to.equal(6n);
    expect(await credits.balanceOf(ada)).to.equal(5_000_000n);
    expect(await credits.totalSupply()).to.equal(5_000_000n);
  });

  it("is issued by its governor alone", async () => {
    const { credits, ada, ben } = await load();
    await credits.issue(ben, 7n);
    expect(await credits.balanceOf(ben)).to.equal(7n);
    await expect(credits.connect(ada).issue(ada, 1n))
      .to.be.revertedWithCustomError(credits, "GovernedUnauthorized")
      .withArgs(ada);
  });

  it("keeps the whole supply within 64 bits", async () => {
    const { credits, ben } = await load();
    const rest = 2n ** 64n - 1n - 5_000_000n;
    await expect(credits.issue(ben, rest + 1n))
      .to.be.revertedWithCustomError(credits, "CreditsSupplyExceeded")
      .withArgs(2n ** 64n);
    await credits.issue(ben, rest);
  });

  it("takes allowances by signature (ERC-2612)", async () => {
    const { credits, ada, ben } = await load();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "Allot Credits", version: "1", chainId, verifyingContract: await credits.getAddress() };
    const types = {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const deadline = 2n ** 40n;
    const permit = { owner: ada.address, spender: ben.address, value: 3n, nonce: 0n, deadline };
    const { r, s, v } = ethers.Signature.from(await ada.signTypedData(domain, types, permit));
    await credits.connect(ben).permit(ada, ben, 3n, deadline, v, r, s);
    await credits.connect(ben).transferFrom(ada, ben, 3n);
    expect(await credits.balanceOf(ben)).to.equal(3n);
    expect(await credits.DOMAIN_SEPARATOR()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
  });

  it("can be burned by its holder", async () => {
    const { credits, ada } = await load();
    await credits.connect(ada).burn(1_000_000n);
    expect(await credits.totalSupply()).to.equal(4_000_000n);
  });
});
