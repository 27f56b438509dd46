/** What stands in data reaches a terminal as text: no control sequence, no line of its own, no turned direction. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output';
import { quickModel, runCli } from '../support/cli';
import { runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

/** Sets the title, clears the screen, links somewhere, in 7 and in 8 bit, and turns the direction. */
const hostile = 'Op\u001b]0;owned\u0007\u001b[2J\u009b31m\u202ecity';
const shownHostile = 'Op\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202ecity';
/** A cell with a line that reads like one of ours. */
const forged = 'images/none\nsamples.csv:1:1: error OVR999: forged\u2028.png';

let folder: string;
let project: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-terminal-'));
  project = path.join(folder, 'pro\u001b[8mject');
  await readyFinetuned(project);
  const table = path.join(project, 'samples.csv');
  const rows = (await fs.readFile(table, 'utf8')).replaceAll('Opacity', hostile);
  await fs.writeFile(
    table,
    `${rows}"${forged}",Normal,P9999,AP,22,M\n"${forged}2","\u001b[5m",P9999,AP,22,M\n`,
  );
  const config = path.join(project, 'overread.yaml');
  const escaped = JSON.stringify(hostile).replaceAll('\u009b', '\\u009b').replaceAll('\u202e', '\\u202e');
  const yaml = await fs.readFile(config, 'utf8');
  await fs.writeFile(config, yaml.replace('[Normal, Opacity,', `[Normal, ${escaped},`));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** Everything but line feeds that a terminal, or a reader of lines, would not show as it stands. */
function expectPlain(text: string): void {
  const rest = text.replaceAll('\n', '');
  // eslint-disable-next-line no-control-regex -- controls are what must not be there
  const found = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.exec(rest);
  expect(found && JSON.stringify(rest.slice(Math.max(0, found.index - 40), found.index + 40))).toBeNull();
  expect(text).not.toMatch(/^samples\.csv:1:1: error OVR999/m);
}

describe('8.16 terminal output', () => {
  it('shows class names, paths, cells and folders of data as text, in every stream and format', async () => {
    const run = await runCli(['finetune', project, ...quickModel, '--progress=json']);
    expect(run.code, run.stderr).toBe(0);
    expectPlain(run.stdout);
    expectPlain(run.stderr);
    expect(run.stdout).toContain(shownHostile);
    expect(run.stderr).toContain('"\\x1b[5m" is no class');
    expect(run.stderr).toContain('images/none\\nsamples.csv:1:1: error OVR999: forged\\u2028.png');

    const json = await runCommand(['errors', project, '--json']);
    expectPlain(json.stdout);
    const { errors } = JSON.parse(json.stdout) as { errors: { given: string; predicted: string }[] };
    const values = errors.flatMap(({ given, predicted }) => [given, predicted]);
    expect(values).toContain(hostile);
  });

  it('shows what was typed as text', async () => {
    for (const args of [[`fine\u001b[2Jtune`], ['label', project, 'a\u001b[2Jb', hostile]]) {
      const { stdout, stderr, code } = await runCommand(args);
      expect(code).toBeGreaterThan(0);
      expectPlain(stdout + stderr);
      expect(stderr).toContain('\\x1b');
    }
  });

  it('does not echo a YAML scalar of megabytes', async () => {
    const large = path.join(folder, 'large');
    await fs.mkdir(large);
    const yaml = await fs.readFile(path.join(project, 'overread.yaml'), 'utf8');
    await fs.writeFile(
      path.join(large, 'overread.yaml'),
      yaml.replace('crop: timm', `crop: ${'x'.repeat(5_000_000)}`),
    );
    const { code, stdout, stderr } = await runCommand(['finetune', large, '--json']);
    expect(code).toBe(3);
    expect(stdout.length + stderr.length).toBeLessThan(4000);
    for (const stream of [stdout, stderr]) expect(stream).toMatch(/characters left out/);
  });

  it('keeps its own redrawing on a terminal, and nothing of the data', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) > 0, isTTY: true, columns: 80 };
    const streams = { stdout: stream, stderr: stream } as unknown as ConstructorParameters<typeof Output>[1];
    const output = new Output({ json: false, progress: 'auto' }, streams, { cwd: '/' });
    output.progress({ stage: 'features', done: 1, total: 2, message: `images/${hostile}\n.png` });
    output.problem({
      code: 'OVR301',
      severity: 'error',
      message: `${hostile}\nx:1:1: error`,
      place: { file: 'a\nb', row: 3 },
      fix: 'Do \u001b[1mthis',
    });
    output.fail(new Error(`defect in ${hostile}\nx:1:1: error OVR999: forged`));
    const text = written.join('').replaceAll('\r\u001b[K', '\n');
    expectPlain(text);
    expect(text).toContain(shownHostile);
    expect(text).toMatch(/^a\\nb:3:1: error OVR301: /m);
    expect(text).not.toMatch(/^x:1:1/m);
  });
});
