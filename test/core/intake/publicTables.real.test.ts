/** Three public tables in full, where they are at hand beside the checkout: their counts, and how long they take. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import type { InitOptions, InitResult } from '../../../src/core/intake/init';
import { initProject } from '../../../src/core/intake/init';
import { note, settingsOf } from './support/understand';

const manifests = path.resolve(import.meta.dirname, '../../../../shared/data/manifests');
if (!existsSync(manifests)) console.warn('SKIPPED: no tables at ../shared/data/manifests');

/** What `init` understands of a table; nothing is written. */
async function understand(
  context: TestContext,
  file: string,
  options: Partial<InitOptions> = {},
): Promise<InitResult> {
  const csv = path.join(manifests, file);
  const start = performance.now();
  const result = await initProject({
    ...options,
    root: path.join(manifests, 'P'),
    csv,
    approve: () => Promise.resolve(false),
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const { samples, patients, prevalence } = result;
  const counts = prevalence.slice(0, 3).map(({ name, positive }) => `${name} ${positive}`);
  note(context, {
    input: [file, options.rows].filter((part) => part).join(' '),
    result: `${samples} images, ${patients} patients in ${seconds} s`,
    sentence: `${prevalence.length} findings: ${counts.join(', ')}, …`,
  });
  return result;
}

const positive = ({ prevalence }: InitResult, finding: string): number | undefined =>
  prevalence.find(({ name }) => name === finding)?.positive;

describe.skipIf(!existsSync(manifests))('public tables', () => {
  test('NIH ChestX-ray14', async (context) => {
    const result = await understand(context, 'Data_Entry_2017_v2020.csv.gz');
    expect(result).toMatchObject({ samples: 112_120, patients: 30_805, task: 'multi-label' });
    expect(settingsOf(result)).toMatchObject({
      'labels.column': 'Finding Labels',
      'labels.none': 'No Finding',
    });
    expect(result.prevalence).toHaveLength(14);
    expect(positive(result, 'Hernia')).toBe(227);
    expect(result.problems.map(({ code }) => code)).toEqual(['OVR300']);
  });

  test('CheXpert', async (context) => {
    const result = await understand(context, 'chexpert_train.csv.gz');
    expect(result).toMatchObject({ samples: 223_414, patients: 64_540, task: 'multi-label' });
    expect(result.prevalence).toHaveLength(14);
    expect(positive(result, 'Atelectasis')).toBe(33_376);
    expect(result.problems.map(({ code }) => code)).toEqual(['OVR300']);
  });

  test('VinDr-CXR: readings of 17 readers, or its findings together', async (context) => {
    const file = 'vinbigdata-train.csv.gz';
    const result = await understand(context, file);
    expect(settingsOf(result)).toMatchObject({ 'labels.rows': 'readings', 'labels.reader': 'rad_id' });
    expect(result).toMatchObject({ samples: 15_000, task: 'multi-label', metadata: [] });
    expect(result.prevalence).toHaveLength(14);
    // What two of three readers say.
    expect(positive(result, 'Pleural thickening')).toBe(882);
    expect(result.summary.at(-1)).toBe(
      '17 readers, 3 for each image; they disagree on 3,683 images, 10,099 findings in all',
    );
    const together = await understand(context, file, { rows: 'findings' });
    expect(positive(together, 'Pleural thickening')).toBe(1981);
  });
});
