/** `overread init` at a terminal: what it understood is shown before anything is written. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProject, type TestProject } from '../core/dataset/support/project';
import { commandJson, runCommand } from '../support/inProcess';

let made: TestProject;
beforeEach(async () => {
  made = await makeProject({
    'data/A/0.png': '',
    'data/A/1.png': '',
    'data/B/0.png': '',
    'data/B/@eaDir/0.png': '',
  });
});
afterEach(() => made.remove());

describe('overread init', () => {
  it('asks after it has shown what it understood and what it left out; no is no', async () => {
    const root = path.join(made.root, 'P');
    const asked: string[] = [];
    const answer = (yes: boolean) => (question: string) => {
      asked.push(question);
      expect(existsSync(root)).toBe(false);
      return Promise.resolve(yes);
    };
    const args = ['init', root, '--images', path.join(made.root, 'data')];
    const no = await runCommand(args, {}, { confirm: answer(false) });
    expect(no.code).toBe(130);
    expect(no.stdout).toContain('labels.classes: ["A","B"]  (2 folders)');
    expect(no.stdout).toContain('3 images of 3 patients.\nNothing was written.');
    expect(no.stderr).toContain('1 folder of thumbnails or of what an archiver left is left out');
    const yes = await runCommand(args, {}, { confirm: answer(true) });
    expect(yes.code).toBe(0);
    expect(yes.stdout).toContain('Wrote overread.yaml, samples.csv');
    // What was wrong was told before the question, and is not told again.
    expect(yes.stderr.match(/1 folder of thumbnails/g)).toHaveLength(1);
    expect(asked).toEqual(['Make this project?', 'Make this project?']);
  });

  it('shows with --plan what would be made, some images of each class too, and writes nothing', async () => {
    const root = path.join(made.root, 'P');
    const args = ['init', root, '--images', path.join(made.root, 'data'), '--plan'];
    const plan = await commandJson<{ files: string[]; examples: { label: string; files: string[] }[] }>(args);
    expect(plan).toMatchObject({
      files: [],
      columns: [],
      examples: [
        { label: 'A', files: [path.join(made.root, 'data/A/0.png'), path.join(made.root, 'data/A/1.png')] },
        { label: 'B', files: [path.join(made.root, 'data/B/0.png')] },
      ],
    });
    expect((await runCommand(args)).stdout).toContain('Nothing was written.');
    expect(existsSync(root)).toBe(false);
  });

  it('takes --no-group and its like for "none"', async () => {
    await made.write('t.csv', 'path,label,patient,set\ndata/A/0.png,A,1,train\ndata/B/0.png,B,2,test\n');
    const args = [
      'init',
      path.join(made.root, 'P'),
      '--csv',
      path.join(made.root, 't.csv'),
      '--label=label',
      '--plan',
    ];
    const settingsOf = async (...more: string[]) => {
      const { choices } = await commandJson<{ choices: { setting: string; value: unknown }[] }>([
        ...args,
        ...more,
      ]);
      return Object.fromEntries(choices.map(({ setting, value }) => [setting, value]));
    };
    expect(await settingsOf()).toMatchObject({ 'dataset.group': 'patient', 'split.column': 'set' });
    expect(await settingsOf('--no-group', '--no-split')).toMatchObject({
      'dataset.group': null,
      'split.column': null,
    });
  });

  it('asks nobody with --yes, with --json, and where nobody can answer', async () => {
    const confirm = () => Promise.reject(new Error('nobody is asked'));
    const args = (name: string) => [
      'init',
      path.join(made.root, name),
      '--images',
      path.join(made.root, 'data'),
    ];
    expect((await runCommand([...args('p1'), '--yes'], {}, { confirm })).code).toBe(0);
    expect((await runCommand([...args('p2'), '--json'], {}, { confirm })).code).toBe(0);
    const result = await commandJson<{ files: string[]; samples: number }>(args('p3'));
    expect(result).toMatchObject({
      samples: 3,
      files: ['overread.yaml', 'samples.csv', '.gitattributes', '.gitignore'],
    });
  });
});
