// Who takes part: accounts whose keys the tests hold, by the organisation that they belong to.
import { AbiCoder, getBytes, hexlify, keccak256, TypedDataEncoder, type TypedDataField } from "ethers";
import secp256k1 from "secp256k1";
import { wordOf } from "./crowdChain.ts";

export interface Person {
  readonly name: string;
  /** Lower case. */
  readonly address: string;
  readonly privateKey: Uint8Array;
}

export function personOf(name: string): Person {
  const privateKey = getBytes(wordOf(`person ${name}`));
  const publicKey = secp256k1.publicKeyCreate(privateKey, false);
  return { name, privateKey, address: `0x${keccak256(publicKey.slice(1)).slice(-40)}` };
}

/** An EIP-712 statement: what signs it and what it is hashed to. */
export interface StatementType {
  readonly domainSeparator: string;
  readonly typeHash: string;
  readonly fields: readonly string[];
}

const coder = AbiCoder.defaultAbiCoder();

export function statementType(
  domain: Parameters<typeof TypedDataEncoder.hashDomain>[0],
  name: string,
  fields: readonly TypedDataField[],
): StatementType {
  const text = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
  return {
    domainSeparator: TypedDataEncoder.hashDomain(domain),
    typeHash: wordOf(text),
    fields: fields.map(({ type }) => type),
  };
}

/** The signature, 65 bytes, low s. */
export function sign(person: Person, type: StatementType, values: readonly unknown[]): string {
  const struct = keccak256(coder.encode(["bytes32", ...type.fields], [type.typeHash, ...values]));
  const digest = keccak256(`0x1901${type.domainSeparator.slice(2)}${struct.slice(2)}`);
  const { signature, recid } = secp256k1.ecdsaSign(getBytes(digest), person.privateKey);
  return `${hexlify(signature)}${(27 + recid).toString(16)}`;
}
