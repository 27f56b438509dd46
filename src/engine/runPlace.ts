/** The project of a run as a process beside the engine reads it, which has to have the samples that the engine has. */
import { OverreadError } from '../core/base/errors';
import { ProjectFolder, type FolderPolicy } from '../core/base/projectFolder';
import { loadConfig } from '../core/config/config';
import { outputsOf } from '../core/labels/targets';
import { readProjectTable } from '../core/project/project';
import { readRun } from '../core/runs/folder';

export interface RunPlace {
  /** Absolute, as the window names it. */
  readonly root: string;
  readonly policy: FolderPolicy;
  /** The run's whole name. */
  readonly run: string;
  /** Samples, as the engine has them. */
  readonly samples: number;
}

/** @throws OVR803 the table is another; what reading it and the run throws */
export async function readRunPlace({ root, policy, run, samples }: RunPlace) {
  const config = await loadConfig(root);
  const folder = await ProjectFolder.open(root, policy);
  const { dataset, assignment } = await readProjectTable(folder, config);
  const { record } = await readRun(root, run);
  const targets = { task: dataset.task, outputs: outputsOf(dataset) };
  if (dataset.samples.length !== samples || record.outputs.join('\n') !== targets.outputs.join('\n')) {
    throw new OverreadError({ code: 'OVR803', message: 'The table has changed', fix: 'Refresh' });
  }
  return { root, folder, config, dataset, assignment, record, targets };
}
