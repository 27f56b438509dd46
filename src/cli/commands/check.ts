/** `overread check DIR`: what is wrong, or doubtful, with the data of a project; 1 where there is an error. */
import type { Command } from 'commander';
import manifest from '../../../package.json';
import { counted } from '../../core/base/counted';
import { exitCodes } from '../../core/base/errors';
import type { Problem } from '../../core/base/report';
import { userCacheFolder } from '../../core/base/userCache';
import { toSarif } from '../../core/checks/sarif';
import { checkProject } from '../../core/checks/check';
import { keepChecks, keptChecksFile } from '../../core/checks/keptChecks';
import type { Check } from '../../core/checks/model';
import { openProject } from '../../core/project/project';
import { action, withOutputOptions, type Surroundings } from '../command';

interface Flags {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

export function addCheck(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('check'))
    .description('look through the data: missing and unreadable images, duplicates, leaks, contradictions')
    .argument('<dir>', 'the project')
    .option('--quick', 'do not decode images: only whether they are there, and which are the same')
    .option('--sarif', 'print a SARIF 2.1.0 log, for code hosts and CI')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { out } = context;
        const project = await openProject(await context.project(dir), { policy: context.policy });
        const quick = flags.quick === true;
        const cacheDir = userCacheFolder(context.env);
        const options = { ...context.work, cacheDir, env: context.env, quick };
        const found = await checkProject(project, options);
        const file = keptChecksFile(cacheDir, project.folder.root);
        await keepChecks(file, project, found, { quick, time: new Date() });
        const { samples, checks, ignored } = found;
        const shown = context.shown(project.root);
        const own = checks.map((check) => withFolder(check, shown));
        const count = (severity: Check['severity']): number =>
          own.filter((one) => one.severity === severity).length;
        const [errors, warnings, notes] = [count('error'), count('warning'), count('info')];
        if (flags.sarif === true) {
          out.foreignJson(toSarif(own, project.root, manifest.version));
          return errors > 0 ? exitCodes.findings : exitCodes.done;
        }
        if (flags.json !== true) out.problems(own.map(asProblem));
        out.line(
          `${counted(samples, 'image')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(notes, 'note')}${ignored.length === 0 ? '' : `, ${ignored.length} ignored`}.`,
        );
        out.json({ samples, errors, warnings, notes, checks: own, ignored: ignored.length });
        return errors > 0 ? exitCodes.findings : exitCodes.done;
      }),
    );
}

/** The command lines with the folder in them. */
function withFolder(check: Check, dir: string): Check {
  const ids = check.samples.map(shellWord);
  const words: Readonly<Record<string, string>> = {
    DIR: shellWord(dir),
    SAMPLES: ids.join(' '),
    FIRST: ids[0] ?? '',
  };
  // Word by word: an id may be called like one of them.
  const filled = (command: string): string =>
    command
      .split(' ')
      .map((word) => words[word] ?? word)
      .filter((word) => word !== '')
      .join(' ');
  const fixes = check.fixes.map(({ title, command }) =>
    command === undefined ? { title } : { title, command: filled(command) },
  );
  return { ...check, fixes };
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A line for editors and terminals. */
function asProblem({ code, severity, message, fixes, place }: Check): Problem {
  const fix = fixes
    .map(({ title, command }) => (command === undefined ? title : `${title}: ${command}`))
    .join('. ');
  return { code, severity, message, ...(place ? { place } : {}), ...(fix === '' ? {} : { fix }) };
}
