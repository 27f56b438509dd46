// Tests of the built programs that take longer than a unit test may: kill -9 and bad input. Run through
// `npm run test:kill` and `npm run test:bad-input`.
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/{kill,bad-input}/**/*.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
