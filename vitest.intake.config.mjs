// What becomes of whatever people have (npm run test:intake), as a table. These tests are part of test:core and test:real.
import { defineConfig } from 'vitest/config';
import { IntakeTable } from './scripts/test/intakeTable.mjs';
import core from './vitest.config.mjs';

export default defineConfig({
  test: {
    ...core.test,
    include: ['test/core/intake/**/*.test.ts'],
    exclude: [],
    reporters: ['default', new IntakeTable()],
  },
});
