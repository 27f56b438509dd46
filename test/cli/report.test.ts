/** `overread report`: one file that needs nothing, runs nothing, names nobody, and whose markup no data can change. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunMetrics } from '../../src/core/evaluation/model';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFeatures, readyFinetuned } from '../support/readyProjects';

interface Written {
  readonly run: string;
  readonly file: string;
  readonly images: Readonly<Record<string, string>>;
}

let folder: string;
let root: string;
let dir: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-report-'));
  root = path.join(folder, 'sample');
  ({ dir } = await readyFinetuned(root, 120));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const samplesOf = async (project: string): Promise<string> =>
  fs.readFile(path.join(project, 'samples.csv'), 'utf8');

describe('overread report', () => {
  it('writes the run’s own figures, curves and what people did, into the run', async () => {
    const written = await commandJson<Written>(['report', dir]);
    expect(written.file).toBe(path.join(dir, 'report.html'));
    const text = await fs.readFile(written.file, 'utf8');
    const { out_of_fold: figures } = JSON.parse(
      await fs.readFile(path.join(dir, 'metrics.json'), 'utf8'),
    ) as RunMetrics;
    expect(text).toContain(figures.auroc_macro.value!.toFixed(3));
    expect(text).toContain(`AUROC out of fold: ${figures.outputs[0]!.auroc.value!.toFixed(3)} (`);
    for (const id of [
      'data',
      'split',
      'model',
      'performance',
      'calibration',
      'curves',
      'points',
      'confusion',
      'cohorts',
      'errors',
      'suspects',
      'checks',
      'corrections',
    ])
      expect(text).toContain(`<section id="${id}">`);
    expect(text.match(/<svg /g)).toHaveLength(4 * figures.outputs.length);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(text).toContain('TRIPOD+AI');
    expect(text).toContain('random: trained on nothing');
  });

  it('names no image, patient, folder or machine; what a name stands for is told apart from it', async () => {
    const { file, images } = await commandJson<Written>(['report', root]);
    const text = await fs.readFile(file, 'utf8');
    const samples = (await samplesOf(root)).split('\n').slice(1, -1);
    const header = (await samplesOf(root)).split('\n')[0]!.split(',');
    const patients = new Set(samples.map((line) => line.split(',')[header.indexOf('patient_id')]!));
    expect(patients.size).toBeGreaterThan(10);
    for (const patient of patients) expect(text).not.toContain(patient);
    for (const [name, sample] of Object.entries(images)) {
      expect(text).toContain(name);
      expect(text).not.toContain(sample);
    }
    expect(Object.keys(images).length).toBeGreaterThan(0);
    expect(text).not.toContain(folder);
    expect(text).not.toContain(os.hostname());
  });

  it('holds no script, no address and no picture unless asked for', async () => {
    const plain = await fs.readFile((await commandJson<Written>(['report', root])).file, 'utf8');
    expect(plain).toContain('default-src &#39;none&#39;');
    expect(plain).not.toMatch(/<script|javascript:|\son\w+=|<link|<iframe|<img|@import|url\(/i);
    expect([...plain.matchAll(/(?:href|src)="([^"]*)"/g)].every(([, to]) => to!.startsWith('#'))).toBe(true);
    const out = path.join(folder, 'with pictures.html');
    await commandJson(['report', root, '--out', out, '--thumbnails']);
    const pictured = await fs.readFile(out, 'utf8');
    expect(pictured).toMatch(/<img src="data:image\/webp;base64,UklGR/);
    expect([...pictured.matchAll(/<img /g)].length).toBeGreaterThan(3);
  });

  it('leaves the test part out unless asked for, and counts the look', async () => {
    const looks = path.join(root, 'splits', 'test-looks.jsonl');
    await expect(fs.readFile(looks)).rejects.toThrow();
    const out = path.join(folder, 'test.html');
    await commandJson(['report', root, '--out', out, '--test']);
    expect(await fs.readFile(looks, 'utf8')).toContain('overread report --test');
    expect(await fs.readFile(out, 'utf8')).toContain('Images, test');
  });

  it('says who changed how much', async () => {
    const { errors } = await commandJson<{ errors: { sample: string }[] }>(['errors', root], [0, 1]);
    await commandJson(['accept', root, errors[0]!.sample, '--annotator', 'Dr. <b>Ada</b>']);
    const { file } = await commandJson<Written>(['report', root]);
    const text = await fs.readFile(file, 'utf8');
    expect(text).toMatch(/<th scope="row">Dr\. &lt;b&gt;Ada&lt;\/b&gt;<\/th><td>1<\/td>/);
  });

  it('hostile names of classes stay text', async () => {
    const hostile = path.join(folder, 'hostile');
    await readyFeatures(hostile, 60);
    const evil = '"><script>alert(1)</script>\u202e';
    const config = path.join(hostile, 'overread.yaml');
    const settings = await fs.readFile(config, 'utf8');
    await fs.writeFile(
      config,
      settings
        .replaceAll('Nodule', JSON.stringify(evil))
        .replace(/^name: .*$/m, `name: "</title><img src=x onerror=alert(2)>"`),
    );
    const table = await samplesOf(hostile);
    await fs.writeFile(
      path.join(hostile, 'samples.csv'),
      table.replaceAll('Nodule', `"${evil.replaceAll('"', '""')}"`),
    );
    await commandJson(['finetune', hostile, ...quickModel]);
    const { file } = await commandJson<Written>(['report', hostile]);
    const text = await fs.readFile(file, 'utf8');
    expect(text).not.toMatch(/<script|<img|\u202e/);
    expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&lt;/title&gt;&lt;img src=x');
  });

  it('says what is wrong with its arguments', async () => {
    expect((await runCommand(['report', path.join(folder, 'nowhere')])).code).toBe(3);
    expect((await runCommand(['report', dir, '--run', 'first'])).stderr).toContain('Two runs are named');
  });
});
