/** The report of a run on real chest X-rays, where they are at hand beside the checkout: whole, true, and naming nobody. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Estimate, Metrics } from '../../../src/core/evaluation/model';
import type { RunAnalysis } from '../../../src/core/evaluation/runAnalysis';
import { openProject } from '../../../src/core/project/project';
import { reportSections } from '../../../src/core/report/sections';
import { commandJson } from '../../support/inProcess';
import { withoutXrays, xrayProject } from '../../support/xrays';

const missing = await withoutXrays();
if (missing !== null) console.warn(`SKIPPED: ${missing}`);

/** The rows of a table of the page, by what stands first in each. */
function rowsOf(page: string, caption: RegExp): Map<string, readonly string[]> {
  const table =
    page.split('<table>').find((text) => caption.test(/^<caption>([^<]*)/.exec(text)?.[1] ?? '')) ?? '';
  const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '')),
  );
  return new Map(rows.map(([name = '', ...cells]) => [name, cells]));
}

/** `0.815 (0.755–0.873)`, without an interval where there is none. */
function shown({ value, low, high }: Estimate): string {
  const interval = low === null || high === null ? '' : ` (${low.toFixed(3)}–${high.toFixed(3)})`;
  return `${value!.toFixed(3)}${interval}`;
}

describe.skipIf(missing !== null)('the report on the chest X-rays', () => {
  let project: Awaited<ReturnType<typeof xrayProject>>;
  let page: string;
  let parts: RunAnalysis['parts'];
  beforeAll(async () => {
    project = await xrayProject();
    const { file } = await commandJson<{ file: string }>(['report', project.root, '--thumbnails']);
    page = await fs.readFile(file, 'utf8');
    ({ parts } = await commandJson<RunAnalysis>(['metrics', project.root, '--no-bands']));
  }, 300_000);
  afterAll(() => project.remove());

  it('has every section, and needs and runs nothing', () => {
    const sections = [...page.matchAll(/<section id="([\w-]+)">/g)].map(([, id]) => id);
    expect(sections).toEqual(reportSections.map(({ id }) => id));
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|<link|<iframe|@import|url\(/i);
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to = '']) => to);
    expect(addresses.filter((to) => !/^(?:#|data:image\/webp;base64,)/.test(to))).toEqual([]);
    // The largest errors, as pictures.
    expect(addresses.filter((to) => to.startsWith('data:')).length).toBeGreaterThan(3);
  });

  it('says figure for figure what `overread metrics` says', () => {
    expect(parts.map(({ part }) => part)).toEqual(['out_of_fold', 'validation']);
    const whole = rowsOf(page, /Figures of the whole/);
    const figures: Readonly<Record<string, (metrics: Metrics) => Estimate>> = {
      Accuracy: ({ accuracy }) => accuracy,
      'Balanced accuracy': ({ balanced_accuracy }) => balanced_accuracy,
      'AUROC (macro)': ({ auroc_macro }) => auroc_macro,
      'AUPRC (macro)': ({ auprc_macro }) => auprc_macro,
      'F1 (macro)': ({ f1_macro }) => f1_macro,
      'Log loss': ({ log_loss }) => log_loss,
    };
    for (const [name, of] of Object.entries(figures))
      expect([name, whole.get(name)]).toEqual([name, parts.map(({ metrics }) => shown(of(metrics)))]);
    expect(whole.get('Images')).toEqual(parts.map(({ metrics }) => String(metrics.samples)));
    const calibration = rowsOf(page, /^Calibration$/);
    expect(calibration.get('Brier score')).toEqual(parts.map(({ metrics }) => shown(metrics.brier)));
    for (const { part, metrics } of parts) {
      const classes = rowsOf(page, part === 'validation' ? /Each class.*alidation/ : /Each class.*fold/);
      expect(metrics.outputs).toHaveLength(3);
      for (const { name, auroc, auprc, sensitivity, specificity, f1 } of metrics.outputs)
        expect([name, ...classes.get(name)!.slice(1)]).toEqual([
          name,
          ...[auroc, auprc, sensitivity, specificity, f1].map(shown),
        ]);
    }
  });

  it('names no image, no patient, no folder and no machine', async () => {
    const { dataset } = await openProject(project.root);
    // A picture is letters and digits as well.
    const text = page.replaceAll(/data:image\/webp;base64,[^"]*/g, '');
    const words = new Set(text.match(/[\w-]+/g));
    const stems = dataset.samples.map(({ id }) => path.parse(id).name);
    const patients = dataset.samples.map(({ group }) => group);
    expect([stems.length, new Set(patients).size]).toEqual([690, expect.any(Number)]);
    // Short ones are numbers that a page full of figures has.
    const telling = [...stems, ...patients].filter((name) => name.length > 4);
    expect(telling.length).toBeGreaterThan(800);
    expect(telling.filter((name) => words.has(name))).toEqual([]);
    const cells = [...text.matchAll(/<(td|th|dd|figcaption)[^>]*>([^<]*)<\/\1>/g)].map(
      ([, , cell = '']) => cell,
    );
    expect(cells.length).toBeGreaterThan(100);
    const ids = new Set(patients.filter((patient) => patient.length > 3));
    expect(cells.filter((cell) => ids.has(cell))).toEqual([]);
    for (const told of [project.root, os.tmpdir(), os.hostname(), '.jpg']) expect(text).not.toContain(told);
  });
});
