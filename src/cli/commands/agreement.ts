/** `overread agreement DIR`: how far the readers of a project agree, in the table and in label events. */
import type { Command } from 'commander';
import { counted } from '../../core/base/counted';
import { readerAgreement, type FindingAgreement } from '../../core/evaluation/agreement';
import { action, withOutputOptions, type Surroundings } from '../command';

export function addAgreement(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('agreement'))
    .description('how far the readers agree: Fleiss’ kappa, with --json Cohen’s of every two')
    .argument('<dir>', 'the project')
    .action(
      action(surroundings, async (context, _flags: object, dir: string) => {
        const { labels } = await context.open(dir);
        const findings = readerAgreement(labels);
        for (const one of findings) context.out.line(describe(one));
        context.out.json({ findings });
        return undefined;
      }),
    );
}

function describe({
  finding,
  items,
  agreed,
  readers,
  fleiss,
  fleissItems,
  fleissReadings,
}: FindingAgreement): string {
  if (items === 0) return `${finding}: nothing was read by two`;
  const share = ((100 * agreed) / items).toFixed(1);
  const kappa = fleiss === null ? 'none: all say the same' : fleiss.toFixed(3);
  const of =
    fleissItems === items ? '' : ` of ${counted(fleissItems, 'item')} with ${fleissReadings} readings`;
  return `${finding}: ${counted(agreed, 'item')} agreed of ${items} (${share} %) by ${counted(readers, 'reader')}; kappa ${kappa}${of}`;
}
