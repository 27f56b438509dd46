/** Label edits from the editor: translated, put on disk, undone, and seen when someone else makes them. */
import * as assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import type { EngineMethods, ReviewItem } from '../../src/protocol/engineApi';
import { commands } from '../../src/extension/contributions';
import { FullWindow } from '../../src/extension/grid/fullWindow';
import { GridHost } from '../../src/extension/grid/gridHost';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import { sampleProject, until } from './support/extension';

suite('edits', () => {
  test('an edit is on disk when it is acknowledged; undo and redo follow', async () => {
    const { services, project } = await sampleProject();
    await forgetLabels(project);
    const host = hostOf(services, project);
    const { list, items } = await someItems(services, project);
    const [first, other] = items;
    const outcome = await host.edit({ op: 'set', items: [first.key], list, value: other.value });
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
    const { list, items } = await someItems(services, project);
    const keys = items.slice(0, 20).map(({ key }) => key);
    await hostOf(services, project).edit({ op: 'exclude', items: keys, list });
    const events = (await labelLines(project)).map(
      (line) => JSON.parse(line) as { batch: string; op: string },
    );
    assert.equal(events.length, 20);
    assert.equal(new Set(events.map(({ batch }) => batch)).size, 1);
    await forgetLabels(project);
  });

  // 8.10: what no longer counts is seen where people look for faults, at its line.
  test('events that no longer count are in the Problems panel', async () => {
    const { services, project } = await sampleProject();
    await forgetLabels(project);
    const { list, items } = await someItems(services, project);
    await hostOf(services, project).edit({ op: 'keep', items: [items[0].key], list });
    const [sound] = await labelLines(project);
    const [name] = await readdir(path.join(project.root, 'labels'));
    assert.ok(sound !== undefined && name !== undefined);
    const file = vscode.Uri.file(path.join(project.root, 'labels', name));
    const found = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(file).filter(({ code }) => code === 'OVR407');
    assert.deepEqual(found(), []);
    const gone = { ...(JSON.parse(sound) as object), sample: 'images/renamed.png', id: 'a'.repeat(26) };
    await appendFile(file.fsPath, `${JSON.stringify(gone)}\n`);
    const [fault] = await until('the event is listed', () => (found().length > 0 ? found() : undefined));
    assert.equal(fault?.range.start.line, 1);
    await forgetLabels(project);
    await until('it is gone with its event', () => (found().length === 0 ? true : undefined));
  });

  test('an answer is one call of the engine, and opens the project not once more', async () => {
    const { services, project } = await sampleProject();
    try {
      let told = await callsOfAnswer(services, project);
      // On a loaded machine the editor may notice only now what an earlier test wrote into overread.yaml or the table.
      for (let more = 2; more > 0 && told.calls.includes('openProject'); more--)
        told = await callsOfAnswer(services, project);
      assert.deepEqual(told.atOnce, ['answer']);
      assert.deepEqual([...new Set(told.calls)].sort(), ['answer', 'followLabels']);
      // The queue is of the parts that are reviewed, the groups are of all.
      const reviewed = told.items.filter(({ split }) => split !== 'test').length;
      assert.equal(project.summary?.queues['uncertain'], reviewed);
      const uncertain = project.summary.groups.filter(({ name }) => name === 'uncertain');
      assert.equal(
        uncertain.reduce((sum, { edits }) => sum + edits, 0),
        20,
      );
    } finally {
      await forgetLabels(project);
    }
  });

  test("another reader's file is noticed", async () => {
    const { services, project } = await sampleProject();
    await project.refresh('labels');
    assert.equal(project.summary?.queues['edited'], 0);
    const [first, other] = (await someItems(services, project)).items;
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
    await until('the edit is counted', () => (project.summary?.queues['edited'] === 1 ? true : undefined));
    await forgetLabels(project);
  });
});

function hostOf(services: Services, project: Project): GridHost {
  return new GridHost({
    project,
    engine: services.engine,
    log: services.log,
    fullWindow: new FullWindow(),
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
): Promise<{ list: string; items: [ReviewItem, ReviewItem, ...ReviewItem[]] }> {
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
  return { list, items: [first, other, ...rest.filter((candidate) => candidate !== other)] };
}

/** Marks twenty images, and gives them with the calls of the engine that it took, at once and in all. */
async function callsOfAnswer(
  services: Services,
  project: Project,
): Promise<Record<'atOnce' | 'calls', readonly string[]> & { readonly items: readonly ReviewItem[] }> {
  await forgetLabels(project);
  const { list, items } = await someItems(services, project);
  const answered = items.slice(0, 20);
  const calls: (keyof EngineMethods)[] = [];
  const stop = listenToCalls(services, (method) => calls.push(method));
  // Hints in overread.yaml ask for the architectures whenever they like, and jobs are looked for every few seconds.
  const ofLabels = (): readonly string[] =>
    calls.filter((method) => method !== 'architectures' && method !== 'jobs');
  try {
    await hostOf(services, project).edit({ op: 'uncertain', items: answered.map(({ key }) => key), list });
    // Labels that an earlier test removed may be noticed only now.
    const atOnce = ofLabels().filter((method) => method !== 'followLabels');
    // The file watcher and the edit itself each ask for what is new, which is little.
    await until('the labels are followed', () => (calls.includes('followLabels') ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return { atOnce, calls: ofLabels(), items: answered };
  } finally {
    stop();
  }
}

/** Tells of each call of the engine until it is stopped. */
function listenToCalls({ engine }: Services, onCall: (method: keyof EngineMethods) => void): () => void {
  const { call } = engine;
  const listening = ((method: keyof EngineMethods, ...params: never[]) => {
    onCall(method);
    return (call as unknown as (...all: unknown[]) => unknown)(method, ...params);
  }) as unknown as typeof call;
  Object.assign(engine, { call: listening });
  return () => {
    Object.assign(engine, { call });
  };
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
