// The rooms of core, by themselves, in plain Node (npm run test:core).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { fileOrder } from './scripts/test/fileOrder.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/{charts,core,lint,protocol,manifest,webview-ui}/**/*.test.ts'],
    // The browser, the built programs and real data have layers of their own.
    exclude: ['**/*.{browser,real}.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    setupFiles: 'test/support/quickEquality.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // To load the engine's native parts anew for each file takes longer than most files.
    isolate: false,
    execArgv: [
      ...['--min-semi-space-size=64', '--max-semi-space-size=64'],
      // The layer is measured by the work of all cores: one thread collects, old objects later, and what runs for a moment is not optimised.
      ...['--single-threaded-gc', '--heap-growing-percent=1000', '--interrupt-budget=540672'],
    ],
    // Some of the tests wait, for processes, locks and servers that say nothing.
    maxWorkers: 3,
    sequence: {
      sequencer: fileOrder([
        ...[
          'images/jpegDecoder',
          'lint/again',
          'weights/hub',
          'jobs/jobs',
          'sweeps/sweep',
          'weights/packageIndex',
          'comparisons/compare',
          'backbones/halfPrecision',
          'trainers/imported',
          'review/catalog',
          'review/filterProcess',
        ],
        ...[
          'labels/logProcesses',
          'onnxClassifier/fuzz',
          'features/kill',
          'dicom/threads',
          'dicom/fuzz',
          'intake/publicLayouts',
        ],
      ]),
    },
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
