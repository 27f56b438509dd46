/** Runs in the page before it: plays VS Code and the extension host over a training of made-up figures. */
import { TrainingCurves } from '../../../src/core/trainers/torch/trainingCurves';
import {
  checkedTrainingMethods,
  type JobState,
  type TrainingMethods,
  type WatchedTraining,
} from '../../../src/protocol/trainingApi';
import { madeUpLines, madeUpPlan } from '../../support/madeUpTraining';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);
const has = (name: string): boolean => url.searchParams.get(name) === '1';
const number = (name: string, otherwise: number): number => Number(url.searchParams.get(name) ?? otherwise);
const made = {
  epochs: number('epochs', 12),
  folds: number('folds', 3),
  best: number('best', 8),
  gpu: has('gpu'),
};

/** The training after so many of its lines, and the job in that state. */
function watched(lines: number, state: JobState): WatchedTraining {
  const curves = new TrainingCurves();
  if (has('resumed')) {
    for (const line of madeUpLines({ ...made, lines: 9 })) curves.take(line);
  }
  if (lines > 0) curves.expect(madeUpPlan(made));
  const told = madeUpLines({ ...made, lines });
  for (const line of has('onlyLast') ? told.slice(0, 2) : told) curves.take(line);
  if (has('onlyLast')) curves.take({ stage: 'epoch', time: 1, phase: 'inner', epoch: 1, epochs: 1, C: 0.1 });
  const time = '2026-11-27T08:15:00.123Z';
  const hostile = '<img src=x onerror=alert(1)>';
  return {
    job: {
      ...{ job: '2026-11-27T081500.123Z-finetune', command: 'finetune', state, created: time, started: time },
      ended: state === 'running' || state === 'queued' ? null : time,
      exitCode: state === 'ended' ? 0 : state === 'failed' ? 4 : null,
      run: state === 'ended' ? '2026-11-27T091500.123Z-densenet121-last-block' : null,
      error:
        state === 'failed'
          ? {
              code: 'OVR703',
              message: `The memory of cuda:0 was full ${hostile}`,
              fix: 'Set a smaller batch',
            }
          : null,
      progress: { time, stage: 'features', done: 120, total: 690 },
      trains: true,
    },
    training: curves.report(),
  };
}

let current = watched(number('lines', 17), (url.searchParams.get('state') ?? 'running') as JobState);

const handlersOf = (note: NoteCall): TrainingMethods => ({
  ready: () => {
    if (has('fails')) throw Object.assign(new Error('No job is named "gone"'), { code: 'OVR807' });
    return Promise.resolve({
      root: '/project',
      name: has('hostile') ? '<img src=x onerror=alert(1)>' : 'A project',
      watched: current,
      trusted: !has('untrusted'),
      language: 'en',
    });
  },
  stop: async () => {
    await note('stop');
    if (has('stuck')) throw Object.assign(new Error('The disk is full'), { code: 'OVR003' });
    current = watched(number('lines', 17), 'cancelled');
    return current;
  },
  showRun: () => note('showRun'),
  log: (message) => note('log', message),
});

playHost('trainingHarness', (note) => checkedTrainingMethods(handlersOf(note)));
// What the host sends when the training has told more.
Object.assign(globalThis, { trainingAfter: watched });
