/** Whether something is more frequent inside a cohort than outside, where images of one patient are alike. */
import { twoSided } from './normal';

/**
 * Two-sided p value of "being inside has nothing to do with `event`": the generalised score test with clusters (Boos, The
 * American Statistician 46, 1992; Liang and Zeger, Biometrika 73, 1986). Its variance is taken where the null holds, so a
 * cohort without a single event is not called certain. Equal to statsmodels' GEE score test with independent working
 * correlation.
 *
 * @param inside 1 for entries of the cohort
 * @param event 1 where it happened
 * @param patient of each entry, numbered from 0
 * @returns NaN where all are inside, none is, or the event happens always or never
 */
export function scoreTest(inside: Uint8Array, event: Uint8Array, patient: Int32Array): number {
  const n = inside.length;
  let insides = 0;
  let events = 0;
  for (let i = 0; i < n; i++) {
    insides += inside[i]!;
    events += event[i]!;
  }
  if (insides === 0 || insides === n || events === 0 || events === n) return NaN;
  const meanInside = insides / n;
  const meanEvent = events / n;
  const ofPatient = new Map<number, number>();
  let score = 0;
  for (let i = 0; i < n; i++) {
    const own = (inside[i]! - meanInside) * (event[i]! - meanEvent);
    score += own;
    ofPatient.set(patient[i]!, (ofPatient.get(patient[i]!) ?? 0) + own);
  }
  let variance = 0;
  for (const own of ofPatient.values()) variance += own * own;
  return variance === 0 ? NaN : twoSided(score / Math.sqrt(variance));
}
