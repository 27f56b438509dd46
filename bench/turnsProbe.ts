/** How long an edit waits in the engine while something else is asked of it. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forkEngine, type ForkedEngine } from '../test/support/forkedEngine';
import { itemKey } from '../src/core/review/itemKey';

/**
 * Loaded before the engine's program: tells how long its event loop was kept at most since it was asked last, ms, by the clock and,
 * on Linux, by the time that its thread had a processor, which says the same beside whatever else the machine does.
 */
const hook = `if (process.argv[1]?.endsWith('engine.js')) {
  const fs = require('node:fs');
  const text = Buffer.alloc(64);
  let file;
  try {
    file = fs.openSync('/proc/self/task/' + process.pid + '/schedstat');
  } catch {}
  const busy = () => {
    if (file === undefined) return NaN;
    const length = fs.readSync(file, text, 0, text.length, 0);
    return Number(text.toString('latin1', 0, length).split(' ')[0]) / 1e6;
  };
  let [clock, processor] = [performance.now(), busy()];
  let longest = { clock: 0, processor: 0 };
  const note = () => {
    const [now, used] = [performance.now(), busy()];
    longest = { clock: Math.max(longest.clock, now - clock), processor: Math.max(longest.processor, used - processor) };
    [clock, processor] = [now, used];
  };
  setInterval(note, 1).unref();
  process.on('message', (message) => {
    if (message?.turns !== 'read') return;
    // It may come right after a long turn, before the timer.
    note();
    process.send({ turns: longest });
    longest = { clock: 0, processor: 0 };
  });
}
`;

/** ms */
interface Turn {
  readonly clock: number;
  /** NaN where the system does not say. */
  readonly processor: number;
}

export interface Probed {
  readonly call: string;
  readonly ms: number;
  /** The longest turn of the engine's event loop meanwhile: by the clock, and what it had of a processor, where that is known. */
  readonly turn_ms: number;
  readonly busy_ms: number | null;
  /** Edits that were acknowledged meanwhile, and the longest wait for one; null where none was made. */
  readonly edits: number;
  readonly wait_ms: number | null;
}

export class TurnsProbe {
  private constructor(
    readonly engine: ForkedEngine,
    private readonly root: string,
    private readonly finding: string,
  ) {}

  /** @param folder for the hook @param finding that edits are about */
  static async start(
    folder: string,
    root: string,
    finding: string,
    env: Readonly<Record<string, string>>,
    onEvent: (event: string) => void,
  ): Promise<TurnsProbe> {
    const file = path.join(folder, 'turns.cjs');
    await fs.writeFile(file, hook);
    const options = [process.env['NODE_OPTIONS'] ?? '', `--require ${file}`].join(' ').trim();
    const engine = forkEngine((event) => onEvent(event), { env: { ...env, NODE_OPTIONS: options } });
    return new TurnsProbe(engine, root, finding);
  }

  /**
   * Makes a call. @param isEdited edits are made meanwhile, one after the other, each of another image
   * @returns what it answered too
   */
  async during<T>(
    call: string,
    work: () => Promise<T>,
    isEdited = true,
  ): Promise<Probed & { readonly answer: T }> {
    await this.longestTurn();
    const waits: number[] = [];
    let isOver = false;
    const started = performance.now();
    const answer = work().finally(() => (isOver = true));
    const edits = async (): Promise<void> => {
      while (!isOver) {
        const asked = performance.now();
        await this.edit();
        waits.push(performance.now() - asked);
        await sleep(5);
      }
    };
    const [given] = await Promise.all([answer, isEdited ? edits() : undefined]);
    const ms = performance.now() - started;
    const { clock, processor } = await this.longestTurn();
    return {
      ...{ call, ms },
      turn_ms: clock,
      busy_ms: Number.isNaN(processor) ? null : processor,
      edits: waits.length,
      wait_ms: waits.length === 0 ? null : Math.max(...waits),
      answer: given,
    };
  }

  private edited = 0;

  /** One answer, on disk when it is acknowledged. */
  private async edit(): Promise<void> {
    const sample = `${this.edited++ % 1000}.png`;
    const items = [itemKey(sample, this.finding)];
    await this.engine.rpc.call('answer', this.root, { op: 'set', value: '1', items, list: '' });
  }

  private longestTurn(): Promise<Turn> {
    const { child } = this.engine;
    return new Promise((resolve) => {
      const take = (message: unknown): void => {
        if (typeof message !== 'object' || message === null || !('turns' in message)) return;
        child.off('message', take);
        resolve(message.turns as Turn);
      };
      child.on('message', take);
      child.send({ turns: 'read' });
    });
  }
}
