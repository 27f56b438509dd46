/** The log under what really happens to it: other processes, kill -9, git. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { appendEdits } from '../../../src/core/labels/log';
import { bundleProgram } from '../features/bundle';
import { readLabelEvents } from '../../support/labelLog';
import type { LabelEdit } from '../../../src/core/labels/model';
import { multiClass, sample, temporaryFolder } from './builders';

let program: string;
let root: string;
const roots: string[] = [];

beforeAll(async () => {
  program = await bundleProgram('test/core/labels/appendProgram.ts');
});
beforeEach(async () => {
  root = await temporaryFolder();
  roots.push(root);
});
afterAll(async () => {
  for (const folder of [path.dirname(program), ...roots]) await rm(folder, { recursive: true, force: true });
});

/** A writing process: the ids that it acknowledged so far, in pairs, and its end. */
function startWriter(name: string, count: number) {
  const child = spawn(process.execPath, [program, root, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const acknowledged = (): string[] =>
    output
      .slice(0, output.lastIndexOf('\n') + 1)
      .split(/\s+/)
      .filter(Boolean);
  return { child, acknowledged, ended: once(child, 'close') };
}

const labelFile = (): string => path.join(root, 'labels', 'ann.jsonl');
const set = (id: string, value: string): LabelEdit => ({ op: 'set', sample: id, finding: 'class', value });

describe('two writing processes', () => {
  it('lose nothing, interleave no line and keep the times of one annotator rising', async () => {
    const writers = [startWriter('Ann', 40), startWriter('Ann', 40), startWriter('Bob', 40)];
    await Promise.all(writers.map((writer) => writer.ended));
    const acknowledged = writers.flatMap((writer) => writer.acknowledged());
    expect(acknowledged).toHaveLength(240);
    const { events, problems } = await readLabelEvents(root);
    expect(problems).toEqual([]);
    expect(events.map((event) => event.id).sort()).toEqual([...acknowledged].sort());
    for (const name of ['Ann', 'Bob']) {
      const own = events.filter((event) => event.annotator === name);
      expect(own.map((event) => event.id)).toEqual(own.map((event) => event.id).sort());
      const times = own.filter((_, k) => k % 2 === 0).map((event) => event.time);
      expect(times).toEqual([...new Set(times)].sort());
    }
  });
});

describe('kill -9 in the middle of a stream of edits', () => {
  it('loses nothing that was acknowledged; the next edit works and soon', async () => {
    const random = new SplitMix32(9);
    const all: string[] = [];
    for (let round = 0; round < 2; round++) {
      const writer = startWriter('Ann', 100_000);
      while (writer.acknowledged().length < 10 + random.below(30)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      writer.child.kill('SIGKILL');
      await writer.ended;
      all.push(...writer.acknowledged());
      const read = new Set((await readLabelEvents(root)).events.map((event) => event.id));
      expect(all.filter((id) => !read.has(id))).toEqual([]);
    }
    const [edit] = await appendEdits(
      root,
      { name: 'Ann', role: 'reader' },
      [set('after', 'covid')],
      () => null,
    );
    expect((await readLabelEvents(root)).events.map((event) => event.id)).toContain(edit!.id);
  });

  it('takes over the lock of a dead process', async () => {
    await mkdir(`${labelFile()}.lock`, { recursive: true });
    const [edit] = await appendEdits(root, { name: 'Ann', role: 'reader' }, [set('a', 'covid')], () => null);
    expect(edit!.sample).toBe('a');
    expect(await readdir(path.join(root, 'labels'))).toEqual(['ann.jsonl']);
  });

  it('survives a line that was cut anywhere', async () => {
    const ann = { name: 'Ann', role: 'reader' } as const;
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    const whole = await readFile(labelFile());
    const second = Buffer.from(whole.toString('utf8').replaceAll('"a"', '"zoë"').replace('01', '02'));
    for (let cut = 0; cut < second.length; cut += 7) {
      await writeFile(labelFile(), whole);
      await appendFile(labelFile(), second.subarray(0, cut));
      expect((await readLabelEvents(root)).events.map((event) => event.sample)).toEqual(['a']);
      await appendEdits(root, ann, [set('b', 'covid')], () => null);
      const { events } = await readLabelEvents(root);
      expect(events.map((event) => event.sample).filter((id) => id !== 'zoë')).toEqual(['a', 'b']);
    }
  });
});

describe('git merge with merge=union', () => {
  const git = (...command: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...command], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commit = (message: string): void => {
    git('add', '-A');
    git('commit', '-qm', message);
  };

  it('keeps the edits of both branches, with one result on both sides', async () => {
    const ann = { name: 'Ann', role: 'reader' } as const;
    const bob = { name: 'Bob', role: 'reader' } as const;
    git('init', '-q', '-b', 'main');
    await writeFile(path.join(root, '.gitattributes'), 'labels/*.jsonl merge=union\n');
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    commit('base');

    git('checkout', '-q', '-b', 'clinic');
    await appendEdits(root, ann, [set('b', 'covid'), set('c', 'covid')], () => null);
    await appendEdits(root, bob, [set('a', 'pneumonia')], () => null);
    // Half a line and no newline at the end: what a killed process left, and somebody committed.
    await appendFile(labelFile(), '{"v":1,"id":"01HALF');
    commit('clinic');

    git('checkout', '-q', 'main');
    await appendEdits(root, ann, [set('b', 'pneumonia')], () => null);
    await appendEdits(root, { ...bob, role: 'adjudicator' }, [set('c', 'normal')], () => null);
    commit('home');

    git('checkout', '-q', '-b', 'other');
    git('merge', '-q', '-m', 'merge', 'clinic');
    const there = await readLabelEvents(root);
    git('checkout', '-q', 'clinic');
    git('merge', '-q', '-m', 'merge', 'main');
    const here = await readLabelEvents(root);

    const dataset = multiClass(['a', 'b', 'c'].map((id) => sample(id, ['normal'])));
    const values = (events: typeof here.events) => {
      const labels = effectiveLabels(dataset, events, { disputed: 'exclude' });
      return dataset.samples.map((_, i) => [labels.at(i, 0).value, labels.at(i, 0).source]);
    };
    expect(here.events).toHaveLength(6);
    expect(values(here.events)).toEqual(values(there.events));
    expect(values(here.events)).toEqual([
      [null, 'disputed'],
      ['pneumonia', 'reading'],
      ['normal', 'adjudication'],
    ]);
    expect(here.problems.map((problem) => problem.code)).toEqual(['OVR404']);
    // The next edit is later than all that the merge brought.
    await appendEdits(root, ann, [set('b', 'normal')], () => null);
    expect(values((await readLabelEvents(root)).events)[1]).toEqual(['normal', 'reading']);
  });
});
