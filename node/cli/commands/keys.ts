import type { Command } from "commander";
import { facts, type OutputOptions, print } from "../output.ts";

interface KeyOptions extends OutputOptions {
  readonly passphraseFile?: string;
}

interface ImportOptions extends KeyOptions {
  readonly from: string;
  readonly fromPassphraseFile?: string;
}

async function show(file: string, key: Uint8Array, options: OutputOptions): Promise<void> {
  const { describeKey } = await import("../keyDescription.ts");
  print(options, { file, ...describeKey(key) }, (description) => facts(description));
}

async function keyTools() {
  const [files, { readPassphrase }] = await Promise.all([import("../../crypto/keyFile.ts"), import("../loadNode.ts")]);
  return { ...files, readPassphrase };
}

export function addKeys(program: Command): void {
  const keys = program
    .command("keys")
    .description("generate, show and import private keys: a validator's, or any account's")
    .addHelpText(
      "after",
      `
Examples:
  allot keys generate alice.key                           a new key, readable by you alone
  allot keys generate safe.key --passphrase-file pass.txt encrypted (Web3 keystore, version 3)
  allot keys show network/validator-0/keys/validator.key  address, peer key, peer id, reporter
  allot keys import old.key --from wallet.json --from-passphrase-file pass.txt
  allot keys reporter reporter.key --from network/validator-0/keys/validator.key`,
    );

  keys
    .command("generate")
    .description("make a new secp256k1 key; the file gets mode 0600 and is never overwritten")
    .argument("<file>", "file to write")
    .option("--passphrase-file <file>", "encrypt the key with this file's first line")
    .option("--json", "print JSON")
    .action(async (file: string, options: KeyOptions) => {
      const { generateKey, writeKeyFile, readPassphrase } = await keyTools();
      const key = generateKey();
      writeKeyFile(file, key, readPassphrase(options.passphraseFile));
      await show(file, key, options);
    });

  keys
    .command("show")
    .description(
      "show a key's address, and the peer key, peer id and reporter that follow from it, never the key itself",
    )
    .argument("<file>", "key file or keystore")
    .option("--passphrase-file <file>", "file whose first line opens an encrypted key")
    .option("--json", "print JSON")
    .action(async (file: string, options: KeyOptions) => {
      const { readKeyFile, readPassphrase } = await keyTools();
      await show(file, readKeyFile(file, readPassphrase(options.passphraseFile)), options);
    });

  keys
    .command("import")
    .description("write a key file from another one: hexadecimal digits, or a Web3 keystore of version 3")
    .argument("<file>", "file to write")
    .requiredOption("--from <file>", "file to read")
    .option("--from-passphrase-file <file>", "file whose first line opens the key that is read")
    .option("--passphrase-file <file>", "encrypt the key that is written with this file's first line")
    .option("--json", "print JSON")
    .action(async (file: string, options: ImportOptions) => {
      const { readKeyFile, writeKeyFile, readPassphrase } = await keyTools();
      const key = readKeyFile(options.from, readPassphrase(options.fromPassphraseFile));
      writeKeyFile(file, key, readPassphrase(options.passphraseFile));
      await show(file, key, options);
    });

  keys
    .command("reporter")
    .description("write the key of a validator's reporter account, to use what its evidence has earned")
    .argument("<file>", "file to write")
    .requiredOption("--from <file>", "the validator's key file")
    .option("--from-passphrase-file <file>", "file whose first line opens the key that is read")
    .option("--passphrase-file <file>", "encrypt the key that is written with this file's first line")
    .option("--json", "print JSON")
    .action(async (file: string, options: ImportOptions) => {
      const { readKeyFile, writeKeyFile, readPassphrase } = await keyTools();
      const { deriveReporterKey } = await import("../../crypto/reporterKey.ts");
      const validatorKey = readKeyFile(options.from, readPassphrase(options.fromPassphraseFile));
      const key = deriveReporterKey(validatorKey);
      writeKeyFile(file, key, readPassphrase(options.passphraseFile));
      await show(file, key, options);
    });
}
