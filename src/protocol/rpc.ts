/**
 * One typed RPC for `fork` IPC and `postMessage`. A side serves its own methods and calls the other's; what
 * travels is structured-clonable data. Every pending call ends: with its reply, an error `{code, message}`,
 * its time limit, or the closing of the channel.
 */
import type { ErrorReport } from '../core/base/report';

/** Any interface whose members are all async methods. */
export type MethodsOf<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => Promise<R> : never;
};

type Params<T, K extends keyof T> = T[K] extends (...args: infer A) => Promise<unknown> ? A : never;
type Result<T, K extends keyof T> = T[K] extends (...args: never[]) => Promise<infer R> ? R : never;

export interface Request {
  readonly kind: 'request';
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}
export interface Reply {
  readonly kind: 'reply';
  readonly id: number;
  readonly result: unknown;
}
export interface Failure {
  readonly kind: 'failure';
  readonly id: number;
  readonly error: ErrorReport;
}
export interface Notice {
  readonly kind: 'event';
  readonly event: string;
  readonly payload: unknown;
}
export type Message = Request | Reply | Failure | Notice;

/** What carries the messages. `schedule` stands in for setTimeout, which differs between the sides. */
export interface Channel {
  post(message: Message): void;
  schedule(ms: number, callback: () => void): { cancel(): void };
}

/** A remote call that failed: the other side's code and sentence. */
export class RemoteError extends Error {
  readonly code: string;
  constructor(readonly report: ErrorReport) {
    super(report.message);
    this.name = 'RemoteError';
    this.code = report.code;
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: { cancel(): void } | undefined;
}

export interface RpcOptions<Local, RemoteEvents> {
  readonly methods: Local;
  /** Turns what a method threw into what travels. */
  readonly describeError: (error: unknown) => ErrorReport;
  readonly onEvent?: <E extends keyof RemoteEvents>(event: E, payload: RemoteEvents[E]) => void;
  /** Messages that are no message of this protocol: logged, never shown, never thrown. */
  readonly onUnknown?: (what: string) => void;
  /** Milliseconds a call may take; 0 for no limit. */
  readonly timeoutMs?: number;
}

/**
 * @typeParam Local the methods this side serves
 * @typeParam Remote the methods of the other side
 * @typeParam LocalEvents what this side tells
 * @typeParam RemoteEvents what the other side tells
 */
export class Rpc<Local extends object, Remote extends object, LocalEvents, RemoteEvents> {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private closedBecause: ErrorReport | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly options: RpcOptions<Local, RemoteEvents>,
  ) {}

  /** Whether an answer is still to come. */
  get isWaiting(): boolean {
    return this.pending.size > 0;
  }

  /** Calls a method of the other side. Rejects with `RemoteError`. */
  call<K extends keyof Remote & string>(method: K, ...params: Params<Remote, K>): Promise<Result<Remote, K>> {
    if (this.closedBecause) return Promise.reject(new RemoteError(this.closedBecause));
    const id = this.nextId++;
    return new Promise<Result<Remote, K>>((resolve, reject) => {
      const limit = this.options.timeoutMs ?? 0;
      const timer =
        limit === 0
          ? undefined
          : this.channel.schedule(limit, () => {
              this.pending.delete(id);
              reject(
                new RemoteError({ code: 'OVR004', message: `${method} gave no answer within ${limit} ms` }),
              );
            });
      this.pending.set(id, {
        resolve: (value) => {
          resolve(value as Result<Remote, K>);
        },
        reject,
        timer,
      });
      try {
        this.channel.post({ kind: 'request', id, method, params });
      } catch (error) {
        this.pending.delete(id);
        timer?.cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Tells the other side; no answer. */
  emit<E extends keyof LocalEvents & string>(event: E, payload: LocalEvents[E]): void {
    if (!this.closedBecause) this.channel.post({ kind: 'event', event, payload });
  }

  /** Takes what the channel received. Never throws. */
  receive(data: unknown): void {
    const message = parseMessage(data);
    if (!message) {
      this.options.onUnknown?.('a message that is not of this protocol');
      return;
    }
    switch (message.kind) {
      case 'request':
        void this.serve(message);
        return;
      case 'reply':
        this.settle(message.id)?.resolve(message.result);
        return;
      case 'failure':
        this.settle(message.id)?.reject(new RemoteError(message.error));
        return;
      case 'event':
        this.options.onEvent?.(
          message.event as keyof RemoteEvents,
          message.payload as RemoteEvents[keyof RemoteEvents],
        );
        return;
    }
  }

  /** Rejects everything that waits, and every later call. */
  close(reason: ErrorReport): void {
    this.closedBecause ??= reason;
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(new RemoteError(reason));
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.timer?.cancel();
    return pending;
  }

  private async serve(request: Request): Promise<void> {
    const methods = this.options.methods as Record<string, unknown>;
    const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
    if (typeof method !== 'function') {
      this.options.onUnknown?.(`method ${request.method}`);
      this.post({
        kind: 'failure',
        id: request.id,
        error: { code: 'OVR004', message: `Unknown method ${request.method}` },
      });
      return;
    }
    try {
      const result = await (method as (...params: readonly unknown[]) => Promise<unknown>)(...request.params);
      this.post({ kind: 'reply', id: request.id, result });
    } catch (error) {
      this.post({ kind: 'failure', id: request.id, error: this.options.describeError(error) });
    }
  }

  private post(message: Message): void {
    if (!this.closedBecause) this.channel.post(message);
  }
}

/** A message of this protocol, or undefined. Contents of params and payload are the receiver's to check. */
export function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  const fields = data as Record<string, unknown>;
  const hasId = typeof fields['id'] === 'number';
  switch (fields['kind']) {
    case 'request':
      return hasId && typeof fields['method'] === 'string' && Array.isArray(fields['params'])
        ? (data as Request)
        : undefined;
    case 'reply':
      return hasId ? (data as Reply) : undefined;
    case 'failure': {
      const error = fields['error'] as Record<string, unknown> | null | undefined;
      return hasId && typeof error?.['code'] === 'string' && typeof error['message'] === 'string'
        ? (data as Failure)
        : undefined;
    }
    case 'event':
      return typeof fields['event'] === 'string' ? (data as Notice) : undefined;
    default:
      return undefined;
  }
}
