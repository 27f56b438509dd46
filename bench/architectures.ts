/**
 * Every architecture beside PyTorch (npm run bench:architectures [-- --only NAME,NAME] [--rounds N]): images a second
 * and memory, on tensors in memory, batches of 8, drawn weights (their values do not change the time). Ours as
 * `overread finetune` runs it, several sessions side by side, for colour and for grey images, and as one session on
 * all cores; PyTorch's in channels-last under inference_mode, where OVERREAD_PYTHON names a Python that has it. The
 * two take turns, so that a machine that slows down slows both. Writes bench/architectures.md.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { architectureNames, getArchitecture } from '../src/core/networks';
import { costOfNetwork } from '../src/core/networks/build';
import { serveArchitecture, type OurFigures } from './architecturesOurs';
import { checkBound, percentile, writeResult, type Check } from './result';

interface Peer {
  readonly images_per_s: number;
  readonly memory_mb: number;
}

interface Row {
  readonly architecture: string;
  readonly parameters_m: number;
  readonly gmacs: number;
  readonly size: number;
  readonly lanes: number;
  readonly grey: number;
  readonly one_session: number;
  readonly memory_mb: number;
  readonly pytorch: number | null;
  readonly pytorch_memory_mb: number | null;
  /** Times the speed of PyTorch. */
  readonly ratio: number | null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      serve: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
    },
  });
  if (values.serve !== undefined) return serveArchitecture(values.serve);
  const names = values.only === undefined ? architectureNames : values.only.split(',');
  const rows: Row[] = [];
  for (const name of names) {
    const row = await measure(name, Number(values.rounds));
    console.log(JSON.stringify(row));
    rows.push(row);
    if (values.only === undefined) writeFileSync('bench/architectures.md', report(rows));
  }
  writeResult('architectures', { checks: rows.map(judge), figures: { rounds: Number(values.rounds), rows } });
}

async function measure(architecture: string, rounds: number): Promise<Row> {
  const ours = new Turns<OurFigures>(
    fork(process.argv[1]!, ['--serve', architecture], {
      execArgv: ['--expose-gc'],
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    }),
  );
  const python = process.env['OVERREAD_PYTHON'];
  const theirs =
    python === undefined
      ? null
      : new Turns<Peer>(
          spawn(python, [path.resolve('bench', 'architectures.py'), architecture], {
            stdio: ['pipe', 'pipe', 'inherit'],
          }),
        );
  // Neither measures while the other still builds its network.
  await ours.line();
  await theirs?.line();
  const found: OurFigures[] = [];
  const peers: Peer[] = [];
  for (let round = 0; round < rounds; round++) {
    if (theirs) peers.push(await theirs.take());
    found.push(await ours.take());
  }
  ours.end();
  theirs?.end();
  const median = (of: (figures: OurFigures) => number) => percentile(found.map(of), 0.5);
  const pytorch =
    peers.length === 0
      ? null
      : percentile(
          peers.map((peer) => peer.images_per_s),
          0.5,
        );
  const { preprocessing } = getArchitecture(architecture);
  const cost = costOfNetwork(getArchitecture(architecture), preprocessing.size);
  const lanes = median((figures) => figures.lanes);
  return {
    architecture,
    parameters_m: cost.parameters / 1e6,
    gmacs: cost.gmacs,
    size: preprocessing.size,
    lanes,
    grey: median((figures) => figures.grey),
    one_session: median((figures) => figures.one_session),
    memory_mb: found[0]!.memory_mb,
    pytorch,
    pytorch_memory_mb: peers[0]?.memory_mb ?? null,
    ratio: pytorch === null ? null : lanes / pytorch,
  };
}

/** A process that says when it is ready, then measures once for each line it is sent and answers in JSON. */
class Turns<T> {
  private readonly lines;

  constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  async take(): Promise<T> {
    this.child.stdin!.write('go\n');
    return JSON.parse(await this.line()) as T;
  }

  /** The next line; the first says that it is ready. */
  async line(): Promise<string> {
    const line = await this.lines.next();
    if (line.done === true) throw new Error('The measuring process ended');
    return line.value;
  }

  end(): void {
    this.child.stdin!.end();
  }
}

function judge(row: Row): Check {
  const name = `${row.architecture}: times the speed of PyTorch, channels-last`;
  if (row.ratio === null) {
    return { name, verdict: 'skipped', detail: 'OVERREAD_PYTHON names no Python with torch and timm' };
  }
  const detail = `above 1; ${row.lanes.toFixed(1)} against ${row.pytorch!.toFixed(1)} images/s`;
  return checkBound(name, row.ratio, detail, row.ratio > 1);
}

function report(rows: readonly Row[]): string {
  const one = (value: number | null) => (value === null ? '–' : value.toFixed(value < 100 ? 1 : 0));
  const lines = rows.map((row) =>
    [
      `\`${row.architecture}\``,
      row.size,
      row.parameters_m.toFixed(1),
      row.gmacs.toFixed(2),
      one(row.lanes),
      one(row.grey),
      one(row.one_session),
      one(row.pytorch),
      row.ratio === null ? '–' : `${row.ratio.toFixed(2)} ×`,
      one(row.memory_mb),
      one(row.pytorch_memory_mb),
    ].join(' | '),
  );
  return [
    '# Every architecture beside PyTorch',
    '',
    'Written by `npm run bench:architectures`. Images a second on tensors in memory, batches of 8, median of the',
    'rounds, in which the two take turns. _Colour_ and _grey_ are several sessions side by side, as features are',
    'computed; _one session_ is what a plain call of ONNX Runtime gives. PyTorch runs eagerly in channels-last under',
    '`inference_mode` on all cores. Memory is what the process holds while it computes, weights and runtime included.',
    '',
    '| architecture | px | parameters, M | GMACs | colour | grey | one session | PyTorch | colour : PyTorch | MB | PyTorch, MB |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

void main();
