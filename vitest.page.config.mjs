// The pages in Chromium, over the engine's own review (npm run test:page).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';

export default defineConfig({
  test: {
    include: ['test/webview-ui/**/*.browser.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // A worker has one browser, bundles the pages once and keeps what it loaded.
    isolate: false,
    execArgv: ['--max-semi-space-size=64'],
    maxWorkers: 2,
    reporters: vitestReporters(),
  },
});
