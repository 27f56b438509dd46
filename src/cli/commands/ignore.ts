/** `overread ignore DIR CODE [SAMPLE…]`: lets findings of the check be, with a reason, in overread.yaml. */
import type { Command } from 'commander';
import { counted } from '../../core/base/counted';
import { ignoreFindings } from '../../core/checks/ignoreFindings';
import { action, withOutputOptions, type Surroundings } from '../command';

interface Flags {
  readonly reason: string;
  readonly json?: boolean;
}

export function addIgnore(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('ignore'))
    .description(
      'let findings of the check be, with a reason: they are counted and not listed (check.ignore)',
    )
    .argument('<dir>', 'the project')
    .argument('<code>', 'the code of the finding, such as OVR314')
    .argument('[samples...]', 'images that it is about; without one all findings of the code')
    .requiredOption('--reason <text>', 'why it may be let be')
    .action(
      action(
        surroundings,
        async (context, { reason }: Flags, dir: string, code: string, samples: string[]) => {
          const project = await context.open(dir);
          const { added, known } = await ignoreFindings(project, code, samples, reason);
          context.out.line(
            added.length === 0
              ? 'overread.yaml says so already.'
              : `${counted(added.length, 'entry', 'entries')} of check.ignore in overread.yaml: ${code} is let be${samples.length === 0 ? '' : ` of ${samples.join(', ')}`}.`,
          );
          context.out.json({ added, known });
          return undefined;
        },
      ),
    );
}
