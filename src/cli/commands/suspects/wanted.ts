/** Which items a command is about: of the parts that are reviewed, of a finding, by a filter. */
import * as path from 'node:path';
import { splits, type Split } from '../../../core/dataset/model';
import type { Project } from '../../../core/project/project';
import { recordTestLook } from '../../../core/project/testLooks';
import { FilterStarter } from '../../../core/review/filterStarter';
import { openReview, suspectsFor } from '../../../core/review/openReview';
import { everything } from '../../../core/review/queues';
import type { WholeRun } from '../../../core/runs/wholeRun';
import type { CommandContext } from '../../command';
import type { SuspectFlags } from '../suspects';

/** Which items are asked for. @throws OVR900, OVR901 the filter */
export async function wantedItems(
  context: CommandContext,
  { split, where, finding }: Pick<SuspectFlags, 'split' | 'where' | 'finding'>,
  project: Project,
  run: WholeRun | null,
): Promise<(item: number) => boolean> {
  const { config, folder } = project;
  const parts: readonly Split[] =
    split === undefined ? config.review.splits : split === 'all' ? splits : [split];
  if (parts.includes('test')) await recordTestLook(folder, 'overread suspects', new Date());
  const filterStarter = new FilterStarter(path.join(context.programs, 'filters.js'));
  const catalog = await openReview(project, run ?? undefined, {
    filterStarter,
    suspects: suspectsFor(where, project, run ?? undefined),
  });
  try {
    const { rows } = await catalog.query({
      queue: everything.id,
      splits: parts,
      sort: 'path',
      descending: false,
      ...(where === undefined ? {} : { where }),
      ...(finding === undefined ? {} : { finding }),
    });
    const wanted = new Uint8Array(catalog.items);
    for (const row of rows) wanted[row] = 1;
    return (item) => wanted[item] === 1;
  } finally {
    catalog.close();
  }
}
