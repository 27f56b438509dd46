/** One run of the engine: a forked Node process and the RPC over its IPC channel. */
import { fork, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import type { EngineEvents, EngineMethods, ErrorReport } from '../../protocol/engineApi';
import { Rpc, type MethodsOf } from '../../protocol/rpc';
import type { Disposable } from '../disposables';
import { childEnvironment, splitLines } from '../nodeProgram';

/** The engine asks nothing of the host. */
type HostMethods = object;
type HostEvents = object;

export interface EngineProcessEvents {
  onEvent<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void;
  /** What the engine or a native library printed, line by line. */
  onOutput(line: string): void;
  /** It ended without being asked to. */
  onDied(how: string): void;
}

/** A call that takes longer is taken for lost. Reading 112,120 rows for the first time takes seconds. */
const callLimitMs = 5 * 60_000;
/** The engine ends when this pipe does, that is with this process, however it ends (core/base/lifeline.ts). */
const lifeline = { fd: 4, variable: 'OVERREAD_LIFELINE' };
/** After its channel is closed the engine has this long to end by itself. */
const graceMs = 3000;

export class EngineProcess implements Disposable {
  private readonly child: ChildProcess;
  private readonly rpc: Rpc<HostMethods, MethodsOf<EngineMethods>, HostEvents, EngineEvents>;
  private state: 'running' | 'ending' | 'dead' = 'running';

  /** @param file `dist/engine.js` */
  constructor(
    file: string,
    private readonly events: EngineProcessEvents,
  ) {
    this.child = fork(file, [], {
      // Not the folder that VS Code was started in, which may be the workspace: Windows looks there for libraries.
      cwd: path.dirname(file),
      execPath: process.execPath,
      execArgv: [],
      env: { ...childEnvironment(process.env), [lifeline.variable]: String(lifeline.fd) },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    this.rpc = new Rpc(
      {
        post: (message) => {
          this.child.send(message, (error) => {
            if (error) this.died(error.message);
          });
        },
        schedule: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      {
        methods: {},
        describeError: (error) => ({ code: 'OVR004', message: String(error) }),
        onEvent: (event, payload) => {
          this.events.onEvent(event, payload);
        },
        onUnknown: (what) => {
          this.events.onOutput(`unknown message: ${what}`);
        },
        timeoutMs: callLimitMs,
      },
    );
    this.child.stdio[lifeline.fd]?.on('error', () => undefined);
    this.child.on('message', (message) => {
      this.rpc.receive(message);
    });
    this.child.on('error', (error) => {
      this.died(error.message);
    });
    this.child.on('exit', (code, signal) => {
      this.died(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
    splitLines(this.child.stdout, (line) => {
      this.events.onOutput(line);
    });
    splitLines(this.child.stderr, (line) => {
      this.events.onOutput(line);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Calls a method of the engine. Rejects with `RemoteError`. */
  get call(): Rpc<HostMethods, MethodsOf<EngineMethods>, HostEvents, EngineEvents>['call'] {
    return this.rpc.call.bind(this.rpc);
  }

  /** Closes the channel, which ends the engine; kills it where it does not. */
  dispose(): void {
    if (this.state !== 'running') return;
    this.state = 'ending';
    this.rpc.close(engineGone('was stopped'));
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    timer.unref();
    this.child.once('exit', () => clearTimeout(timer));
  }

  private died(how: string): void {
    if (this.state === 'dead') return;
    const asked = this.state === 'ending';
    this.state = 'dead';
    this.rpc.close(engineGone(`ended (${how})`));
    if (!asked) {
      this.child.kill('SIGKILL');
      this.events.onDied(how);
    }
  }
}

function engineGone(what: string): ErrorReport {
  return {
    code: 'OVR004',
    message: `The engine ${what}`,
    fix: 'Try again; every acknowledged label edit is on disk',
  };
}
