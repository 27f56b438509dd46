#!/usr/bin/env node
/** The `overread` command: builds the commands over this process and runs one. */
import { exitCodes } from '../core/base/errors';
import type { Surroundings } from './command';
import { parseAndRun } from './program';

const cancel = new AbortController();
let interrupts = 0;

// The first signal asks; the second does not wait. Correctness never depends on either.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interrupts += 1;
    cancel.abort();
    if (interrupts > 1) process.exit(exitCodes.cancelled);
  });
}

// A reader that closed the pipe (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
});

const env = { ...process.env };
// Set by the editor so that its own program runs as Node; nothing that we start may inherit it.
delete process.env['ELECTRON_RUN_AS_NODE'];
delete env['ELECTRON_RUN_AS_NODE'];

const surroundings: Surroundings = {
  env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: cancel.signal,
  exit: (code) => {
    process.exitCode = code;
  },
};

void parseAndRun(process.argv.slice(2), surroundings);
