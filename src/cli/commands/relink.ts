/** `overread relink DIR`: finds images again whose files were moved or renamed; labels stay with their samples. */
import type { Command } from 'commander';
import { counted } from '../../core/base/counted';
import { exitCodes } from '../../core/base/errors';
import { projectCacheFolder, userCacheFolder } from '../../core/base/userCache';
import { ContentHashes } from '../../core/images/contentHashes';
import { planRelink, type RelinkPlan } from '../../core/intake/relink/relink';
import { action, withOutputOptions, type Surroundings } from '../command';
import type { Output } from '../output';

interface Flags {
  readonly in?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Lines of each kind that are shown; `--json` has all. */
const mostShown = 20;

export function addRelink(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('relink'))
    .description('find images again whose files were moved or renamed; labels stay with their samples')
    .argument('<dir>', 'the project')
    .option('--in <folder>', 'where to look (default: below the project, its table and its images)')
    .option('--yes', 'write what was found without asking')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { out } = context;
        const folder = await context.folder(dir);
        const memo = await ContentHashes.open(
          folder.root,
          projectCacheFolder(userCacheFolder(context.env), folder.root),
        );
        const { plan, problems, write } = await planRelink(folder, {
          ...context.work,
          memo,
          ...(flags.in === undefined ? {} : { searchIn: context.resolve(flags.in) }),
        });
        out.problems(problems);
        describe(out, plan);
        const written = plan.found.length > 0 && (await mayWrite(context, flags, out));
        if (written) await write();
        out.json({ ...plan, written });
        if (plan.found.length > 0)
          out.line(written ? 'Written. Labels, split and runs are as they were.' : 'Nothing was written.');
        if (plan.left.length > 0) return exitCodes.findings;
        return written || plan.gone === 0 || flags.dryRun === true ? exitCodes.done : exitCodes.cancelled;
      }),
    );
}

async function mayWrite(
  { confirm }: Pick<Surroundings, 'confirm'>,
  flags: Flags,
  out: Output,
): Promise<boolean> {
  if (flags.dryRun === true) return false;
  if (flags.yes === true) return true;
  if (!confirm || flags.json === true) {
    out.warn('nobody can be asked here: --yes writes it');
    return false;
  }
  return confirm('Write this?');
}

function describe(out: Output, plan: RelinkPlan): void {
  if (plan.gone === 0) {
    out.line(`All ${counted(plan.samples, 'image')} are there.`);
    return;
  }
  const missing = plan.left.filter(({ candidates }) => candidates.length === 0);
  const ambiguous = plan.left.filter(({ candidates }) => candidates.length > 0);
  out.line(
    `${plan.gone} of ${counted(plan.samples, 'image')} are gone: ${plan.found.length} found, ${ambiguous.length} may be several files, ${missing.length} not found.`,
  );
  show(out, plan.found, ({ from, to, by }) => `  ${from} → ${to}  (by its ${by})`);
  show(
    out,
    ambiguous,
    ({ sample, candidates }) => `  ${sample}: left, it may be ${candidates.slice(0, 3).join(' or ')}`,
  );
  show(out, missing, ({ sample, row }) => `  ${sample} (row ${row}): not found`);
  for (const { setting, value } of plan.settings)
    out.line(`  overread.yaml: ${setting}: ${JSON.stringify(value)}`);
  if (plan.lines > 0) out.line(`  moved.jsonl: ${counted(plan.lines, 'line')}`);
}

function show<T>(out: Output, all: readonly T[], line: (one: T) => string): void {
  for (const one of all.slice(0, mostShown)) out.line(line(one));
  if (all.length > mostShown) out.line(`  … and ${all.length - mostShown} more`);
}
