// The pages in Chromium, over the engine's own review (npm run test:page).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { fileOrder } from './scripts/test/fileOrder.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/webview-ui/**/*.browser.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A worker has one browser, bundles the pages once and keeps what it loaded.
    isolate: false,
    execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64'],
    // A page waits for its engine, for frames and for what is polled.
    maxWorkers: 3,
    sequence: {
      sequencer: fileOrder(['grid.browser', 'heatmaps.browser', 'matrix.browser', 'read.browser']),
    },
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
