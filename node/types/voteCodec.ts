// Votes and certificates on the wire, on disk and in digests.
//   vote        = [kind, epoch, view] or [kind, epoch, view, digest];  kind: 1 notarize, 2 nullify, 3 finalize
//   signed vote = [vote, signer, signature]
//   certificate = [vote, bitmap of signers without trailing zero bytes, their signatures joined in that order]
import { validatorCountMax } from "../config/limits.ts";
import { type Digest, Epoch, type Signature, ValidatorIndex, View } from "./brands.ts";
import type { Certificate } from "./certificate.ts";
import { AllotError, unreachable } from "./errors.ts";
import { bytesOf, hexOf } from "./hex.ts";
import type { RlpReader } from "./rlpReader.ts";
import { concat, type Encoded, encodeBytes, encodeCount, encodeHex, encodeList } from "./rlpWriter.ts";
import type { SignedVote, Vote } from "./vote.ts";

const signatureBytes = 65;

export function malformed(what: string, fault: string): AllotError {
  return new AllotError("MALFORMED", { what, fault }, `${what} ${fault}.`);
}

export function encodeVote(vote: Vote): Encoded {
  switch (vote.kind) {
    case "notarize":
      return voteFields(1, vote, [encodeHex(vote.digest)]);
    case "nullify":
      return voteFields(2, vote, []);
    case "finalize":
      return voteFields(3, vote, [encodeHex(vote.digest)]);
    default:
      return unreachable(vote);
  }
}

function voteFields(kind: number, vote: Vote, digest: readonly Encoded[]): Encoded {
  return encodeList([encodeCount(kind), encodeCount(vote.epoch), encodeCount(vote.view), ...digest]);
}

export function decodeVote(reader: RlpReader): Vote {
  const fields = reader.list("A vote");
  const kind = fields.count("A vote's kind");
  const epoch = Epoch(fields.place("A vote's epoch"));
  const view = View(fields.place("A vote's view"));
  if (kind < 1 || kind > 3) throw malformed("A vote", `is of the unknown kind ${kind}`);
  if (kind === 2) {
    fields.finish("A nullify vote");
    return { kind: "nullify", epoch, view };
  }
  const digest = decodeDigest(fields, "A vote's digest");
  fields.finish("A vote");
  return { kind: kind === 1 ? "notarize" : "finalize", epoch, view, digest };
}

/** A byte string of exactly `length` bytes. */
export function decodeFixed(reader: RlpReader, length: number, what: string): Uint8Array {
  const bytes = reader.bytes(what);
  if (bytes.length !== length) throw malformed(what, `has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

export function decodeDigest(reader: RlpReader, what: string): Digest {
  return hexOf(decodeFixed(reader, 32, what)) as Digest;
}

export function encodeSignedVote(signed: SignedVote): Encoded {
  return encodeList([encodeVote(signed.vote), encodeCount(signed.signer), encodeHex(signed.signature)]);
}

export function decodeSignedVote(reader: RlpReader): SignedVote {
  const fields = reader.list("A signed vote");
  const vote = decodeVote(fields);
  const signer = fields.count("A vote's signer");
  if (signer >= validatorCountMax) throw malformed("A vote's signer", `is ${signer}, past the largest set`);
  const signature = hexOf(decodeFixed(fields, signatureBytes, "A vote's signature")) as Signature;
  fields.finish("A signed vote");
  return { vote, signer: ValidatorIndex(signer), signature };
}

export function encodeCertificate(certificate: Certificate): Encoded {
  const highest = certificate.signers.at(-1);
  const bitmap = new Uint8Array(highest === undefined ? 0 : Math.floor(highest / 8) + 1);
  for (const signer of certificate.signers) {
    const at = Math.floor(signer / 8);
    bitmap[at] = (bitmap[at] as number) | (1 << (signer % 8));
  }
  const signatures = concat(certificate.signatures.map(bytesOf));
  return encodeList([encodeVote(certificate.vote), encodeBytes(bitmap), encodeBytes(signatures)]);
}

export function decodeCertificate(reader: RlpReader): Certificate {
  const fields = reader.list("A certificate");
  const vote = decodeVote(fields);
  const signers = decodeBitmap(fields.bytes("A certificate's bitmap"));
  const joined = fields.bytes("A certificate's signatures");
  fields.finish("A certificate");
  if (joined.length !== signers.length * signatureBytes) {
    throw malformed("A certificate", `has ${joined.length} bytes of signatures for ${signers.length} signers`);
  }
  const signatures = signers.map(
    (_, i) => hexOf(joined.subarray(i * signatureBytes, (i + 1) * signatureBytes)) as Signature,
  );
  return { vote, signers, signatures };
}

function decodeBitmap(bitmap: Uint8Array): ValidatorIndex[] {
  if (bitmap.length > validatorCountMax / 8) throw malformed("A certificate's bitmap", "is longer than any set");
  if (bitmap.at(-1) === 0) throw malformed("A certificate's bitmap", "has trailing zero bytes");
  const signers: ValidatorIndex[] = [];
  for (let i = 0; i < bitmap.length * 8; i++) {
    if (((bitmap[i >> 3] as number) & (1 << (i & 7))) !== 0) signers.push(ValidatorIndex(i));
  }
  return signers;
}
