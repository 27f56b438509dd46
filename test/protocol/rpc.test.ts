import { describe, expect, it, vi } from 'vitest';
import { Rpc, RemoteError, parseMessage, type Channel, type Message } from '../../src/protocol/rpc';
import { patience } from '../../scripts/test/patience.mjs';

interface Calculator {
  add(a: number, b: number): Promise<number>;
  fail(): Promise<never>;
  never(): Promise<void>;
}
interface CalculatorEvents {
  counted: { readonly n: number };
}
type None = Record<string, never>;

/** Two ends joined through structured clones, as fork IPC and postMessage do it. */
function pair(timeoutMs = 0) {
  const seen: string[] = [];
  const events: number[] = [];
  const channel = (deliver: (message: Message) => void): Channel => ({
    post: (message) => {
      const clone = structuredClone(message);
      queueMicrotask(() => deliver(clone));
    },
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  });
  const server: Rpc<Calculator, None, CalculatorEvents, None> = new Rpc(
    channel((message) => client.receive(message)),
    {
      methods: {
        add: (a, b) => Promise.resolve(a + b),
        fail: () => Promise.reject(new Error('broken')),
        never: () => new Promise(() => undefined),
      },
      describeError: (error) => ({ code: 'OVR004', message: (error as Error).message }),
      onUnknown: (what) => seen.push(what),
    },
  );
  const client: Rpc<None, Calculator, None, CalculatorEvents> = new Rpc(
    channel((message) => server.receive(message)),
    {
      methods: {},
      describeError: () => ({ code: 'OVR004', message: '' }),
      onEvent: (_event, payload) => events.push(payload.n),
      timeoutMs,
    },
  );
  return { server, client, seen, events };
}

describe('Rpc', () => {
  it('carries parameters, results, failures and events', async () => {
    const { server, client, events } = pair();
    expect(await client.call('add', 2, 3)).toBe(5);
    await expect(client.call('fail')).rejects.toMatchObject({ code: 'OVR004', message: 'broken' });
    server.emit('counted', { n: 7 });
    await vi.waitFor(() => expect(events).toEqual([7]), patience);
  });

  it('answers a method that is not served, inherited names included', async () => {
    const { client, seen } = pair();
    const loose = client as unknown as { call(method: string): Promise<unknown> };
    await expect(loose.call('toString')).rejects.toBeInstanceOf(RemoteError);
    await expect(loose.call('__proto__')).rejects.toBeInstanceOf(RemoteError);
    expect(seen).toEqual(['method toString', 'method __proto__']);
  });

  it('ends a call at its time limit', async () => {
    const { client } = pair(20);
    await expect(client.call('never')).rejects.toThrow('never gave no answer within 20 ms');
  });

  it('rejects what waits and what comes later when the channel closes', async () => {
    const { client } = pair();
    const waiting = client.call('never');
    client.close({ code: 'OVR004', message: 'the engine ended' });
    await expect(waiting).rejects.toThrow('the engine ended');
    await expect(client.call('add', 1, 1)).rejects.toThrow('the engine ended');
  });

  it.each([
    undefined,
    null,
    5,
    'x',
    {},
    { kind: 'request', id: '1', method: 'add', params: [] },
    { kind: 'reply' },
  ])('takes %j for no message', (data) => {
    const { server, seen } = pair();
    expect(parseMessage(data)).toBeUndefined();
    server.receive(data);
    expect(seen).toHaveLength(1);
  });
});
