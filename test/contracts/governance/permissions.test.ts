import { expect } from "chai";
import { network } from "hardhat";
import { deployPermissions, deployRules, type Signer } from "../fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

async function members() {
  const [governor, ada, ben, stranger] = (await ethers.getSigners()) as [Signer, Signer, Signer, Signer];
  const permissions = await deployPermissions(await deployRules(connection), governor.address, [
    { name: "Acme", members: [ada] },
    { name: "Babel", members: [] },
  ]);
  return { governor, ada, ben, stranger, permissions };
}

describe("Permissions", () => {
  const load = () => networkHelpers.loadFixture(members);

  it("numbers organisations from 1 and gives each account one", async () => {
    const { permissions, ada, ben } = await load();
    await expect(permissions.addMembers(2, [ben]))
      .to.emit(permissions, "MemberAdded")
      .withArgs(2, ben);
    expect(await permissions.organisationOf(ada)).to.equal(1n);
    expect(await permissions.organisationOf(ben)).to.equal(2n);
    expect(await permissions.organisationCount()).to.equal(2n);
    expect([...(await permissions.organisation(2))]).to.deep.equal(["Babel", true]);
    await expect(permissions.addOrganisation("Cyclops"))
      .to.emit(permissions, "OrganisationAdded")
      .withArgs(3, "Cyclops");
  });

  it("knows strangers as nobody's", async () => {
    const { permissions, stranger } = await load();
    expect(await permissions.organisationOf(stranger)).to.equal(0n);
    expect(await permissions.isActive(stranger)).to.equal(false);
    expect(await permissions.isOrganisationActive(0)).to.equal(false);
    expect(await permissions.isOrganisationActive(3)).to.equal(false);
  });

  it("never moves an account to another organisation", async () => {
    const { permissions, ada } = await load();
    for (const id of [1, 2]) {
      await expect(permissions.addMembers(id, [ada]))
        .to.be.revertedWithCustomError(permissions, "PermissionsMemberFixed")
        .withArgs(ada, 1);
    }
  });

  it("delists and relists a member, who keeps its organisation", async () => {
    const { permissions, ada } = await load();
    await expect(permissions.setMemberActive(ada, false)).to.emit(permissions, "MemberDelisted").withArgs(1, ada);
    expect(await permissions.isActive(ada)).to.equal(false);
    expect(await permissions.organisationOf(ada)).to.equal(1n);
    await expect(permissions.setMemberActive(ada, false)).not.to.emit(permissions, "MemberDelisted");
    await expect(permissions.setMemberActive(ada, true)).to.emit(permissions, "MemberRelisted").withArgs(1, ada);
    expect(await permissions.isActive(ada)).to.equal(true);
  });

  it("delists an organisation with all its members", async () => {
    const { permissions, ada } = await load();
    await expect(permissions.setOrganisationActive(1, false)).to.emit(permissions, "OrganisationDelisted").withArgs(1);
    expect(await permissions.isActive(ada)).to.equal(false);
    expect(await permissions.isOrganisationActive(1)).to.equal(false);
    await expect(permissions.setOrganisationActive(1, true)).to.emit(permissions, "OrganisationRelisted").withArgs(1);
    expect(await permissions.isActive(ada)).to.equal(true);
  });

  it("delists by functions of their own, which cannot relist", async () => {
    const { permissions, ada } = await load();
    await expect(permissions.delistMember(ada)).to.emit(permissions, "MemberDelisted").withArgs(1, ada);
    await permissions.setMemberActive(ada, true);
    await expect(permissions.delistOrganisation(1)).to.emit(permissions, "OrganisationDelisted").withArgs(1);
    expect(await permissions.isActive(ada)).to.equal(false);
    await expect(permissions.delistOrganisation(1)).not.to.emit(permissions, "OrganisationDelisted");
  });

  it("keeps membership where validators read it: one word per account in the mapping at slot 0", async () => {
    const { permissions, ada, stranger } = await load();
    const wordOf = async (account: string) => {
      const slot = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, 0]));
      return BigInt(await ethers.provider.getStorage(permissions, slot));
    };
    expect(await wordOf(ada.address)).to.equal(1n);
    expect(await wordOf(stranger.address)).to.equal(0n);
    await permissions.setMemberActive(ada, false);
    expect(await wordOf(ada.address)).to.equal(1n | (1n << 32n));
  });

  it("is changed by its governor alone", async () => {
    const { permissions, ada, ben } = await load();
    const asAda = permissions.connect(ada);
    for (const call of [
      () => asAda.addOrganisation("Mine"),
      () => asAda.setOrganisationActive(2, false),
      () => asAda.addMembers(1, [ben]),
      () => asAda.setMemberActive(ada, false),
      () => asAda.delistMember(ada),
      () => asAda.delistOrganisation(2),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(permissions, "GovernedUnauthorized").withArgs(ada);
    }
    const nobody = ethers.ZeroAddress;
    await expect(ethers.deployContract("Permissions", [nobody, nobody, []])).to.be.revertedWithCustomError(
      permissions,
      "GovernedInvalidGovernor",
    );
  });

  it("refuses unknown organisations and members, the zero address, and empty or long names", async () => {
    const { permissions, ben } = await load();
    for (const call of [
      () => permissions.addMembers(3, [ben]),
      () => permissions.setOrganisationActive(0, true),
      () => permissions.organisation(3),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(permissions, "PermissionsUnknownOrganisation");
    }
    await expect(permissions.setMemberActive(ben, false))
      .to.be.revertedWithCustomError(permissions, "PermissionsUnknownMember")
      .withArgs(ben);
    await expect(permissions.addMembers(1, [ethers.ZeroAddress])).to.be.revertedWithCustomError(
      permissions,
      "PermissionsInvalidMember",
    );
    for (const name of ["", "x".repeat(65)]) {
      await expect(permissions.addOrganisation(name)).to.be.revertedWithCustomError(
        permissions,
        "PermissionsInvalidName",
      );
    }
    await permissions.addOrganisation("x".repeat(64));
  });
});
