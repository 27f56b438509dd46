/** Ports and readiness of the servers that tests start on this machine. */
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port of 127.0.0.1 that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `url` answers with any status below 500. `failed` gives the reason to give up early. */
export async function waitForServer(
  url: string,
  failed: () => string | undefined,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const reason = failed();
    if (reason !== undefined) throw new Error(reason);
    const status = await fetch(url, { redirect: 'manual' }).then(
      (response) => response.status,
      () => 599,
    );
    if (status < 500) return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within ${String(timeoutMs / 1000)} s.`);
}
