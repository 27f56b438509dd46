// The command line and the engine, most of it in the test's process, and whatever else starts programs (npm run test:programs).
import { defineConfig } from 'vitest/config';
import core from './vitest.config.mjs';

export default defineConfig({
  test: {
    ...core.test,
    include: ['test/{cli,engine}/**/*.test.ts', 'test/**/*.process.test.ts'],
    exclude: ['**/*.real.test.ts'],
    // Each loads the command line and its native parts, which takes longer than what a third one would gain by the waits of two.
    maxWorkers: 2,
  },
});
