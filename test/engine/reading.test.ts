/** A project that is read anew while its labels are edited: what came between the pieces is in what stands then, once. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Turns } from '../../src/core/base/pieces';
import { splits } from '../../src/core/dataset/model';
import { appendEdits } from '../../src/core/labels/log';
import { findSuspects } from '../../src/core/suspects/itemSuspects';
import { LiveProject } from '../../src/engine/liveProject';
import { Looking } from '../../src/engine/looking/looking';
import { Suspecting } from '../../src/engine/looking/suspecting';
import { quickModel } from '../support/cli';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-reading-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** Each piece is a turn of its own, and something happens before the next. */
class Between implements Turns {
  readonly ms = 0;
  happens: () => Promise<void> = () => Promise.resolve();
  turns = 0;
  now = (): number => 0;
  next = (): Promise<void> => {
    this.turns++;
    return this.happens();
  };
}

async function opened(turns?: Turns): Promise<LiveProject> {
  const project = new LiveProject(root, () => ({}), {}, path.join(folder, 'cache'), turns);
  await project.take(await project.read());
  return project;
}

/** The same as another that was opened only now, and compared with the same run. */
async function expectAsNew(project: LiveProject): Promise<void> {
  const other = await opened();
  await other.take(await other.readCompared(project.earlier?.record.run ?? null));
  expect(stateOf(project)).toEqual(stateOf(other));
}

/** One answer, as the engine makes it: on disk, and in what stands. */
async function answer(project: LiveProject, row: number): Promise<void> {
  const { catalog, reader, folder: own } = project;
  const { sample, predicted, value } = catalog.item(row);
  const other = project.dataset.findings[0]?.values.find((name) => name !== value) ?? null;
  const edit = {
    op: 'set',
    sample,
    finding: 'class',
    value: predicted === value ? other : predicted,
  } as const;
  const annotator = { name: 'Ann', role: 'reader' } as const;
  const events = await appendEdits(root, annotator, [edit], () => value, { reader, folder: own });
  await project.takeUpLabels(events.length);
}

/** All but the suspects, who are those of the labels at the time when a run was judged. */
const stateOf = ({ catalog, labels }: LiveProject): unknown => ({
  items: Array.from({ length: catalog.items }, (_, row) => {
    const { suggested: _suggested, ...item } = catalog.item(row);
    return item;
  }),
  counts: splits.map((split) => ({ ...catalog.queueCounts([split]), suspects: null })),
  groups: catalog.groups(),
  edited: catalog.editedSinceRun(),
  events: labels.table.count,
});

describe('a project that is read while it is edited', () => {
  it('has every edit once when its new run stands', async () => {
    const turns = new Between();
    const project = await opened(turns);
    await commandJson(['finetune', root, ...quickModel, '--name', 'second']);
    let row = 0;
    turns.turns = 0;
    turns.happens = () => answer(project, row++);
    const before = project.run?.record.run;
    const read = await project.read();
    expect(turns.turns).toBeGreaterThan(5);
    // Until it is taken what stood goes on to stand, with the edits in it.
    expect(project.run?.record.run).toBe(before);
    expect(project.labels.table.count).toBe(row);
    expect(project.catalog.item(0).edited).toBe(true);
    turns.happens = () => Promise.resolve();
    expect(await project.take(read)).toContain('runs');
    expect(project.run?.record.run).toMatch(/-second$/);
    await expectAsNew(project);
  });

  it('stands by the labels that are there where their files were rewritten meanwhile', async () => {
    const turns = new Between();
    const project = await opened(turns);
    await answer(project, 30);
    await commandJson(['finetune', root, ...quickModel, '--name', 'third']);
    const read = await project.read();
    const [file] = (await fs.readdir(path.join(root, 'labels'))).filter((name) => name.endsWith('.jsonl'));
    const log = path.join(root, 'labels', file ?? '');
    const lines = (await fs.readFile(log, 'utf8')).trimEnd().split('\n');
    await fs.rm(log);
    await fs.writeFile(log, `${lines.slice(1).join('\n')}\n`);
    await project.take(read);
    expect(project.run?.record.run).toMatch(/-third$/);
    expect(project.labels.table.count).toBe(lines.length - 1);
    await expectAsNew(project);
  });

  it('is compared with another run by the labels as they are when that stands', async () => {
    const turns = new Between();
    const project = await opened(turns);
    let row = 20;
    turns.happens = () => answer(project, row++);
    const read = await project.readCompared(null);
    turns.happens = () => Promise.resolve();
    await project.take(read);
    expect(row).toBeGreaterThan(25);
    expect(project.earlier).toBeUndefined();
    await expectAsNew(project);
  });

  it('goes by a live refit with the edits that came while its catalog was built, and by its run again', async () => {
    const turns = new Between();
    const project = await opened(turns);
    const { predictions } = project.run ?? expect.fail('there is a run');
    const probabilities = predictions.probabilities.map((p) => (p + 1) / 4);
    let row = 10;
    turns.happens = () => answer(project, row++);
    const live = await project.buildLive({ ...predictions, probabilities });
    expect(project.isLive).toBe(false);
    expect(project.predictLive(live)).toBe(true);
    expect(project.isLive).toBe(true);
    expect(row).toBeGreaterThan(15);
    for (let other = 10; other < row; other++) expect(project.catalog.item(other).edited).toBe(true);
    expect(project.catalog.item(20).p).toBe(probabilities[pAt(project, 20)]);
    // What stands is another by now: what was built of it is not taken.
    const late = await project.buildLive({ ...predictions, probabilities });
    turns.happens = () => Promise.resolve();
    await commandJson(['finetune', root, ...quickModel, '--name', 'fourth']);
    await project.take(await project.read());
    expect(project.predictLive(late)).toBe(false);
    expect(project.isLive).toBe(false);
    await expectAsNew(project);
  });
});

describe('suspected labels that are found while another view comes to stand', () => {
  it('are taken over of the items that stand then, without being found again', async () => {
    const project = await opened();
    const run = project.run ?? expect.fail('there is a run');
    const { labels, assignment } = project;
    const found = findSuspects(labels, assignment, run.predictions);
    let asked = 0;
    const looking = new Looking();
    Object.defineProperty(looking, 'rpc', {
      value: {
        call: async () => {
          asked++;
          project.predictLive(await project.buildLive(run.predictions));
          return found;
        },
      },
    });
    const told = vi.fn();
    const suspecting = new Suspecting(project, looking, {
      inTurn: (work) => Promise.resolve(work()),
      isBlind: () => false,
      tell: told,
      warn: (message) => expect.fail(message),
    });
    suspecting.wanted();
    await vi.waitFor(() => expect(suspecting.state).toMatchObject({ busy: false, byRun: false }));
    expect(asked).toBe(1);
    expect(project.labels).not.toBe(labels);
    const [suspect] = found.items;
    expect(project.catalog.item(suspect ?? expect.fail('there are suspects')).suggested).toBeDefined();
  });
});

/** Where the probability of an item's predicted class stands. */
function pAt({ catalog, run }: LiveProject, row: number): number {
  const outputs = run?.record.outputs ?? [];
  return row * outputs.length + outputs.indexOf(catalog.item(row).predicted ?? '');
}
