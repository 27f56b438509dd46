/** Confident learning at 112,120 × 14 beside cleanlab in one process, on the same drawn labels and probabilities. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { SplitMix32 } from '../src/core/base/random';
import { findingProblem } from '../src/core/suspects/multiLabel';
import { qualityOfImages } from '../src/core/suspects/multiLabel';
import { confidentCounts, wrongLabels } from '../src/core/suspects/prune';
import { checkBound, percentile, type BenchResult } from './result';

export const images = 112_120;
export const findings = 14;
const rounds = 5;

export function compareSpeed(): Promise<BenchResult> {
  const { y, p } = draw();
  let flagged = 0;
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const problems = Array.from({ length: findings }, (_, f) => findingProblem(y, p, findings, f));
    flagged = 0;
    for (const problem of problems) {
      for (const mark of wrongLabels(problem, {}, confidentCounts(problem))) flagged += mark;
    }
    qualityOfImages(problems, images, 'self_confidence');
    return (performance.now() - start) / 1000;
  });
  const ours = percentile(times, 0.5);
  const python = process.env['OVERREAD_PYTHON'];
  const theirs = python === undefined ? undefined : reference(python, y, p);
  const name = `suspects of ${images} × ${findings}, times faster than cleanlab`;
  const check =
    theirs === undefined
      ? ({
          name,
          verdict: 'skipped',
          detail: `${ours.toFixed(2)} s; OVERREAD_PYTHON names no Python with cleanlab`,
        } as const)
      : checkBound(name, theirs.seconds / ours, 'at least 3', theirs.seconds / ours >= 3);
  const same =
    theirs === undefined
      ? []
      : [
          checkBound(
            'labels called wrong',
            flagged,
            `${theirs.flagged} by cleanlab`,
            flagged === theirs.flagged,
          ),
        ];
  return Promise.resolve({
    checks: [check, ...same],
    figures: { suspects_112120x14_s: ours, cleanlab_s: theirs?.seconds ?? null, flagged },
  });
}

export function draw(): { readonly y: Int32Array; readonly p: Float64Array } {
  const random = new SplitMix32(7);
  const y = new Int32Array(images * findings);
  const p = new Float64Array(images * findings);
  for (let n = 0; n < y.length; n++) {
    const truth = random.uniform() < 0.02 + 0.01 * (n % findings) ? 1 : 0;
    y[n] = random.uniform() < 0.05 ? 1 - truth : truth;
    p[n] = 1 / (1 + Math.exp(-(random.normal() * 1.2 + 3 * truth - 2.2)));
  }
  return { y, p };
}

/** The same by cleanlab: seconds of the median round, and how many labels it calls wrong. */
function reference(
  python: string,
  y: Int32Array,
  p: Float64Array,
): { readonly seconds: number; readonly flagged: number } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-suspects-'));
  try {
    fs.writeFileSync(path.join(folder, 'y.i32'), new Uint8Array(y.buffer));
    fs.writeFileSync(path.join(folder, 'p.f64'), new Uint8Array(p.buffer));
    const args = ['bench/suspectsReference.py', folder, String(findings), String(rounds)];
    return JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as {
      seconds: number;
      flagged: number;
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
