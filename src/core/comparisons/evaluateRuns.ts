/** Finished runs of the project as what a comparison compares, whoever trained them: their predictions are read. */
import { OverreadError } from '../base/errors';
import { buildTargets } from '../labels/targets';
import { refuseOtherOutputs, refuseUnable, hasRandomWeights } from '../runs/abilities';
import { findRun } from '../runs/folder';
import { readWholeRun, type WholeRun } from '../runs/wholeRun';
import type { Project } from '../project/project';
import type { Evaluated } from './evaluateAll';

/**
 * Reads the runs, in the order in which they are named.
 * @param text runs by their names or parts of them, between commas
 * @throws OVR001 fewer than two, or one twice; OVR800, OVR801 there is no such run; OVR804 it cannot be compared, or
 * its classes are not the project's
 */
export async function evaluateRuns(project: Project, text: string): Promise<readonly Evaluated[]> {
  const names: string[] = [];
  for (const word of text.split(',')) names.push(await findRun(project.root, word.trim()));
  if (names.length < 2 || new Set(names).size < names.length) {
    throw new OverreadError({
      code: 'OVR001',
      message: `"${text}" does not name two different runs`,
      expected: 'names between commas, for instance first,second',
      fix: 'List them with "overread runs"',
    });
  }
  const targets = buildTargets(project.dataset, project.labels);
  const runs: WholeRun[] = [];
  for (const name of names) {
    const run = await readWholeRun(project.root, name, project.dataset);
    refuseUnable(run.record, 'compare');
    refuseOtherOutputs(run.record, targets.outputs);
    runs.push(run);
  }
  const isUnique = (name: string): boolean => runs.filter(({ record }) => record.name === name).length === 1;
  return runs.map(({ record, predictions }) => {
    const { network, timings, trainer } = record;
    const random = hasRandomWeights(record);
    const half = network?.weights.precision;
    const marks = [
      ...(random ? ['random'] : []),
      ...(half === undefined ? [] : [half]),
      ...(network === null ? [trainer.name] : []),
    ];
    const name = isUnique(record.name) ? record.name : record.run;
    const { C } = trainer.settings;
    const isStrengths = Array.isArray(C) && C.every((value) => typeof value === 'number' && value > 0);
    return {
      facts: {
        label: marks.length === 0 ? name : `${name} (${marks.join(', ')})`,
        run: record.run,
        architecture: network?.architecture ?? null,
        weights: network === null ? null : weightsOf(network.weights),
        random,
        truncate: network?.weights.truncate ?? null,
        parameters: null,
        gmacs: null,
        feature_size: null,
        C: isStrengths ? (C as number[]) : [],
        device: network?.device.name ?? null,
        timings: { features_s: timings.features_s, cached: timings.cached, train_s: timings.train_s },
        notes: [],
      },
      predictions,
      targets,
      contentHashes: [],
      problems: [],
    };
  });
}

function weightsOf({
  name,
  sha256,
  source,
  trained_on,
  preprocessing,
}: NonNullable<WholeRun['record']['network']>['weights']) {
  return { name, sha256, source, trained_on, ...(preprocessing ? { preprocessing } : {}) };
}
