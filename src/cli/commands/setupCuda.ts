/** `overread setup-cuda`: adds ONNX Runtime's CUDA provider to the user's cache, after saying what it will fetch. */
import type { Command } from 'commander';
import { exitCodes, OverreadError } from '../../core/base/errors';
import { planCuda, setUpCuda } from '../../core/devices/setUpCuda';
import { action, withOutputOptions, type Surroundings } from '../command';

interface Flags {
  readonly from?: string;
  readonly sha256?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function addSetupCuda(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('setup-cuda'))
    .description('add what ONNX Runtime needs for NVIDIA cards (Linux): from your package index, or a file')
    .option('--from <wheel>', 'a wheel of onnxruntime-gpu that you brought')
    .option('--sha256 <hash>', 'with --from: its hash, where it is another wheel than the usual one')
    .option('--yes', 'do not ask')
    .action(
      action(surroundings, async (context, flags: Flags) => {
        const { out } = context;
        if (flags.sha256 !== undefined && flags.from === undefined) {
          throw new OverreadError({ code: 'OVR001', message: '--sha256 goes with --from' });
        }
        const { requirement, megabytes, unpackedMegabytes } = planCuda();
        const source =
          flags.from === undefined
            ? `${requirement}, ${megabytes} MB, from the package index that pip is set up for`
            : flags.from;
        out.line(`${source}; ${unpackedMegabytes} MB in your cache. No code of it is run.`);
        const { confirm } = context;
        const agreed =
          flags.yes === true || (confirm && flags.json !== true ? await confirm('Go on?') : undefined);
        if (agreed === undefined) out.warn('nobody can be asked here: --yes goes on');
        if (agreed !== true) return exitCodes.cancelled;
        const made = await setUpCuda({
          env: context.env,
          ...context.work,
          ...(flags.from === undefined ? {} : { from: context.resolve(flags.from) }),
          ...(flags.sha256 === undefined ? {} : { sha256: flags.sha256.toLowerCase() }),
        });
        out.line(`${made.folder}: ${Math.round(made.bytes / 1e6)} MB`);
        for (const folder of made.libraries.folders) out.line(`  CUDA's libraries: ${folder}`);
        out.line('Next: overread doctor');
        out.json(made);
        return undefined;
      }),
    );
}
