/**
 * The client of filterProgram.ts. DuckDB looks at a time limit only between blocks of rows, and ending a thread does
 * not stop it; so filters run in a process, which is killed when one does not end, and started again for the next.
 */
import type { ChildProcess } from '../base/childProgram';
import { errorOfReport, OverreadError } from '../base/errors';
import type { FilterRequest, FromFilters, ToFilters } from './filterMessages';
import type { CatalogFilterSource } from './filterSource';
import type { FilterStarter } from './filterStarter';
import { stopped, type FilterLimits } from './filterLimits';
import type { Selection } from './filterTables';

/** DuckDB gets so long after the limit to stop by itself, which keeps the tables. */
const graceMs = 500;
/** Filling the tables takes as long as the data are large, not as the filter is hard. */
const fillingMs = 120_000;

interface Waiting {
  resolve(selection: Selection): void;
  reject(error: Error): void;
}

export class FilterProcess {
  private child: ChildProcess | undefined;
  private waiting: Waiting | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly starter: FilterStarter,
    private readonly source: CatalogFilterSource,
    private readonly limits: FilterLimits,
  ) {}

  /** Runs one filter; the caller waits for it before the next. @throws as `FilterTables.select`; OVR902 the process ended */
  select(request: FilterRequest): Promise<Selection> {
    if (this.isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.send({ kind: 'select', request });
      this.allow(this.limits.timeoutMs + graceMs);
    });
  }

  close(): void {
    this.isClosed = true;
    this.end(() => closed());
  }

  private send(message: ToFilters): void {
    this.child ??= this.start();
    // A process that is gone says so by its exit.
    this.child.send(message, () => undefined);
  }

  private start(): ChildProcess {
    const child = this.starter.take();
    child.on('message', (message: FromFilters) => {
      if (child === this.child) void this.receive(message);
    });
    const onEnd = (how: string) => {
      if (child === this.child) this.end(() => gone(how));
    };
    child.on('error', (error) => onEnd(error.message));
    child.on('exit', (code, signal) => onEnd(signal ?? `exit code ${code ?? 0}`));
    const { schema } = this.source;
    child.send({ kind: 'open', schema, limits: this.limits } satisfies ToFilters, () => undefined);
    return child;
  }

  private async receive(message: FromFilters): Promise<void> {
    switch (message.kind) {
      case 'wantSamples':
        this.allow(fillingMs);
        this.send({
          kind: 'samples',
          name: message.name,
          column: await this.source.sampleColumn(message.name),
        });
        return;
      case 'wantItems':
        this.allow(fillingMs);
        this.send({
          kind: 'items',
          raw: message.raw,
          numbers: await this.source.itemNumbers(message.raw),
        });
        return;
      case 'running':
        this.allow(this.limits.timeoutMs + graceMs);
        return;
      case 'selected':
        this.settle()?.resolve(message.selection);
        return;
      case 'failed':
        this.settle()?.reject(errorFrom(message));
        return;
    }
  }

  /** Kills the process when it says nothing for so long. */
  private allow(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(() => stopped(this.limits)), ms);
  }

  private settle(): Waiting | undefined {
    clearTimeout(this.timer);
    const { waiting } = this;
    this.waiting = undefined;
    return waiting;
  }

  /** Kills the process; the next filter starts another, whose tables are empty. */
  private end(reason: () => Error): void {
    const { child } = this;
    this.child = undefined;
    this.source.given.clear();
    child?.kill('SIGKILL');
    this.settle()?.reject(reason());
  }
}

function errorFrom({ report, message }: Extract<FromFilters, { kind: 'failed' }>): Error {
  return (report && errorOfReport(report)) ?? new Error(message);
}

function closed(): OverreadError {
  return new OverreadError({
    code: 'OVR803',
    message: 'The project changed while the filter ran',
    fix: 'Ask again',
  });
}

function gone(how: string): OverreadError {
  return new OverreadError({
    code: 'OVR902',
    message: `The process that runs filters ended (${how})`,
    fix: 'Try again; a filter that ends it each time needs more memory than there is, or shows a defect of DuckDB',
  });
}
