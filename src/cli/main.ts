#!/usr/bin/env node
/**
 * The `overread` command. This program only listens: what the command says is done by another (work.ts), so that
 * Ctrl+C is heard whatever data, native code or a stalled disk keep that one from hearing.
 */
import * as os from 'node:os';
import * as path from 'node:path';
import { forkProgram, withDecoders } from '../core/base/childProgram';
import { exitCodes } from '../core/base/errors';
import type { CancelMessage, DoneMessage } from './workMessages';

/** A second Ctrl+C ends everything; what npm passes on of the same key press, moments later, is no second one. */
const samePressMs = 150;
/** Who ends a task or closes a terminal does not ask twice. */
const orderlyEndMs = 1500;
/** A command that is done ends by itself, unless a read that nobody waits for is stuck. */
const lingerMs = 2000;
/** After so long a person is told about the second Ctrl+C. */
const hintMs = 1000;

const work = forkProgram(path.join(__dirname, 'cliWork.js'), {
  args: process.argv.slice(2),
  env: withDecoders(process.env),
  inheritStreams: true,
});
let firstSignal = -Infinity;
let exitCode: number | undefined;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (firstSignal === -Infinity) cancelInOrder(name);
    else if (Date.now() - firstSignal >= samePressMs) end(exitCodes.cancelled);
  });
}

work.on('message', (message) => {
  // Nobody follows it here, so the only message is that the command is done.
  exitCode = (message as DoneMessage).exitCode;
  setTimeout(() => end(exitCode), lingerMs).unref();
});
work.on('error', (error) => {
  process.stderr.write(`overread cannot start its second program: ${error.message}\n`);
  process.exitCode = exitCodes.environment;
});
work.on('exit', (code, signal) => {
  process.exit(exitCode ?? code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
});

function cancelInOrder(name: NodeJS.Signals): void {
  firstSignal = Date.now();
  if (work.connected) work.send({ cancel: name } satisfies CancelMessage, () => undefined);
  if (name !== 'SIGINT') setTimeout(() => end(exitCodes.cancelled), orderlyEndMs);
  else if (process.stderr.isTTY) {
    setTimeout(
      () => process.stderr.write('\nCancelling. Press Ctrl+C again to end at once.\n'),
      hintMs,
    ).unref();
  }
}

/** Kills the work, with all that it started, and ends. */
function end(code: number | undefined): void {
  exitCode = code;
  work.kill('SIGKILL');
  // A process in an uninterruptible read of a disk ends only when the disk answers; nobody waits for that.
  setTimeout(() => process.exit(code), 300);
}
