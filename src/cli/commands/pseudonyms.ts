/** `overread pseudonyms`: the key by which patients of DICOM files are named, to hand it over or to take a colleague's. */
import type { Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { exists, writeFileAtomic } from '../../core/base/files';
import { userConfigFolder } from '../../core/base/userCache';
import { Pseudonyms } from '../../core/intake/dicom/pseudonyms';
import { action, withOutputOptions, type Surroundings } from '../command';

interface Flags {
  readonly export?: string;
  readonly import?: string;
  readonly replace?: boolean;
}

export function addPseudonyms(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('pseudonyms'))
    .description('show, hand over or take the key that names the patients of DICOM files')
    .option('--export <file>', 'write the key to a new file: who has it can find out whom a name stands for')
    .option('--import <file>', 'take the key of a colleague as yours')
    .option('--replace', 'with --import: also in place of another key')
    .action(
      action(surroundings, async (context, flags: Flags) => {
        const folder = userConfigFolder(context.env);
        if (flags.import !== undefined) {
          await (await Pseudonyms.read(context.resolve(flags.import))).keep(folder, flags.replace === true);
        }
        const own = await Pseudonyms.open(folder);
        context.out.line(`Fingerprint ${own.fingerprint} (dataset.pseudonym_key)`);
        if (flags.export !== undefined) {
          const file = context.resolve(flags.export);
          if (await exists(file)) throw thereAlready(flags.export);
          await writeFileAtomic(file, own.text());
          context.out.line(`Key written to ${flags.export}: hand it over as you would hand over names`);
        }
        context.out.json({ fingerprint: own.fingerprint });
        return undefined;
      }),
    );
}

function thereAlready(file: string): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: `"${file}" exists already`,
    expected: 'the name of a new file',
  });
}
