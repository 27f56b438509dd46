/** Runs in the page before it: plays VS Code and the extension host over a made-up run. */
import {
  checkedRunPageMethods,
  type RunPageMethods,
  type RunPageStart,
} from '../../../src/protocol/runPageApi';
import type { OperatingTarget } from '../../../src/core/config/model';
import { madeUpRun } from '../../support/madeUpRun';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);
const has = (name: string): boolean => url.searchParams.get(name) === '1';
const run = madeUpRun({
  outputs: Number(url.searchParams.get('outputs') ?? 3),
  few: has('few'),
  empty: has('empty'),
  hostile: has('hostile'),
  multiLabel: has('multiLabel'),
  prevalence: has('prevalence'),
});

const start = (test: boolean): RunPageStart => ({
  root: '/project',
  project: 'A project',
  analysis: run.analysis(test, false),
  weights: { name: 'densenet121.in1k', random: has('random') },
  created: '2026-11-23T08:15:00.123Z',
  whyNoGuarantee: test || has('spent') ? 'The test part has been looked at once' : null,
  testLooks: test ? 1 : 0,
  trusted: !has('untrusted'),
  language: 'en',
});

const handlersOf = (note: NoteCall): RunPageMethods => ({
  ready: async (test) => {
    if (has('fails')) throw Object.assign(new Error('No run is named "gone"'), { code: 'OVR800' });
    if (test) await note('ready', test);
    return start(test);
  },
  bands: (test) => Promise.resolve(run.analysis(test, !has('slow'))),
  thresholds: () => Promise.resolve(run.thresholds()),
  tryTarget: async (output, target: OperatingTarget, test) => {
    await note('tryTarget', output, target);
    return run.tryTarget(output, target, test);
  },
  showChanged: async (output, threshold) => {
    await note('showChanged', output, threshold);
    return '7 images are in the review grid.';
  },
  keepTarget: async (output, target) => {
    await note('keepTarget', output, target);
    return target === null
      ? `${output} has no target in overread.yaml any more`
      : `operating_points in overread.yaml: ${output}`;
  },
  guarantee: async (asked) => {
    await note('guarantee', asked);
    return run.guarantee(asked);
  },
  report: () => note('report'),
  log: (message) => note('log', message),
});

playHost('runHarness', (note) => checkedRunPageMethods(handlersOf(note)));
