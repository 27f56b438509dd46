/**
 * The engine process: forked by the extension host, one per window. It serves `EngineMethods` over the fork's
 * IPC channel; stdout and stderr are the log of whatever native code prints.
 */
import { OverreadError } from '../core/base/errors';
import { asFileSystemError } from '../core/base/fileSystemErrors';
import { endNow, endWithParent, tellParent } from '../core/base/lifeline';
import { inTurns, ownTurns, type Pieces } from '../core/base/pieces';
import { prepareConfigCheck } from '../core/config/configText';
import { preparingRunReaders } from '../core/runs/runJson';
import type { EngineEvents, EngineMethods, ErrorReport } from '../protocol/engineApi';
import { Rpc, type Channel } from '../protocol/rpc';
import { Engine } from './engine';

/** Time that work under way has to end in order when the window is gone, ms. */
const orderlyEndMs = 500;

endWithParent(2 * orderlyEndMs);
// Signals have their default effect, at once, also while this thread is busy: packages' handlers are taken off.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);

const env = { ...process.env };
delete process.env['ELECTRON_RUN_AS_NODE'];
delete env['ELECTRON_RUN_AS_NODE'];

const channel: Channel = {
  post: tellParent,
  schedule: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

const engine = new Engine({
  env,
  emit: (event, payload) => rpc.emit(event, payload),
});

const rpc = new Rpc<EngineMethods, Record<string, never>, EngineEvents, Record<string, never>>(channel, {
  methods: engine.methods,
  describeError,
  onUnknown: (what) => rpc.emit('log', { level: 'warn', message: `The engine ignored ${what}` }),
});

process.on('message', (message) => rpc.receive(message));
// Before anybody has a project open: later an edit would wait for it.
void ownTurns.next().then(() => inTurns(preparing()));
// The window is gone: every acknowledged edit is on disk. What is being written may still end in order, so that no
// lock is left; an ordinary exit would wait for whatever is stuck.
process.on('disconnect', () => {
  setTimeout(endNow, orderlyEndMs);
  void engine.settled().then(endNow);
});

process.on('unhandledRejection', (reason) => {
  rpc.emit('log', {
    level: 'error',
    message: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
  });
});

/** What every project is read by, each of which is made in some tens of milliseconds. */
function* preparing(): Pieces<void> {
  prepareConfigCheck();
  yield;
  yield* preparingRunReaders();
}

function describeError(thrown: unknown): ErrorReport {
  const error = asFileSystemError(thrown);
  if (error instanceof OverreadError) {
    return { ...error.toJSON(), message: error.message };
  }
  rpc.emit('log', {
    level: 'error',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return { code: 'OVR004', message: 'Unexpected failure in the engine; see the log' };
}
