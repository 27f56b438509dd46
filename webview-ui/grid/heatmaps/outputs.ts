/** Which class or finding the heat map of an item is about, and whether there may be one. */
import type { ProjectSummary, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridState } from '../state/model';

/** Everything a heat map can be about: the classes, or the findings of a multi-label project. */
export function outputsOf(project: ProjectSummary): readonly string[] {
  return project.task === 'multi-label'
    ? project.findings.map(({ name }) => name)
    : (project.findings[0]?.values ?? []);
}

/** What the reviewer has chosen; null where nothing is, or nothing that the project (still) has. */
export function chosenOutput({ project, heatmaps }: GridState): string | null {
  const { output } = heatmaps;
  return project !== null && output !== null && outputsOf(project).includes(output) ? output : null;
}

/**
 * What the item's map is about: the reviewer's choice, else the predicted class or the item's own finding. null
 * where no map may be shown (blind mode, before the answer) or there is no prediction.
 */
export function outputOf(state: GridState, item: ReviewItem): string | null {
  if (state.project === null || item.hidden) return null;
  return chosenOutput(state) ?? ownOutput(state.project, item);
}

/** The output of an item as long as nobody chooses another. */
export function ownOutput(project: ProjectSummary, item: ReviewItem): string | null {
  return project.task === 'multi-label' ? item.finding : item.predicted;
}

/** Why this project can have no heat maps now. */
export function noHeatmaps({ project, settings }: GridState): 'untrusted' | 'noRun' | null {
  if (settings.readOnly) return 'untrusted';
  return (project?.latestRun ?? null) === null ? 'noRun' : null;
}
