/** `overread report RUN`: one HTML file that says how good a run is, from which data and by whose labels. */
import type { Command } from 'commander';
import { CacheMac } from '../../core/base/cacheMac';
import { writeFileAtomic } from '../../core/base/files';
import { userConfigFolder } from '../../core/base/userCache';
import { recordTestLook } from '../../core/project/testLooks';
import { renderReport } from '../../core/report/report';
import { runFiles, runsName } from '../../core/runs/folder';
import { action, withOutputOptions, type Surroundings } from '../command';
import { openNamedRun } from '../namedRun';
import * as path from 'node:path';

interface Flags {
  readonly run?: string;
  readonly out?: string;
  readonly thumbnails?: boolean;
  readonly test?: boolean;
}

export function addReport(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('report'))
    .description(
      'write one self-contained HTML page about a run: data, model, figures, curves, errors, labels',
    )
    .argument('<run>', 'the folder of a run, or a project')
    .option('--run <run>', 'of a project: a run by its name or a part of it (default: the one that is shown)')
    .option('--out <file>', 'where to (default: report.html in the run’s folder)')
    .option('--thumbnails', 'with small pictures of the largest errors')
    .option('--test', 'with the test part; the look is counted')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { project, run } = await openNamedRun(context, dir, flags.run);
        const inRun = `${runsName}/${run.record.run}`;
        // Before the work whose result would be lost.
        if (flags.out === undefined) await project.folder.tryWriting(inRun);
        const test = flags.test === true;
        if (test) await recordTestLook(project.folder, 'overread report --test', new Date());
        const { text, names } = await renderReport(project, run, {
          ...context.work,
          test,
          thumbnails: flags.thumbnails === true,
          env: context.env,
          mac: await CacheMac.open(userConfigFolder(context.env)),
        });
        if (flags.out === undefined) await project.folder.writeFile(`${inRun}/${runFiles.report}`, text);
        else await writeFileAtomic(context.resolve(flags.out), text);
        const file =
          flags.out === undefined ? path.join(run.dir, runFiles.report) : context.resolve(flags.out);
        context.out.line(`${file}: ${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB`);
        // What a name in the page stands for is told here, to whoever has the project, and nowhere in the file.
        context.out.json({ run: run.record.run, file, images: Object.fromEntries(names) });
        return undefined;
      }),
    );
}
