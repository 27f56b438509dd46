import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';

export default defineConfig({
  test: {
    include: ['test/{charts,core,lint,protocol,cli,engine,manifest,webview-ui}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: vitestReporters(),
  },
});
