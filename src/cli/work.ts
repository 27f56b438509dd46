/** The program that does what a command line says, beside the one that listens (main.ts), which can kill it. */
import { createInterface } from 'node:readline/promises';
import { exitCodes } from '../core/base/errors';
import { endWithParent, tellParent } from '../core/base/lifeline';
import type { Follower, Surroundings } from './command';
import { followedVariable, jobVariable, type CancelMessage, type WorkMessage } from './workMessages';
import { parseAndRun } from './program';

endWithParent();

const cancel = new AbortController();
// Ctrl+C reaches every process of the terminal; what it means here is the listening program's to say.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
let cancelledBy: NodeJS.Signals | undefined;
process.on('message', (message) => {
  cancelledBy ??= (message as CancelMessage).cancel;
  cancel.abort();
});
// Listening alone keeps nothing running.
process.channel?.unref();

function send(message: WorkMessage): void {
  tellParent(message);
}

/** The command is done; should a read that nobody waits for hold this process up, the other one ends it. */
function tell(exitCode: number): void {
  send({ exitCode });
}

function leave(exitCode: number): void {
  tell(exitCode);
  process.exit(exitCode);
}

// A reader that closed the pipe (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') leave(exitCodes.done);
});

// Node would end with 1, which says "findings": whatever nobody waited for is a defect.
process.on('unhandledRejection', (reason) => {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  process.stderr.write(`overread: unexpected failure; please report it with the lines below.\n${text}\n`);
  leave(exitCodes.defect);
});

/** Progress is told to a follower at most this often within a stage. */
const tellMs = 200;
let [toldAt, toldStage] = [0, ''];
/** A job's own process wants to know more than the exit code. */
const follower: Follower = {
  progress: (progress) => {
    const finished = progress.total !== undefined && progress.done >= progress.total;
    const now = performance.now();
    if (!finished && progress.stage === toldStage && now - toldAt < tellMs) return;
    [toldAt, toldStage] = [now, progress.stage];
    send({ progress });
  },
  ended: (outcome) => {
    send({ outcome });
  },
};
const isFollowed = process.env[followedVariable] !== undefined;
const job = process.env[jobVariable];
// What this process starts is neither.
delete process.env['OVERREAD_FOLLOWED'];
delete process.env['OVERREAD_JOB'];

const env = { ...process.env };
// Set by the editor so that its own program runs as Node; nothing that we start may inherit it.
delete process.env['ELECTRON_RUN_AS_NODE'];
delete env['ELECTRON_RUN_AS_NODE'];

/** Enter is yes. @throws when the command is cancelled */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [Y/n] `, { signal: cancel.signal });
    return !/^\s*n/i.test(answer);
  } finally {
    terminal.close();
  }
}

const surroundings: Surroundings = {
  env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: cancel.signal,
  cancelledBy: () => cancelledBy,
  ...(isFollowed ? { follower } : {}),
  ...(job === undefined ? {} : { job }),
  ...(process.stdin.isTTY && process.stdout.isTTY ? { confirm } : {}),
  // The build lays them beside this one.
  programs: __dirname,
  exit: (code) => {
    process.exitCode = code;
  },
};

void parseAndRun(process.argv.slice(2), surroundings).then(() => {
  // Once a slow reader has all of it.
  process.stdout.write('', () => tell(Number(process.exitCode ?? exitCodes.done)));
});
