/** `overread setup-python`: an environment with PyTorch, after saying what it downloads. */
import * as path from 'node:path';
import type { Command } from 'commander';
import { userCacheFolder } from '../../core/base/userCache';
import { counted } from '../../core/base/counted';
import type { SetupPlan } from '../../core/trainers/torch/setupPython';
import { action, withOutputOptions, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import type { Output } from '../output';

interface Flags {
  readonly python?: string;
  readonly indexUrl?: string;
  readonly sweep?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

export function addSetupPython(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('setup-python'))
    .description('make a Python environment with PyTorch and timm, to train more than the last layer')
    .option(
      '--python <file>',
      'the absolute path of the Python that it is made of (default: the first on PATH)',
    )
    .option(
      '--index-url <url>',
      'where pip looks for packages: for instance an index of builds for one CUDA version',
    )
    .option('--sweep', 'also Optuna, which suggests what a sweep trains')
    .option('--dry-run', 'say what would be downloaded, and no more')
    .option('--yes', 'do not ask')
    .action(
      action(surroundings, async (context, flags: Flags) => {
        const { out, env } = context;
        const { planSetup, setupPython } = await import('../../core/trainers/torch/setupPython');
        const request = {
          ...context.work,
          env,
          cacheDir: userCacheFolder(env),
          packageFolder: path.join(context.programs, 'python'),
          python: flags.python,
          indexUrl: flags.indexUrl,
          sweep: flags.sweep === true,
        };
        const plan = await planSetup(request);
        const isWhole = plan.packages.length === 0;
        describePlan(plan, out);
        if (flags.dryRun === true) {
          out.json(plan);
          return undefined;
        }
        if (!isWhole && flags.yes !== true && (await context.confirm?.('Download and install?')) === false)
          return undefined;
        const python = await setupPython(plan, request);
        if (!isWhole) out.line(`${counted(plan.packages.length, 'package')} installed: ${python}`);
        out.line('Next: overread finetune DIR --layers last-block');
        out.json({ ...plan, installed: python });
        return undefined;
      }),
    );
}

/** What would be fetched from where, and how much that is. */
function describePlan({ packages, folder, python, hasDriver }: SetupPlan, out: Output): void {
  if (packages.length === 0) {
    out.line(`${folder} has every package.`);
    return;
  }
  out.line(`From pip, into ${folder}, by ${python}:`);
  const rows = packages.map(({ name, version, source }) => [name, version, source]);
  for (const line of table([['package', 'version', 'from'], ...rows])) out.line(line);
  const cuda = packages.some(({ name }) => name.startsWith('nvidia-'));
  if (cuda || packages.some(({ name }) => name === 'torch'))
    out.line(`About ${cuda ? '3 GB, most of it for CUDA' : '200 MB'}. An installed PyTorch is not touched.`);
  if (!cuda || hasDriver) return;
  out.warn(
    'this machine has no NVIDIA driver, and these builds are for CUDA: --index-url https://download.pytorch.org/whl/cpu has those for CPUs',
  );
}
