/** The built engine, forked and called exactly as the extension host does it. */
import { fork, type ChildProcess } from 'node:child_process';
import type { EngineEvents, EngineMethods } from '../../src/protocol/engineApi';
import { Rpc, type Channel } from '../../src/protocol/rpc';
import { engineFile, testEnvironment } from './cli';

type None = Record<string, never>;

export interface ForkedEngine {
  readonly child: ChildProcess;
  readonly rpc: Rpc<None, EngineMethods, None, EngineEvents>;
  readonly exited: Promise<void>;
  /** Waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Forks `dist/engine.js`. An entry of `env` that is undefined is taken out of the environment. The engine is told that
 * the workspace is trusted, unless `trusted` is false: then it is told nothing, as before its host's first word.
 */
export function forkEngine(
  onEvent?: (event: keyof EngineEvents, payload: unknown) => void,
  place: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly trusted?: boolean } = {},
): ForkedEngine {
  const child = fork(engineFile, [], {
    ...(place.cwd === undefined ? {} : { cwd: place.cwd }),
    env: { ...testEnvironment(), OVERREAD_LIFELINE: '4', ...place.env },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
  });
  const channel: Channel = {
    post: (message) => void child.send(message, () => undefined),
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const rpc: ForkedEngine['rpc'] = new Rpc(channel, {
    methods: {},
    describeError: () => ({ code: 'OVR004', message: 'not served' }),
    ...(onEvent ? { onEvent } : {}),
  });
  child.on('message', (message) => rpc.receive(message));
  if (place.trusted !== false) {
    rpc.call('configure', { annotator: null, trusted: true, linkedFolders: [] }).catch(() => undefined);
  }
  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => {
      rpc.close({ code: 'OVR004', message: 'The engine ended' });
      resolve();
    });
  });
  return {
    child,
    rpc,
    exited,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await exited;
    },
  };
}
