/** A port of this machine that reaches another one late: what a connection to a far machine is to a window. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface DelayedPort {
  readonly port: number;
  close(): void;
}

/** @param target a port of this machine @param roundTrip ms that a question and its answer take longer */
export async function delayedPort(target: number, roundTrip: number): Promise<DelayedPort> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      // Timers of one length fire in the order in which they were set: nothing overtakes.
      const later = (work: () => void): void => void setTimeout(work, roundTrip / 2);
      from.on('data', (chunk) => later(() => to.write(chunk)));
      from.on('end', () => later(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
