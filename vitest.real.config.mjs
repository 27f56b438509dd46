// Public tables in full and the field trials, where they are at hand beside the checkout (npm run test:real).
import { defineConfig } from 'vitest/config';
import core from './vitest.config.mjs';

export default defineConfig({
  test: { ...core.test, include: ['test/**/*.real.test.ts'], exclude: [], maxWorkers: 2 },
});
