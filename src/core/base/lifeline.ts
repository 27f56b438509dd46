/**
 * Ends a process with the one that started it. A child holds one end of a pipe that nobody writes to; when
 * its parent is gone, however it went, the pipe ends. A thread of its own listens, since the child's main thread
 * may be in a loop or in native code for as long as some data make it, and kills: an ordinary exit waits for input
 * and output that are stuck.
 */
import { Worker } from 'node:worker_threads';

/** The pipe's number in the child: after the standard streams and the channel of messages. */
export const lifelineFd = 4;
/** Tells a child that it has a lifeline, and its number. */
export const lifelineVariable = 'OVERREAD_LIFELINE' as const;

const watch = `
const { Socket } = require('node:net');
const { workerData } = require('node:worker_threads');
const end = () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData.graceMs);
new Socket({ fd: workerData.fd, readable: true, writable: false }).on('error', () => {}).on('close', end).resume();
`;

/**
 * Ends this process when its parent is gone. Does nothing in a process that was started without a lifeline.
 * @param graceMs milliseconds in which the main thread may end by itself
 */
export function endWithParent(graceMs = 0): void {
  const fd = Number(process.env[lifelineVariable] ?? NaN);
  // What this process starts has no such pipe, or one of its own.
  delete process.env['OVERREAD_LIFELINE'];
  if (!Number.isInteger(fd)) return;
  const limits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };
  new Worker(watch, { eval: true, workerData: { fd, graceMs }, resourceLimits: limits }).unref();
}

/**
 * Sends to the process that started this one (structured clones). A parent that is gone takes no message: without a word, since
 * that it is gone is told by the lifeline and by `disconnect`, and a failed `send` would throw where nobody listens.
 */
export function tellParent(message: unknown): void {
  if (process.connected) process.send?.(message, () => undefined);
}

/** Ends this process now, whatever it is waiting for: nothing of it runs any more, nothing is flushed. */
export function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}
