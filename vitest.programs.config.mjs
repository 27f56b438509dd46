// The command line and the engine, most of it in the test's process (npm run test:programs).
import { defineConfig } from 'vitest/config';
import core from './vitest.config.mjs';

export default defineConfig({
  test: { ...core.test, include: ['test/{cli,engine}/**/*.test.ts'] },
});
