// `allot attest sign` and `submit`: the attester signs into a file, where its key is; whoever has the file sends it.
import type { Command } from "commander";
import type { AttestationFile, DelegatedAttestation } from "../../../sdk/index.ts";
import { AllotError } from "../../types/errors.ts";
import { type ClaimFlags, secondOf, takesClaim, withClaim } from "../client/claimFlags.ts";
import { type KnownNetworkFlags, knownNetwork, takesKnownNetwork } from "../client/networkKnown.ts";
import { type Row, record } from "../client/shown.ts";
import { addressFlag, idFlag, time } from "../client/values.ts";
import { addOpeningVerb, addVerb, type ClientFlags, sentIn } from "../client/verb.ts";
import { notice } from "../output.ts";

interface SignFlags extends ClaimFlags, KnownNetworkFlags {
  readonly output: string;
  readonly deadline?: string;
  readonly recipient?: `0x${string}`;
  readonly nonce?: bigint;
}

const unlessZero = (word: `0x${string}`) => (BigInt(word) === 0n ? undefined : word);

const rowOf = ({ agentId, capability, level, testRun, report, ...file }: AttestationFile): Row => ({
  agentId,
  capability,
  level,
  testRun: unlessZero(testRun),
  report: unlessZero(report),
  attester: file.attester,
  validUntil: time(BigInt(file.validUntil)),
  nonce: file.nonce,
  sendUntil: time(BigInt(file.deadline)),
});

/** Whether a network is named, so that no node is asked. */
const isOffline = ({ genesis, chainId, networkId }: SignFlags): boolean =>
  genesis !== undefined || chainId !== undefined || networkId !== undefined;

async function signOffline(flags: SignFlags & ClientFlags, agentId: bigint, capability: string) {
  const { recipient, nonce } = flags;
  if (recipient === undefined || nonce === undefined) {
    const message =
      "without a node, name --recipient (the agent's owner) and --nonce too: \"allot attest attester\" shows the attester's next";
    throw new AllotError("BAD_VALUE", {}, message);
  }
  const { accountOfKeyFile } = await import("../client/openClient.ts");
  const { exportAttestation, signAttestation } = await import("../../../sdk/index.ts");
  const { chainId, networkId } = await knownNetwork(flags);
  const network = { chainId, networkId };
  const account = accountOfKeyFile(flags.keyFile, flags.passphraseFile);
  const signed = await withClaim(flags, agentId, capability, (claim) =>
    signAttestation(account, { ...claim, ...deadlineOf(flags), network, recipient, nonce }),
  );
  return exportAttestation(network, signed);
}

const deadlineOf = ({ deadline }: SignFlags) =>
  deadline === undefined ? {} : { deadline: secondOf("--deadline", deadline) };

export function addDelegated(attest: Command): void {
  addOpeningVerb<SignFlags, [bigint, string]>(attest, {
    name: "sign",
    does: "sign an attestation into a file, for anybody to send; by the attester, without a node where the network is named",
    writes: true,
    takes: (command) =>
      takesKnownNetwork(
        takesClaim(command)
          .requiredOption("--output <file>", "file to write")
          .option("--deadline <date>", "last moment at which it can be sent (default: a day from now)")
          .option("--nonce <number>", "the attester's number for it at EAS (default: its next)", idFlag("--nonce")),
      ).option(
        "--recipient <address>",
        "without a node: the agent's owner (default: the node tells)",
        addressFlag("--recipient"),
      ),
    examples: [
      "allot attest sign 7 count-words --level 2 --test-run run-31 --output attestation.json --key-file attester.key",
      "allot attest sign 7 count-words --genesis genesis.json --recipient 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --nonce 0 --output attestation.json --key-file attester.key",
    ],
    async run({ flags, open }, agentId, capability) {
      const { encodeAttestationFile, exportAttestation } = await import("../../../sdk/index.ts");
      const { refuseExisting } = await import("../seat.ts");
      const { writeFileSync } = await import("node:fs");
      refuseExisting(flags.output);
      const online = async (): Promise<AttestationFile> => {
        const client = await open();
        const nonce = flags.nonce === undefined ? {} : { nonce: flags.nonce };
        const signed: DelegatedAttestation = await withClaim(flags, agentId, capability, (claim) =>
          client.signDelegatedAttestation({ ...claim, ...deadlineOf(flags), ...nonce }),
        );
        return exportAttestation({ ...(await client.allot.network()), rules: client.allot.rules }, signed);
      };
      const file = isOffline(flags) ? await signOffline(flags, agentId, capability) : await online();
      writeFileSync(flags.output, encodeAttestationFile(file), { flag: "wx", flush: true });
      notice(flags, `Signed. Whoever has ${flags.output} makes it count: allot attest submit ${flags.output}`);
      return record({ file: flags.output, ...rowOf(file), capability });
    },
  });

  addVerb<object, [string]>(attest, {
    name: "submit",
    does: "send an attestation that its attester signed into a file; by anyone",
    writes: true,
    takes: (command) => command.argument("<file>", "file that attest sign wrote"),
    examples: ["allot attest submit attestation.json --key-file any.key"],
    async run({ client, send }, file) {
      const { readTextFile } = await import("../../config/jsonFile.ts");
      const { readAttestationFile } = await import("../../../sdk/index.ts");
      const attestation = readTextFile(file, 'a signed attestation; "allot attest sign" writes one');
      const said = readAttestationFile(attestation);
      const sent = await send("Attesting", client.submitAttestation({ attestation }));
      return record({ ...rowOf(said), uid: sent.uid, ...sentIn(sent) });
    },
  });
}
