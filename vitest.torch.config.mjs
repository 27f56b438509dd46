// The PyTorch trainer end to end (npm run test:torch): real processes, real PyTorch, small networks.
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/torch/**/*.test.ts'],
    globalSetup: 'test/support/readyProjects.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Python takes the cores.
    maxWorkers: 1,
    isolate: false,
    experimental: moduleCache(),
    reporters: vitestReporters(),
  },
});
