/** Programs that a test starts, together with everything those start in turn; none outlives the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Every process inherits it, so a whole tree can be found even after its middle has died. */
const marker = 'OVERREAD_TEST_PROCESS';

export interface StartedProcess {
  readonly child: ChildProcess;
  readonly mark: string;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Ends the program and all that it started, also those in sessions of their own (terminals). */
  stop(): Promise<void>;
}

const running = new Set<StartedProcess>();

/** Starts a program as the head of a process group. */
export function startProcess(
  command: string,
  commandArguments: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; logFile?: string } = {},
): StartedProcess {
  const mark = randomUUID();
  const child = spawn(command, commandArguments, {
    cwd: options.cwd,
    env: { ...(options.env ?? process.env), [marker]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
      log?.write(text);
    });
  }
  child.on('error', (error) => {
    output += `${error.message}\n`;
  });
  const started: StartedProcess = {
    child,
    mark,
    output: () => output,
    stop: async () => {
      await stopTree(child, mark);
      log?.end();
      running.delete(started);
    },
  };
  running.add(started);
  return started;
}

/** The processes that carry `mark`, by /proc; empty where there is none (macOS, Windows). */
export function markedProcesses(mark: string): { pid: number; command: string }[] {
  if (process.platform !== 'linux') return [];
  const found = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'latin1').includes(`${marker}=${mark}`)) continue;
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      // A process that has ended and is not yet collected has no command line.
      if (command !== '') found.push({ pid: Number(entry), command });
    } catch {
      // It ended while we looked, or is another user's.
    }
  }
  return found;
}

/** Kills, as `kill -9` does, every process of the tree whose command line matches; gives how many there were. */
export function killMatching(mark: string, pattern: RegExp): number {
  return signalMatching(mark, pattern, 'SIGKILL');
}

/** Sends a signal to every process of the tree whose command line matches; gives how many there were. */
export function signalMatching(mark: string, pattern: RegExp, signal: NodeJS.Signals): number {
  const matching = markedProcesses(mark).filter(({ command }) => pattern.test(command));
  for (const { pid } of matching) killQuietly(pid, signal);
  return matching.length;
}

async function stopTree(child: ChildProcess, mark: string): Promise<void> {
  const group = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) killQuietly(process.platform === 'win32' ? child.pid : -child.pid, signal);
  };
  group('SIGTERM');
  for (
    let waited = 0;
    waited < 3000 && !(hasEnded(child) && markedProcesses(mark).length === 0);
    waited += 100
  ) {
    await sleep(100);
  }
  group('SIGKILL');
  killMatching(mark, /./);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

/** A test runner that is interrupted leaves nothing behind either. */
process.on('exit', () => {
  for (const { child, mark } of running) {
    if (child.pid !== undefined)
      killQuietly(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    killMatching(mark, /./);
  }
});
