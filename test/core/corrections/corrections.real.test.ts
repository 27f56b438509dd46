/** The second readings of real chest X-rays replayed as corrections, where they are at hand beside the checkout. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorrectionReport } from '../../../src/core/corrections/model';
import { appendEdits } from '../../../src/core/labels/log';
import type { LabelEdit } from '../../../src/core/labels/model';
import { openProject } from '../../../src/core/project/project';
import { commandJson } from '../../support/inProcess';
import { withoutXrays, xrayProject } from '../../support/xrays';

const missing = await withoutXrays();
if (missing !== null) console.warn(`SKIPPED: ${missing}`);

/** What the second reader's words make of a label; "Not Normal" contradicts both. */
const reads: Readonly<Record<string, string>> = { Normal: 'No_findings', 'Lung Opacity': 'Pneumonia' };

describe.skipIf(missing !== null)('second readings as corrections', () => {
  let project: Awaited<ReturnType<typeof xrayProject>>;
  beforeAll(async () => {
    project = await xrayProject();
  }, 300_000);
  afterAll(() => project.remove());

  /** Answers blind as the second reader does; what they did not read is kept where `others` says so. */
  async function replay(others: (split: string) => boolean): Promise<void> {
    const { root, dataset, assignment } = await openProject(project.root);
    const edits = dataset.samples.flatMap(({ id, given, metadata }, i): LabelEdit[] => {
      const read = given[0] === 'Covid-19' ? undefined : reads[metadata['second_read'] ?? ''];
      const about = { sample: id, finding: 'class', shown: { blind: true } } as const;
      if (read !== undefined) {
        return [read === given[0] ? { op: 'keep', ...about } : { op: 'set', value: read, ...about }];
      }
      return others(assignment.split[i] ?? '') ? [{ op: 'keep', ...about }] : [];
    });
    const givenOf = new Map(dataset.samples.map(({ id, given }) => [id, given[0] ?? null]));
    const reader = { name: 'Second Reader', role: 'reader' } as const;
    await appendEdits(root, reader, edits, ({ sample }) => givenOf.get(sample));
  }

  it('count only where every label of the part was read again', async () => {
    await replay(() => false);
    const chosen = await commandJson<CorrectionReport>(['corrections', project.root]);
    expect(chosen.changed).toBe(34);
    const part = chosen.parts.at(-1);
    expect(part).toMatchObject({ part: 'validation', read_again: 'chosen', counts: 'by_labels_before' });
    expect(chosen.answer).toMatch(/do not count/);

    await replay((split) => split === 'validation');
    const whole = await commandJson<CorrectionReport>(['corrections', project.root]);
    const read = whole.parts.at(-1);
    expect(read).toMatchObject({ read_again: 'all', counts: 'by_labels_now' });
    expect(read?.images).toBe(read?.read_blind);
    expect(whole.answer).toMatch(/were read again blind, so the corrected labels count/);
    // Noise with a system that is corrected in training and scored by labels that nobody chose.
    expect(whole.answer).toMatch(/^The corrections helped: AUROC/);
    expect(read?.by_labels_now.auroc_macro.difference.low).toBeGreaterThan(0);
    // What the training part was corrected by does not depend on who read the validation part.
    expect(read?.by_labels_now.auroc_macro).toEqual(part?.by_labels_now.auroc_macro);
  });
});
