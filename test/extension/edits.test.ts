/** Label edits from the editor: translated, put on disk, undone, and seen when someone else makes them. */
import * as assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import type { ReviewItem } from '../../src/protocol/engineApi';
import type { GridEdit } from '../../src/protocol/gridApi';
import { commands } from '../../src/extension/contributions';
import { labelEdits, type AnswerContext } from '../../src/extension/grid/answers';
import { GridHost } from '../../src/extension/grid/gridHost';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import { sampleProject, until } from './support/extension';

const item: ReviewItem = {
  key: 'k',
  sample: 's',
  finding: 'class',
  path: 's.png',
  split: 'train',
  group: 'p',
  given: 'a',
  value: 'a',
  source: 'given',
  predicted: 'b',
  confidence: 0.9,
  p: 0.9,
  threshold: null,
  loss: 2.3,
  outOfFold: true,
  wrong: true,
  edited: false,
  kept: false,
  excluded: false,
  disputed: false,
};
const context: AnswerContext = { task: 'multi-class', run: 'r', queue: 'errors', rank: () => 4 };
const answer = (op: GridEdit['op'], more: Partial<GridEdit> = {}): GridEdit => ({
  op,
  items: ['k'],
  ...more,
});

suite('answers become label edits', () => {
  const shown = { blind: false, queue: 'errors', rank: 4, score: 2.3, suggestion: 'b' };

  test("accept sets the model's label and keeps what was shown", () => {
    assert.deepEqual(labelEdits(answer('accept'), [item], context), [
      { op: 'set', finding: 'class', value: 'b', sample: 's', run: 'r', shown },
    ]);
  });

  test('accept leaves out what the model has no opinion on', () => {
    assert.deepEqual(labelEdits(answer('accept'), [{ ...item, predicted: null }], context), []);
  });

  test('uncertain is a value of a finding, and in place of a class', () => {
    const finding = { ...item, finding: 'Effusion' };
    assert.equal(
      labelEdits(answer('uncertain'), [finding], { ...context, task: 'multi-label' })[0]?.value,
      'uncertain',
    );
    assert.equal(labelEdits(answer('uncertain'), [item], context)[0]?.value, 'uncertain');
  });

  test('exclude is of the image for a class, of the finding in multi-label', () => {
    assert.ok(!('finding' in labelEdits(answer('exclude'), [item], context)[0]!));
    const edit = labelEdits(answer('exclude'), [{ ...item, finding: 'Effusion' }], {
      ...context,
      task: 'multi-label',
    })[0];
    assert.equal(edit?.finding, 'Effusion');
  });

  test('a blind answer says so and names neither score nor suggestion', () => {
    const [edit] = labelEdits(
      answer('set', { value: 'a', blind: true, reason: 'why', ms: 12 }),
      [item],
      context,
    );
    assert.deepEqual(edit, {
      op: 'set',
      finding: 'class',
      value: 'a',
      sample: 's',
      run: 'r',
      shown: { blind: true, queue: 'errors', rank: 4 },
      reason: 'why',
      ms: 12,
    });
  });
});

suite('edits', () => {
  test('an edit is on disk when it is acknowledged; undo and redo follow', async () => {
    const { services, project } = await sampleProject();
    await forgetLabels(project);
    const host = hostOf(services, project);
    const [first, other] = await someItems(services, project);
    const outcome = await host.edit({ op: 'set', items: [first.key], value: other.value });
    assert.equal((await labelLines(project)).length, 1);
    assert.equal(outcome.items[0]?.value, other.value);
    assert.equal(project.summary?.editsSinceRun, 1);

    await vscode.commands.executeCommand(commands.undoLabelEdit);
    assert.equal((await labelLines(project)).length, 2);
    await until('the count follows', () => (project.summary?.editsSinceRun === 0 ? true : undefined));
    await vscode.commands.executeCommand(commands.redoLabelEdit);
    await until('the count follows', () => (project.summary?.editsSinceRun === 1 ? true : undefined));
    await forgetLabels(project);
  });

  test('twenty items are one batch', async () => {
    const { services, project } = await sampleProject();
    const items = await someItems(services, project);
    await hostOf(services, project).edit({ op: 'exclude', items: items.slice(0, 20).map(({ key }) => key) });
    const events = (await labelLines(project)).map(
      (line) => JSON.parse(line) as { batch: string; op: string },
    );
    assert.equal(events.length, 20);
    assert.equal(new Set(events.map(({ batch }) => batch)).size, 1);
    await forgetLabels(project);
  });

  test("another reader's file is noticed", async () => {
    const { services, project } = await sampleProject();
    await project.refresh('labels');
    assert.equal(project.summary?.queues.edited, 0);
    const [first, other] = await someItems(services, project);
    const event = {
      v: 1,
      id: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
      batch: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
      time: '2026-01-01T00:00:00.000Z',
      annotator: 'Someone Else',
      role: 'reader',
      op: 'set',
      sample: first.sample,
      finding: first.finding,
      value: other.value,
    };
    await mkdir(path.join(project.root, 'labels'), { recursive: true });
    await appendFile(path.join(project.root, 'labels', 'someone-else.jsonl'), `${JSON.stringify(event)}\n`);
    await until('the edit is counted', () => (project.summary?.queues.edited === 1 ? true : undefined));
    await forgetLabels(project);
  });
});

function hostOf(services: Services, project: Project): GridHost {
  return new GridHost({
    project,
    engine: services.engine,
    log: services.log,
    toWebviewUri: (file) => file,
    takeQuery: () => undefined,
    onEdited: (outcome) => project.apply(outcome),
    isActive: () => false,
  });
}

/** The first items, and one whose label differs from the first one's. */
async function someItems(
  services: Services,
  project: Project,
): Promise<[ReviewItem, ReviewItem, ...ReviewItem[]]> {
  const { list } = await services.engine.call('query', project.root, {
    queue: 'all',
    splits: [],
    sort: 'path',
    descending: false,
  });
  const items = await services.engine.call('items', list, 0, 60);
  const [first, ...rest] = items;
  const other = rest.find(({ value }) => value !== first?.value);
  assert.ok(first && other);
  return [first, other, ...rest.filter((candidate) => candidate !== other)];
}

async function labelLines(project: Project): Promise<string[]> {
  const folder = path.join(project.root, 'labels');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

async function forgetLabels(project: Project): Promise<void> {
  const folder = path.join(project.root, 'labels');
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith('.jsonl')) await rm(path.join(folder, name));
  }
  await project.refresh('labels');
}
