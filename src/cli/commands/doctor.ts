/** `overread doctor`: what opens on this machine, which weights can be reached, versions and disk. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import type { Command } from 'commander';
import { userCacheFolder } from '../../core/base/userCache';
import { loadConfig } from '../../core/config/config';
import { architectureNames, defaultArchitecture, getArchitecture } from '../../core/networks';
import { probeDevices } from '../../core/onnx/runtime';
import type { Environment } from '../../core/weights/pip';
import { findWeights } from '../../core/weights/resolve';
import { action, withOutputOptions, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { versions } from '../../core/base/versions';

export function addDoctor(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('doctor'))
    .description('say what works here: devices, weights, versions, disk')
    .argument('[dir]', 'a project, whose weights are looked for')
    .option('--no-network', 'do not ask the hub or the package index')
    .action(
      action(surroundings, async (context, flags: { network: boolean }, dir?: string) => {
        const { out } = context;
        const wanted =
          dir === undefined
            ? defaultArchitecture
            : (await loadConfig(await context.project(dir))).model.architecture;
        const cacheDir = userCacheFolder(context.env);
        const devices = await probeDevices();
        const weights = await reachableWeights(wanted, cacheDir, context.env, flags.network);
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
        out.line('Machine');
        out.line(`  ${report.platform}, ${report.cores} cores, ${report.memory_gb} GB`);
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
        out.line('Cache');
        out.line(`  ${cacheDir}, ${report.cache.free_gb} GB free`);
        out.json(report);
        return undefined;
      }),
    );
}

/**
 * Where the default weights of the wanted architecture can be had, then those of others: that are on this machine,
 * or, when the wanted ones cannot be had, in a package. One or two sources are asked, however many architectures
 * there are.
 */
async function reachableWeights(wanted: string, cacheDir: string, env: Environment, network: boolean) {
  const first = {
    architecture: wanted,
    ...(await findWeights({ architecture: wanted, cacheDir, env, network })),
  };
  const weights = [first];
  for (const architecture of architectureNames.filter((name) => name !== wanted)) {
    const packaged = getArchitecture(architecture).weights.some((published) => published.packaged);
    const ask = network && packaged && !first.available;
    const found = await findWeights({ architecture, cacheDir, env, network: ask });
    if (found.available || ask) weights.push({ architecture, ...found });
  }
  return weights;
}
