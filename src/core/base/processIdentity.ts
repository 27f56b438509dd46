/** Which process something belongs to, so that another can tell later whether that process still lives. */
import * as fs from 'node:fs';
import * as os from 'node:os';

/** A number alone names a process only for a while: numbers are used again, after a restart at the latest. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The run of the machine and, of containers, the number space that `pid` belongs to; null where unknown. */
  readonly space: string | null;
  /** When the process was started, in the machine's own count; null where the system does not say. */
  readonly started: string | null;
}

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: os.hostname(),
    space: numberSpace(),
    started: statOf(process.pid).started,
  };
}

/**
 * Whether a process lives. `unknown` for one of another machine, container or run of this machine: its number
 * says nothing here.
 */
export function livenessOf(identity: ProcessIdentity): 'alive' | 'gone' | 'unknown' {
  if (identity.host !== os.hostname() || identity.space !== numberSpace()) return 'unknown';
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const { started, ended } = statOf(identity.pid);
  if (ended) return 'gone';
  // The number was given to another process meanwhile.
  return started !== null && identity.started !== null && started !== identity.started ? 'gone' : 'alive';
}

function numberSpace(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/**
 * Of /proc/PID/stat: field 22, clock ticks from the start of the machine to that of the process, and whether field 3
 * says that it has ended (its number is taken until somebody asks how).
 */
function statOf(pid: number): { readonly started: string | null; readonly ended: boolean } {
  if (process.platform !== 'linux') return { started: null, ended: false };
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the program's name in brackets, and may itself hold spaces and brackets.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: fields[18] ?? null, ended: state === 'Z' || state === 'X' };
  } catch {
    return { started: null, ended: false };
  }
}
