/**
 * The last layer against scikit-learn (npm run bench:sklearn): A, on the Lite0 features of ../shared/data/cxr,
 * the same optimum; B, on synthetic 112,120 × 1,024 × 14, the same optimum in a third of the time.
 * OVERREAD_PYTHON names a Python with scikit-learn; without one, or with --only-a / --only-b, parts are skipped.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { compareOnXrays } from './sklearnXrays';
import { compareOnLargeProblem } from './sklearnLarge';
import { writeResult, type BenchResult, type Check } from './result';

const run = promisify(execFile);

/** Runs a command of bench/sklearnReference.py. */
export type Python = (command: string, folder: string) => Promise<void>;

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-sklearn-'));
  const checks: Check[] = [];
  const figures: Record<string, unknown> = {};
  try {
    const python = await findPython();
    const parts = [
      { name: 'optimum on real X-rays', flag: '--only-b', compare: compareOnXrays },
      { name: 'speed on 112,120 × 1,024 × 14', flag: '--only-a', compare: compareOnLargeProblem },
    ];
    for (const { name, flag, compare } of parts) {
      const left =
        typeof python === 'string' ? python : process.argv.includes(flag) ? `${flag} was given` : null;
      if (left !== null || typeof python === 'string') {
        checks.push({ name, verdict: 'skipped', detail: left ?? '' });
        continue;
      }
      const start = performance.now();
      const result: BenchResult = await compare(python, folder);
      checks.push(...result.checks);
      Object.assign(figures, result.figures);
      console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  writeResult('sklearn', { checks, figures });
}

/** The first Python that has scikit-learn, or why there is none. */
async function findPython(): Promise<Python | string> {
  const candidates = [process.env['OVERREAD_PYTHON'], 'python3', 'python'];
  for (const candidate of candidates) {
    if (candidate === undefined || candidate === '') continue;
    try {
      await run(candidate, ['-c', 'import sklearn, numpy, scipy']);
    } catch {
      continue;
    }
    return async (command, folder) => {
      await run(candidate, [path.join('bench', 'sklearnReference.py'), command, folder]);
    };
  }
  return 'no Python with scikit-learn: name one in OVERREAD_PYTHON';
}

void main();
