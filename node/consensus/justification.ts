// Checking why a block may extend its parent.
import type { SealedBlock } from "../types/block.ts";
import { acceptCertificate, isValidCertificate } from "./certificates.ts";
import type { Draft } from "./draft.ts";

/** Does the justification name the right views in the right order? Signatures are not looked at. */
function isWellFormed({ state }: Draft, { header, justification }: SealedBlock): boolean {
  const { view, parentView, parentDigest } = header;
  const { parent, nullifications } = justification;
  if (parentView >= view) return false;
  const { base } = state.config;
  const isBase = parentView === base.view;
  if (parentView < base.view || (parent === undefined) !== isBase || (isBase && parentDigest !== base.digest))
    return false;
  if (parent !== undefined && (parent.vote.view !== parentView || parent.vote.digest !== parentDigest)) return false;
  const expected = Math.min(view - parentView - 1, state.config.limits.certificatesPerMessageMax);
  return nullifications.length === expected && nullifications.every(({ vote }, i) => vote.view === view - expected + i);
}

/**
 * Verifies a block's justification and takes up its certificates, "as received, before voting". Every certificate is
 * verified exactly as it stands in the block, even when another one for the same view is held: whether a block is
 * justified must not depend on who looks.
 */
export function takeJustification(draft: Draft, block: SealedBlock): boolean {
  if (!isWellFormed(draft, block)) return false;
  const { parent, nullifications } = block.justification;
  const certificates = parent === undefined ? nullifications : [parent, ...nullifications];
  if (!certificates.every((certificate) => isValidCertificate(draft, certificate))) return false;
  for (const certificate of certificates) acceptCertificate(draft, certificate);
  if (parent !== undefined && draft.state.blocks.has(parent.vote.digest)) {
    draft.setBlock(parent.vote.digest, { certified: true });
  }
  return true;
}
