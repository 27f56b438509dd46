// End-to-end tests: the packaged VSIX in real VS Code (npm run test:e2e).
import { defineConfig } from 'vitest/config';
import { vitestReporters } from './scripts/test/counts.mjs';
import { fileOrder } from './scripts/test/fileOrder.mjs';
import { moduleCache } from './scripts/test/moduleCache.mjs';
import { patience } from './scripts/test/patience.mjs';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: 'test/support/sharedVscode.ts',
    expect: { poll: { timeout: patience } },
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    experimental: moduleCache(),
    // A worker has one browser, in whose window its files open their folders.
    isolate: false,
    // One window waits for its editor while the other works.
    maxWorkers: 2,
    sequence: {
      // The second needs none of the samples that the first draws for others as well.
      sequencer: fileOrder(['loop', 'newProject', 'kill', 'tenTasks', 'findings', 'page', 'classes']),
    },
    reporters: vitestReporters(),
  },
});
