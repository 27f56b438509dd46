// Attacks on the built programs, one file for each kind (npm run test:attack).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { fileOrder } from './scripts/test/fileOrder.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/attack/**/*.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A worker keeps what it loaded for the next file, and collects less often: an eighth of the layer's time.
    isolate: false,
    execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64'],
    // Windows and engines mostly wait.
    maxWorkers: 4,
    sequence: {
      sequencer: fileOrder([
        ...['accident.browser', 'memory', 'locks', 'accident.window', 'outlives', 'featuresMemory'],
        ...[
          'restrictedMode',
          'interrupt',
          'plainFiles',
          'links',
          'fileSystem',
          'shippedCache',
          'filterFreeze',
        ],
      ]),
    },
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
