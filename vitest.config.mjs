// The rooms of core, by themselves, in plain Node (npm run test:core).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { fileOrder } from './scripts/test/fileOrder.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/{charts,core,lint,protocol,manifest,webview-ui}/**/*.test.ts'],
    // The browser, real data and whatever starts programs have layers of their own.
    exclude: ['**/*.{browser,real,process}.test.ts'],
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
          'weights/hub',
          'sweeps/sweep',
          'comparisons/compare',
          'backbones/halfPrecision',
          'trainers/imported',
          'review/catalog',
        ],
        ...['onnxClassifier/fuzz', 'dicom/fuzz', 'intake/publicLayouts'],
        // Of the programs' layer.
        ...[
          'lint/again',
          'jobs/jobs',
          'weights/packageIndex',
          'review/filter',
          'labels/log',
          'features/kill',
        ],
      ]),
    },
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
