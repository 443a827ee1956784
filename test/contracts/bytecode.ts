// Contracts of a few opcodes, for modules gone bad: they stand in no folder of the rules and need no compiler.
import { dataLength, dataSlice, toBeHex } from "ethers";

/** Runtime code that answers every call with the same data. */
export function returning(data: string): string {
  const size = toBeHex(dataLength(data), 2).slice(2);
  // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN, data
  return `0x61${size}80600a5f395ff3${data.slice(2)}`;
}

/** Runtime code that answers calls of one selector with `data`, and tells ERC-165 that it implements everything. */
export function answering(selector: string, data: string): string {
  const size = toBeHex(dataLength(data), 2).slice(2);
  const dispatchBytes = 14;
  const erc165Bytes = 44;
  const answerBytes = 11;
  const answerAt = (dispatchBytes + erc165Bytes).toString(16);
  const dataAt = (dispatchBytes + erc165Bytes + answerBytes).toString(16);
  // PUSH0, CALLDATALOAD, PUSH1 224, SHR, PUSH4 selector, EQ, PUSH1 answer, JUMPI
  const dispatch = `5f3560e01c63${dataSlice(selector, 0, 4).slice(2)}1460${answerAt}57`;
  // Everything but the interface 0xffffffff: PUSH1 4, CALLDATALOAD, PUSH32, EQ, ISZERO, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
  const erc165 = `6004357f${"ff".repeat(4)}${"00".repeat(28)}14155f5260205ff3`;
  // JUMPDEST, PUSH2 size, DUP1, PUSH1 data, PUSH0, CODECOPY, PUSH0, RETURN
  const answer = `5b61${size}8060${dataAt}5f395ff3`;
  return `0x${dispatch}${erc165}${answer}${data.slice(2)}`;
}

/** Runtime code that answers calls of one selector with `data`, and every other call with four bytes. */
export function identified(selector: string, data: string, bytes4: string): string {
  const size = toBeHex(dataLength(data), 2).slice(2);
  // PUSH0, CALLDATALOAD, PUSH1 224, SHR, PUSH4 selector, EQ, PUSH1 28, JUMPI
  const dispatch = `5f3560e01c63${dataSlice(selector, 0, 4).slice(2)}14601c57`;
  // PUSH4 bytes4, PUSH1 224, SHL, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
  const other = `63${dataSlice(bytes4, 0, 4).slice(2)}60e01b5f5260205ff3`;
  // JUMPDEST, PUSH2 size, DUP1, PUSH1 39, PUSH0, CODECOPY, PUSH0, RETURN
  return `0x${dispatch}${other}5b61${size}8060275f395ff3${data.slice(2)}`;
}

/** Runtime code that makes many static calls of one contract in a row. Input: the contract's address as a word, then for
 * each call the length of its data as a word, and the data. Output: for each call a word, twice the number of bytes it
 * returned and 1 more if it did not revert, and these bytes. */
export const CALL_BATCH = [
  "0x5f6020", // PUSH0 (out) PUSH1 32 (in)
  "5b36811060 0f 57", // 3: JUMPDEST CALLDATASIZE DUP2 LT PUSH1 15 JUMPI
  "505ff3", // POP PUSH0 RETURN: all that was written
  "00",
  "00",
  "5b803590602001", // 15: JUMPDEST DUP1 CALLDATALOAD SWAP1 PUSH1 32 ADD
  "81818437", // DUP2 DUP2 DUP5 CALLDATACOPY: the data to where the answer will stand
  "8101905f5f91", // DUP2 ADD SWAP1 PUSH0 PUSH0 SWAP2
  "845f355afa", // DUP5 PUSH0 CALLDATALOAD GAS STATICCALL
  "3d5f846020013e", // RETURNDATASIZE PUSH0 DUP5 PUSH1 32 ADD RETURNDATACOPY
  "3d8001178252", // RETURNDATASIZE DUP1 ADD OR DUP3 MSTORE
  "903d0160200190", // SWAP1 RETURNDATASIZE ADD PUSH1 32 ADD SWAP1
  "600356", // PUSH1 3 JUMP
]
  .join("")
  .replaceAll(" ", "");
