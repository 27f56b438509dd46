/** What an edit needs of a project: its table, and the events on the samples that the edit acts on. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { ProjectFolder } from '../base/projectFolder';
import { loadConfig, type ProjectConfig } from '../config/config';
import type { Dataset } from '../dataset/model';
import { readDataset } from '../dataset/read';
import { effectiveLabels } from '../labels/effectiveLabels';
import { labelProblems } from '../labels/labelProblems';
import { LineSelection } from '../labels/lineSelection';
import { LabelLogReader } from '../labels/log';
import { Units } from '../labels/units';
import { ensureSplits } from '../split/split';
import { foldsFile, splitFile } from '../split/splitFiles';
import { labelRules, type OpenOptions, type Project } from './project';

/** A project of which the labels of some samples were read; of the others `labels` says nothing that is sure. */
export type LabelledSamples = Omit<Project, 'assignment'>;

/**
 * Reads a project for edits of some samples: in a log of a million lines those on others are passed over, so
 * `problems` tells of the table and of the lines that were read. A split is made and frozen where there is none yet.
 * @throws OverreadError of the 1xx and 2xx areas when nothing can be done with it
 */
export async function openSamples(
  root: string,
  ids: readonly string[],
  options: Pick<OpenOptions, 'policy'> = {},
): Promise<LabelledSamples> {
  const config = await loadConfig(root);
  const folder = await ProjectFolder.open(root, options.policy);
  const { dataset, problems: ofTable } = await readDataset(root, config);
  const ofSplit = (await isFrozen(root, config))
    ? []
    : (await ensureSplits(folder, config, dataset)).problems;
  const samples = samplesWith(dataset, config, ids);
  const log = new LabelLogReader(root, () => folder.policy, LineSelection.of(samples));
  await log.refresh();
  const labels = effectiveLabels(dataset, log.table, labelRules(config));
  const problems = [...ofTable, ...ofSplit, ...log.problems(), ...labelProblems(labels, log, samples)];
  return { root, folder, config, dataset, log, labels, problems };
}

/** The samples and the others of their units, by id. */
function samplesWith({ samples }: Dataset, config: ProjectConfig, ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  const units = new Units(samples, config.labels.unit);
  samples.forEach(({ id }, index) => {
    if (!wanted.has(id)) return;
    for (const one of units.samples(units.of(index))) {
      const member = samples[one];
      if (member) wanted.add(member.id);
    }
  });
  return [...wanted];
}

/** Whether what is frozen of the split is there; what it says does not matter for a label. */
async function isFrozen(root: string, config: ProjectConfig): Promise<boolean> {
  const files = config.split.column === null ? [splitFile, foldsFile] : [foldsFile];
  const found = files.map((file) =>
    fs.stat(path.join(root, file)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(found)).every(Boolean);
}
