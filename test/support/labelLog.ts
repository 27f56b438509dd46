/** A project's label log as one list. */
import type { Problem } from '../../src/core/base/report';
import { LabelLogReader } from '../../src/core/labels/log';
import type { LabelEvent } from '../../src/core/labels/model';

/** Everything in `labels/*.jsonl`, and what of it cannot be read. */
export async function readLabelEvents(root: string): Promise<{ events: LabelEvent[]; problems: Problem[] }> {
  const reader = new LabelLogReader(root);
  await reader.refresh();
  return { events: reader.table.events(), problems: reader.problems() };
}
