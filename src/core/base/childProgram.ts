/** Programs of our own that run beside this one, for work that data can prolong: they can be killed. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { lifelineFd, lifelineVariable } from './lifeline';

export type { ChildProcess };

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Instead of this process's own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** The child has this process's standard streams; else only what it prints goes to the error stream. */
  readonly inheritStreams?: boolean;
}

/**
 * Starts a built program with a channel of messages (structured clones) and a lifeline: it ends when this process
 * does, if it calls `endWithParent` first.
 */
export function forkProgram(file: string, options: ChildOptions = {}): ChildProcess {
  const streams =
    options.inheritStreams === true ? (['inherit', 'inherit'] as const) : (['ignore', 2] as const);
  const child = fork(file, options.args ?? [], {
    env: {
      ...(options.env ?? process.env),
      [lifelineVariable]: String(lifelineFd),
      ...electronAsNode(),
    },
    serialization: 'advanced',
    stdio: [streams[0], streams[1], options.inheritStreams === true ? 'inherit' : 2, 'ipc', 'pipe'],
  });
  // A child that was killed closes its end first.
  child.stdio[lifelineFd]?.on('error', () => undefined);
  return child;
}

/** What is smaller is kept and used again: pixels of an image of 512 px, not those of a whole film. */
const keptAllocation = 4 * 2 ** 20;
const keptInAll = 64 * 2 ** 20;

/**
 * The environment of a program that decodes images. libvips works in libuv's pool, which has four threads unless its
 * size is said before the program starts; and glibc gives memory back to the system with every image, for which all threads
 * of the process wait.
 */
export function withDecoders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())),
    MALLOC_MMAP_THRESHOLD_: String(keptAllocation),
    MALLOC_TRIM_THRESHOLD_: String(keptInAll),
    ...env,
  };
}

/** From now on this process may end although the child runs, which then ends too. */
export function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  lifelineOf(child)?.unref();
}

/** Takes `letGo` back. */
export function takeBack(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
  lifelineOf(child)?.ref();
}

function lifelineOf(child: ChildProcess): Socket | undefined {
  const stream = child.stdio[lifelineFd];
  return stream instanceof Socket ? stream : undefined;
}

/**
 * Starts a built program that outlives this process: in a session of its own, with nothing of this one but a file
 * for what it prints. Resolves when it was started.
 * @param options.output the descriptor of that file
 * @throws what the system says where it cannot be started
 */
export function startDetached(
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly output: number },
): Promise<void> {
  const { env, cwd, output } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      env: { ...env, ...electronAsNode() },
    });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

/** Inside the editor this program is Electron, which is Node only when it is told so. */
function electronAsNode(): NodeJS.ProcessEnv {
  return process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}
