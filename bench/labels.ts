/**
 * The label log when it is long (npm run bench:labels): one edit in a project of 1,000,000 events, from the command
 * line and in the engine, and a bulk edit of 200,000 items with its undo. Everything is made here and seeded.
 * OVERREAD_BENCH_BULK sets another number of items.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { monotonicFactory } from 'ulid';
import { runCli } from '../test/support/cli';
import { forkEngine, type ForkedEngine } from '../test/support/forkedEngine';
import { SplitMix32 } from '../src/core/base/random';
import { itemKey } from '../src/core/review/itemKey';
import { checkBound, percentile, writeResult } from './result';

/** NIH ChestX-ray14 has 112,120 images. */
const samples = 112_120;
/** For the bulk edit. */
const bulkSamples = 200_000;
const events = 1_000_000;
const bulk = Number(process.env['OVERREAD_BENCH_BULK'] ?? 200_000);
const classes = ['Covid-19', 'No_findings', 'Pneumonia'];
/** The one whom `testEnvironment` names, and a colleague. */
const people = [
  { name: 'Test Reader', file: 'test-reader.jsonl', share: 0.6 },
  { name: 'Bob', file: 'bob.jsonl', share: 0.4 },
];

async function main(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-labels-bench-'));
  try {
    const long = path.join(folder, 'long');
    const short = path.join(folder, 'short');
    await makeProject(long, samples);
    await makeProject(short, bulkSamples);
    const log_mb = await writeLog(long);
    const atCommand = await editsAtCommandLine(long, folder);
    const inEngine = await editsInEngine(long);
    const bulkEdit = await bulkInEngine(short);
    const afterBulk = await editsAtCommandLine(short, folder);
    const { edit_s, undo_s } = bulkEdit;
    writeResult('labels', {
      checks: [
        checkBound(
          'one edit at the command line, 1,000,000 events, median, s',
          atCommand.median_s,
          'under 2',
          atCommand.median_s < 2,
        ),
        checkBound('its peak memory, MB', atCommand.peak_mb, 'at most 500', atCommand.peak_mb <= 500),
        checkBound(
          'one edit in the engine, 1,000,000 events, median, ms',
          inEngine.edit_ms,
          'under 50',
          inEngine.edit_ms < 50,
        ),
        checkBound(`undo of ${bulk} items / their edit`, undo_s / edit_s, 'at most 1', undo_s <= edit_s),
      ],
      figures: {
        samples,
        events,
        bulk,
        log_mb,
        command_line: atCommand,
        engine: inEngine,
        bulk_edit: bulkEdit,
        command_line_after_bulk: afterBulk,
      },
    });
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

const sampleId = (k: number): string => `farm/${String(Math.floor(k / 1000)).padStart(3, '0')}/${k}.jpg`;

async function makeProject(root: string, images: number): Promise<void> {
  await fs.mkdir(path.join(root, 'labels'), { recursive: true });
  const rows = Array.from({ length: images }, (_, k) => `${sampleId(k)},${classes[k % 3]!},p${k >> 2}`);
  await fs.writeFile(path.join(root, 'samples.csv'), `path,label,patient\n${rows.join('\n')}\n`);
  const yaml = `version: 1\nname: bench\ndataset: { group: patient }\nlabels: { classes: [${classes.join(', ')}] }\n`;
  await fs.writeFile(path.join(root, 'overread.yaml'), yaml);
  // Makes the split.
  await edit(root, 0, {});
  await fs.rm(path.join(root, 'labels'), { recursive: true });
  await fs.mkdir(path.join(root, 'labels'));
}

/** Single answers from the grid, bulk edits of 500, and undos of both. @returns megabytes */
async function writeLog(root: string): Promise<number> {
  const random = new SplitMix32(8);
  let bytes = 0;
  for (const { name, file, share } of people) {
    const handle = await fs.open(path.join(root, 'labels', file), 'w');
    let time = Date.parse('2026-01-01T00:00:00.000Z');
    let batchOf: { batch: string; items: number[] } | undefined;
    for (let written = 0; written < events * share;) {
      const nextId = monotonicFactory();
      time += 1 + random.below(5000);
      const batch = nextId(time);
      const undo = batchOf !== undefined && random.uniform() < 0.05 ? batchOf : undefined;
      const size = random.uniform() < 0.004 ? 500 : 1;
      const items: number[] = undo?.items ?? Array.from({ length: size }, () => random.below(samples));
      const lines = items.map((item) => {
        const head = {
          v: 1,
          id: nextId(time),
          batch,
          time: new Date(time).toISOString(),
          annotator: name,
          role: 'reader',
        };
        if (undo)
          return { ...head, op: 'undo', sample: sampleId(item), finding: 'class', target: undo.batch };
        return {
          ...head,
          op: 'set',
          sample: sampleId(item),
          finding: 'class',
          value: classes[random.below(3)]!,
          previous: classes[item % 3]!,
          run: '2026-01-01T000000Z-densenet121',
          shown: { queue: 'errors', rank: random.below(5000), score: Number(random.uniform().toFixed(4)) },
          ms: 300 + random.below(5000),
        };
      });
      batchOf = undo ? undefined : { batch, items };
      written += lines.length;
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      bytes += text.length;
      await handle.write(text);
    }
    await handle.close();
  }
  return Math.round(bytes / 1e6);
}

async function edit(root: string, round: number, env: Readonly<Record<string, string>>): Promise<void> {
  const result = await runCli(['label', root, sampleId(7 + round), classes[round % 3]!], env);
  if (result.code !== 0) throw new Error(`overread label ended with ${result.code}:\n${result.stderr}`);
}

async function editsAtCommandLine(
  root: string,
  folder: string,
): Promise<{ readonly median_s: number; readonly rounds_s: readonly number[]; readonly peak_mb: number }> {
  // Each process says at its end how much memory it took at most; a command is two of them.
  const hook = path.join(folder, 'peak.cjs');
  const peaks = path.join(folder, 'peaks');
  const file = `${JSON.stringify(`${peaks}/`)} + process.pid`;
  const write = `require('fs').writeFileSync(${file}, String(process.resourceUsage().maxRSS))`;
  await fs.writeFile(hook, `process.on('exit', () => ${write});\n`);
  const seconds = [];
  let most = 0;
  for (let round = 0; round < 5; round++) {
    await fs.rm(peaks, { recursive: true, force: true });
    await fs.mkdir(peaks);
    const started = performance.now();
    await edit(root, round, { NODE_OPTIONS: `--require ${hook}` });
    seconds.push((performance.now() - started) / 1000);
    const names = await fs.readdir(peaks);
    const kilobytes = await Promise.all(
      names.map(async (name) => Number(await fs.readFile(path.join(peaks, name)))),
    );
    most = Math.max(most, kilobytes.reduce((sum, own) => sum + own, 0) / 1024);
  }
  return { median_s: percentile(seconds, 0.5), rounds_s: seconds, peak_mb: Math.round(most) };
}

/** The most memory that a process had, MB; NaN where the system does not say. */
function peakOf(engine: ForkedEngine): number {
  const file = `/proc/${engine.child.pid}/status`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(text)?.[1] ?? NaN) / 1024);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

const answer = (engine: ForkedEngine, root: string, k: number, value: string): Promise<unknown> =>
  engine.rpc.call('answer', root, { op: 'set', value, items: [itemKey(sampleId(k), 'class')], list: '' });

async function editsInEngine(root: string) {
  const engine = forkEngine();
  try {
    const open_s = await timed(() => engine.rpc.call('openProject', root));
    const seconds = [];
    for (let round = 0; round < 15; round++) {
      seconds.push(await timed(() => answer(engine, root, 100 + round, classes[(round + 1) % 3]!)));
    }
    const undo_s = await timed(() => engine.rpc.call('undo', root));
    // The first one makes what the others find made.
    return {
      open_s,
      first_ms: seconds[0]! * 1000,
      edit_ms: percentile(seconds.slice(1), 0.5) * 1000,
      undo_ms: undo_s * 1000,
      peak_mb: peakOf(engine),
    };
  } finally {
    await engine.kill();
  }
}

async function bulkInEngine(root: string) {
  const engine = forkEngine();
  try {
    await engine.rpc.call('openProject', root);
    const query = { queue: 'all', splits: [], sort: 'path', descending: false } as const;
    const { list } = await engine.rpc.call('query', root, query);
    const keys = (await engine.rpc.call('keys', list)).slice(0, bulk);
    const items = keys.length === bulkSamples ? ('all' as const) : keys;
    const edit_s = await timed(() =>
      engine.rpc.call('answer', root, { op: 'set', value: classes[1]!, items, list }),
    );
    const undo_s = await timed(() => engine.rpc.call('undo', root));
    const redo_s = await timed(() => engine.rpc.call('redo', root));
    const next_ms = 1000 * (await timed(() => answer(engine, root, 1, classes[0]!)));
    return { edit_s, undo_s, redo_s, next_ms, peak_mb: peakOf(engine) };
  } finally {
    await engine.kill();
  }
}

void main();
