/** What a refit came to, for the strip that tells it. */
import { configuredOtherwise } from '../core/runs/configuredNetwork';
import { listRunNames } from '../core/runs/folder';
import { diffRuns } from '../core/review/diffRuns';
import { hasRandomWeights, shownWeights } from '../core/runs/abilities';
import type { RefitAnswer } from '../protocol/engineApi';
import { look } from './looking/looking';
import type { Open } from './openProjects';

/**
 * Review items up to which runs are compared in this process, and patients resampled: a second's work. Of more the figures are made
 * beside, without intervals; `overread diff` does it for any.
 */
const mostResampled = 100_000;

/** @returns null where no run is compared, or the reading is blind: every number of it tells of the model */
export async function refitAnswer(open: Open, wanted: boolean): Promise<RefitAnswer | null> {
  const { project, blind } = open;
  const { run, earlier, catalog, config } = project;
  if (!run || !earlier || blind.on) return null;
  const intervals = wanted && project.labels.items <= mostResampled;
  const [before, after] = [earlier.record.run, run.record.run];
  const difference =
    project.labels.items <= mostResampled
      ? await diffRuns(project, catalog, [earlier, run], { intervals })
      : await look(open, (rpc, place) => rpc.call('difference', place, before, after));
  const { network } = run.record;
  return {
    difference,
    number: (await listRunNames(project.root)).indexOf(run.record.run) + 1,
    intervals,
    network: network && {
      weights: shownWeights(network),
      random: hasRandomWeights(run.record),
      configured: configuredOtherwise(config.model, network),
    },
    skipped: run.record.counts.skipped,
  };
}
