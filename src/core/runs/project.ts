/** A project read whole: configuration, table, frozen split, label events and what they add up to. */
import type { Problem } from '../base/report';
import { loadConfig, type ProjectConfig } from '../dataset/config';
import type { Dataset, SplitAssignment } from '../dataset/model';
import { readDataset } from '../dataset/read';
import { ensureSplits } from '../dataset/split';
import { foldLabels, type EffectiveLabels } from '../labels/fold';
import { readLabelEvents } from '../labels/log';
import type { LabelEvent } from '../labels/model';

export interface Project {
  /** Absolute folder of overread.yaml. */
  readonly root: string;
  readonly config: ProjectConfig;
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly events: readonly LabelEvent[];
  readonly labels: EffectiveLabels;
  /** Faults that did not stop the reading. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the project at `root`; makes and freezes its split on first use.
 * @throws OverreadError of the 1xx and 2xx areas when nothing can be done with it
 */
export async function openProject(root: string): Promise<Project> {
  const config = await loadConfig(root);
  const table = await readDataset(root, config);
  const [splits, log] = await Promise.all([ensureSplits(root, config, table.dataset), readLabelEvents(root)]);
  return {
    root,
    config,
    dataset: table.dataset,
    assignment: splits.assignment,
    events: log.events,
    labels: foldLabels(table.dataset, log.events, { disputed: config.labels.disputed }),
    problems: [...table.problems, ...splits.problems, ...log.problems],
  };
}
