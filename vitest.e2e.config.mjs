// End-to-end tests: the packaged VSIX in real VS Code, one window at a time (npm run test:e2e).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    expect: { poll: { timeout: patience } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
