// Every architecture against the values of its reference implementation (npm run test:golden).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';

export default defineConfig({
  test: {
    include: ['test/architectures/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
