/** Downloads of weights: what a server sends is looked at before it is recorded, and no more is taken than announced. */
import * as fs from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveWeights } from '../../src/core/weights/resolve';

let folder: string;
let server: Server;
let answer: (response: ServerResponse, method: string) => void;
let sent: number;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-downloads-'));
  server = createServer((request, response) => answer(response, request.method ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sent = 0;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await fs.rm(folder, { recursive: true, force: true });
});

const name = 'resnet18.a1_in1k';
const fetchWeights = () =>
  resolveWeights({
    architecture: 'resnet18',
    weights: name,
    cacheDir: path.join(folder, 'own'),
    env: {
      HF_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      HF_HOME: path.join(folder, 'hf'),
      PATH: folder,
    },
    retryAfter: [1],
  });

/** Every file below the folder. */
async function files(): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('8.14 a captive portal', () => {
  it('answers with its page and status 200: it is named as such, and nothing is recorded', async () => {
    const page = Buffer.from('\n<!DOCTYPE html><html><body>Sign in to this network</body></html>');
    answer = (response, method) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': page.length });
      response.end(method === 'HEAD' ? undefined : page);
    };
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining('captive portal') as string,
    });
    expect(await files()).toEqual([]);
  });
});

describe('8.14 a server that announces 1,000 bytes and sends without end', () => {
  it('is left at the size that it announced', async () => {
    answer = (response, method) => {
      response.writeHead(200, method === 'HEAD' ? { 'content-length': 1000 } : {});
      if (method === 'HEAD') {
        response.end();
        return;
      }
      const piece = Buffer.alloc(65_536, 'x');
      const pour = (): void => {
        while (!response.destroyed && sent < 200e6) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once('drain', pour);
            return;
          }
        }
        response.end();
      };
      pour();
    };
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining('more than the 1000 bytes that it announced') as string,
    });
    expect(sent).toBeLessThan(50e6);
    expect(await files()).toEqual([]);
  });
});
