/** Whether correcting labels by the second reader helps on what that reader says of other patients. */
import { fitHead } from '../src/core/training/fitHead';
import type { BenchResult } from './result';
import { drawFolds, problemOf, type Films } from './suspectsData';
import { auroc, byPatient } from './suspectsFigures';

/** Corrects four folds by patient, scores on the reads of the fifth; the difference whatever it is. */
export async function correctAndScore(films: Films): Promise<BenchResult> {
  const given = films.films.map(({ label }) => label);
  const corrected = films.films.map(({ label, read }) => read ?? label);
  const outer = drawFolds(films.films, given, 900);
  const rows: { patient: string; positive: boolean; before: number; after: number }[] = [];
  for (let held = 0; held < 5; held++) {
    const inner = drawFolds(films.films, given, 901 + held).map((fold, i) => (outer[i] === held ? -1 : fold));
    const [before, after] = [
      await fitHead(problemOf(films, given, inner)),
      await fitHead(problemOf(films, corrected, inner)),
    ];
    films.films.forEach(({ patient, read }, i) => {
      if (outer[i] !== held || read === null) return;
      // Pneumonia against No_findings: Covid-19 has images of its own kind.
      const score = (p: Float64Array): number =>
        (p[i * 3 + 2] ?? 0) / ((p[i * 3 + 1] ?? 0) + (p[i * 3 + 2] ?? 0));
      rows.push({
        patient,
        positive: read === 2,
        before: score(before.probabilities),
        after: score(after.probabilities),
      });
    });
  }
  const of = (side: 'before' | 'after', some: typeof rows): number =>
    auroc(some.map((row) => ({ score: row[side], positive: row.positive })));
  const difference = byPatient(rows, (some) => of('after', [...some]) - of('before', [...some]));
  const detail = `AUROC on ${rows.length} reads ${of('before', rows).toFixed(3)} → ${of('after', rows).toFixed(3)}, difference ${difference.value.toFixed(3)} (${difference.low.toFixed(3)} to ${difference.high.toFixed(3)})`;
  return {
    checks: [{ name: 'corrected in four folds, scored on the fifth', verdict: 'pass', detail }],
    figures: {
      corrected: { reads: rows.length, before: of('before', rows), after: of('after', rows), difference },
    },
  };
}
