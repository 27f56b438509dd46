/** A fit that was begun ahead is the fit that is asked for, or none at all. */
import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { FitAhead } from '../../../src/core/training/fitAhead';
import { fitHead, type FitProblem } from '../../../src/core/training/fitHead';
import { drawMultiClass, drawMultiLabel } from './drawProblem';

/** The same content in other arrays, as it comes from reading it again. */
const readAgain = (problem: FitProblem): FitProblem => ({
  ...structuredClone(problem),
  settings: { ...problem.settings },
});

async function notesOf(ahead: FitAhead, problem: FitProblem): Promise<string[]> {
  const notes: string[] = [];
  const log = { info: (line: string) => notes.push(line), warn: (line: string) => notes.push(line) };
  await ahead.fit({ ...problem, log });
  return notes;
}

describe('a fit ahead', () => {
  it.each([drawMultiClass(60, 8, 3), drawMultiLabel(60, 8, 2)])(
    'is that of fitHead, $targets.task',
    async (problem) => {
      const ahead = new FitAhead();
      await ahead.begin(problem);
      const made = await ahead.fit(readAgain(problem));
      expect(made).toEqual(await fitHead(problem));
      // Not fitted anew, nor the next time.
      expect(await ahead.fit(readAgain(problem))).toBe(made);
      expect(await notesOf(ahead, problem)).toEqual(['last layer: fitted since the last edit']);
    },
  );

  it('is waited for where it still goes on', async () => {
    const problem = drawMultiClass(60, 8, 3);
    const ahead = new FitAhead();
    const begun = ahead.begin(problem);
    const made = await ahead.fit(readAgain(problem));
    await begun;
    expect(await ahead.fit(problem)).toBe(made);
  });

  const others: Record<string, (problem: FitProblem) => FitProblem> = {
    'a label': (problem) => {
      problem.targets.y[5] = problem.targets.y[5] === 0 ? 1 : 0;
      return problem;
    },
    'a feature': (problem) => {
      problem.features[17]! += 0.5;
      return problem;
    },
    'an image without features': (problem) => {
      problem.present[9] = 0;
      return problem;
    },
    'a fold': (problem) => {
      problem.fold[4] = (problem.fold[4]! + 1) % 3;
      return problem;
    },
    'a patient': (problem) => ({
      ...problem,
      groups: problem.groups.map((one, i) => (i === 3 ? 'p4' : one)),
    }),
    'the strengths': (problem) => ({ ...problem, settings: { ...problem.settings, C: [0.2] } }),
    'class weights': (problem) => ({ ...problem, settings: { ...problem.settings, classWeights: true } }),
    'the order of classes': (problem) => ({
      ...problem,
      targets: { ...problem.targets, outputs: problem.targets.outputs.toReversed() },
    }),
  };
  it.each(Object.keys(others))('is not taken where %s is another', async (what) => {
    const problem = drawMultiClass(60, 8, 3);
    const ahead = new FitAhead();
    await ahead.begin(problem);
    const other = others[what]!(readAgain(problem));
    expect(await notesOf(ahead, other)).toEqual([]);
    expect(await ahead.fit(other)).toEqual(await fitHead(other));
  });

  it('gives up what goes on for another problem, and fits that', async () => {
    const [first, second] = [drawMultiClass(90, 12, 3), drawMultiClass(90, 12, 3, 2)];
    const ahead = new FitAhead();
    const begun = ahead.begin(first);
    expect(await ahead.fit(second)).toEqual(await fitHead(second));
    await begun;
    expect(await notesOf(ahead, first)).toEqual([]);
  });

  it('ends when who waits for it no longer does', async () => {
    const problem = drawMultiClass(90, 12, 3);
    const ahead = new FitAhead();
    const stop = new AbortController();
    const begun = ahead.begin(problem);
    const asked = ahead.fit({ ...problem, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'OVR002' });
    await begun;
    // What was given up is no result.
    expect(await ahead.fit(problem)).toEqual(await fitHead(problem));
  });

  it('leaves the fault to whoever asks', async () => {
    const problem = drawMultiClass(30, 4, 2);
    problem.targets.y.fill(0);
    const ahead = new FitAhead();
    await ahead.begin(problem);
    const fault = await ahead.fit(problem).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(OverreadError);
    expect(fault).toMatchObject({ code: 'OVR207' });
  });

  it('is not begun where it would take long', async () => {
    const problem = drawMultiClass(60, 8, 3);
    const strengths = Array.from({ length: 21_000 }, (_, i) => i + 1);
    const ahead = new FitAhead();
    expect(await ahead.begin({ ...problem, settings: { ...problem.settings, C: strengths } })).toBe(false);
    expect(await ahead.begin(problem)).toBe(true);
  });
});
