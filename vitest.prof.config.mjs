import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';

export default defineConfig({
  test: {
    include: ['test/{charts,core,lint,protocol,cli,engine,manifest,webview-ui}/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // To load the engine's native parts anew for each file takes longer than most files.
    isolate: false, execArgv: ['--max-semi-space-size=64','--cpu-prof','--cpu-prof-dir=/tmp/prof','--cpu-prof-interval=5000'],
    maxWorkers: 2,
    reporters: vitestReporters(),
  },
});
