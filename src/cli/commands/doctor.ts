/** `overread doctor`: what opens on this machine, which weights can be reached, versions and disk. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import type { Command } from 'commander';
import { userCacheFolder } from '../../core/base/userCache';
import { architectureNames } from '../../core/models/architectures';
import { probeDevices } from '../../core/models/runtime';
import { findWeights } from '../../core/models/weights/resolve';
import { action, withOutputOptions, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { versions } from '../versions';

export function addDoctor(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('doctor'))
    .description('say what works here: devices, weights, versions, disk')
    .option('--no-network', 'do not ask the hub or the package index')
    .action(
      action(surroundings, async (context, flags: { network: boolean }) => {
        const { out } = context;
        const cacheDir = userCacheFolder(context.env);
        const devices = await probeDevices();
        const weights = [];
        for (const architecture of architectureNames) {
          const request = { architecture, cacheDir, env: context.env, network: flags.network };
          weights.push({ architecture, ...(await findWeights(request)) });
        }
        await fs.mkdir(cacheDir, { recursive: true });
        const disk = await fs.statfs(cacheDir);
        const report = {
          versions: versions(),
          platform: `${process.platform} ${process.arch}`,
          cores: os.availableParallelism(),
          memory_gb: Math.round(os.totalmem() / 1e8) / 10,
          devices,
          weights,
          cache: { dir: cacheDir, free_gb: Math.round((disk.bavail * disk.bsize) / 1e8) / 10 },
        };
        out.line('Versions');
        for (const line of table(Object.entries(report.versions))) out.line(line);
        out.line(`Machine\n  ${report.platform}, ${report.cores} cores, ${report.memory_gb} GB`);
        out.line('Devices');
        for (const line of table(
          devices.map((d) => [d.device, d.opens ? 'opens' : 'does not open', d.reason]),
        )) {
          out.line(line);
        }
        out.line('Weights');
        for (const line of table(
          weights.map((w) => [w.architecture, w.available ? 'available' : 'not available', w.reason]),
        )) {
          out.line(line);
        }
        out.line(`Cache\n  ${cacheDir}, ${report.cache.free_gb} GB free`);
        out.json(report);
        return undefined;
      }),
    );
}
