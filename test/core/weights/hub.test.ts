import * as fs from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import type { Progress } from '../../../src/core/base/report';
import { resolveWeights, type WeightsRequest } from '../../../src/core/weights/resolve';
import { writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';
import { drawGoldenWeights, loadState } from '../networks/golden';
import { commit, HubServer } from './hubServer';

/** The smallest file of all that there are. */
const architecture = 'mobilenetv3_small_100';
const name = `${architecture}.lamb_in1k`;
const repository = `models--timm--${name}`;
/** Where the server is to be given up; elsewhere the usual limits hold, since this machine may be busy. */
const short = { connect: 2_000, headers: 300, body: 300 };

let content: Uint8Array;
let hub: HubServer;
let folder: string;

beforeAll(() => {
  content = writeSafetensors(drawGoldenWeights(architecture, 1));
});

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-hub-'));
  hub = await HubServer.start(content);
});

afterEach(async () => {
  await hub.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

async function serve(bytes: Uint8Array): Promise<void> {
  await hub.stop();
  hub = await HubServer.start(bytes);
}

/** No PATH: pip is not found, so that the hub is the only source. */
function request(more: Partial<WeightsRequest> = {}, env: Record<string, string> = {}): WeightsRequest {
  return {
    architecture,
    weights: 'lamb_in1k',
    cacheDir: path.join(folder, 'own'),
    env: { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'hf'), PATH: '', ...env },
    retryAfter: [1, 1, 1],
    ...more,
  };
}

const blob = () => path.join(folder, 'hf', 'hub', repository, 'blobs', hub.sha256);
const snapshot = () => path.join(folder, 'hf', 'hub', repository, 'snapshots', commit, 'model.safetensors');
const exists = (file: string) =>
  fs.stat(file).then(
    () => true,
    () => false,
  );

describe('a hub that works', () => {
  it('gives weights, in the layout that huggingface_hub reads', async () => {
    const progress: Progress[] = [];
    const resolved = await resolveWeights(request({ onProgress: (step) => progress.push(step) }));
    expect(resolved.identity).toMatchObject({
      architecture,
      name,
      sha256: hub.sha256,
      source: 'huggingface',
      trainedOn: 'ImageNet-1k',
    });
    expect(resolved.notes).toEqual([]);
    expect((await loadState(resolved)).get('conv_stem.weight')!.shape).toEqual([16, 3, 3, 3]);
    expect(await fs.readFile(path.join(folder, 'hf', 'hub', repository, 'refs', 'main'), 'utf8')).toBe(
      commit,
    );
    expect(sha256(await fs.readFile(snapshot()))).toBe(hub.sha256);
    expect(await exists(blob())).toBe(true);
    expect(progress.at(-1)).toMatchObject({ stage: 'weights', done: content.length, total: content.length });
  });

  it('is not asked again, not even after the hub is gone', async () => {
    const first = await resolveWeights(request());
    const asked = hub.seen.length;
    const again = await resolveWeights(request());
    expect(again.identity).toEqual(first.identity);
    expect(hub.seen.length).toBe(asked);
  });

  it("finds what Python has fetched into the hub's cache", async () => {
    await fs.mkdir(path.dirname(blob()), { recursive: true });
    await fs.writeFile(blob(), content);
    await fs.mkdir(path.dirname(snapshot()), { recursive: true });
    await fs.symlink(path.join('..', '..', 'blobs', hub.sha256), snapshot());
    await fs.mkdir(path.join(folder, 'hf', 'hub', repository, 'refs'));
    await fs.writeFile(path.join(folder, 'hf', 'hub', repository, 'refs', 'main'), commit);
    const resolved = await resolveWeights(request({}, { HF_HUB_OFFLINE: '1' }));
    expect(resolved.identity.sha256).toBe(hub.sha256);
    expect(hub.seen).toEqual([]);
  });

  it('refuses a cached file that is not what its name says', async () => {
    await resolveWeights(request());
    await fs.rm(path.join(folder, 'own'), { recursive: true });
    await fs.chmod(blob(), 0o644);
    await fs.writeFile(blob(), Buffer.from(content).fill(1, content.length - 4));
    await expect(resolveWeights(request())).rejects.toMatchObject({
      code: 'OVR502',
      expected: expect.stringContaining(hub.sha256) as string,
    });
  });

  it('follows a renamed repository', async () => {
    hub.behaviour = { renamed: true };
    const resolved = await resolveWeights(request());
    expect(resolved.identity.sha256).toBe(hub.sha256);
  });

  it('shows the token to the hub and not to its storage', async () => {
    await resolveWeights(request({}, { HF_TOKEN: 'hf_test' }));
    const [head, ...rest] = hub.seen;
    expect(head!.authorization).toBe('Bearer hf_test');
    expect(hub.downloads.map((seen) => seen.authorization)).toEqual([undefined]);
    expect(rest.length).toBeGreaterThan(0);
  });

  it.each(['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE'])('keeps files where %s says', async (variable) => {
    const other = path.join(folder, 'elsewhere');
    await resolveWeights(request({}, { [variable]: other }));
    expect(await exists(path.join(other, repository, 'blobs', hub.sha256))).toBe(true);
  });

  it('may be a plain mirror, whose file goes to our own cache', async () => {
    hub.behaviour = { plain: true };
    const resolved = await resolveWeights(request());
    expect(resolved.identity.sha256).toBe(hub.sha256);
    expect(await exists(path.join(folder, 'own', 'weights', name, 'model.safetensors'))).toBe(true);
    expect((await loadState(resolved)).size).toBeGreaterThan(200);
  });

  it('is reached through the proxy of the environment, unless NO_PROXY says otherwise', async () => {
    const proxy = await startProxy();
    const variables = { HTTP_PROXY: proxy.url };
    await resolveWeights(request({}, variables));
    expect(proxy.used()).toBeGreaterThan(0);
    const before = proxy.used();
    const other = { ...variables, NO_PROXY: '127.0.0.1', HF_HOME: path.join(folder, 'hf2') };
    await resolveWeights({ ...request({}, other), cacheDir: path.join(folder, 'own2') });
    expect(proxy.used()).toBe(before);
    proxy.server.closeAllConnections();
    proxy.server.close();
  });
});

describe('a line that breaks', () => {
  it('is taken up where it stopped', async () => {
    hub.behaviour = { cutAfter: 1_500_000 };
    const resolved = await resolveWeights(request());
    expect(resolved.identity.sha256).toBe(hub.sha256);
    const ranges = hub.downloads.map(({ range }) => range);
    expect(ranges[0]).toBeUndefined();
    // More than the three attempts that are allowed without progress.
    expect(ranges.length).toBeGreaterThan(5);
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });

  it('is taken up by the next command', async () => {
    hub.behaviour = { stall: true };
    // The few bytes of each attempt are no progress. undici's limits between two pieces are whole seconds, so two attempts are made.
    const stalled = request({ limits: short, retryAfter: [1] });
    await expect(resolveWeights(stalled)).rejects.toMatchObject({ code: 'OVR501' });
    expect((await fs.stat(`${blob()}.incomplete`)).size).toBeGreaterThanOrEqual(10);
    hub.behaviour = {};
    hub.seen.length = 0;
    await resolveWeights(request());
    expect(hub.downloads[0]!.range).toMatch(/^bytes=\d\d+-$/);
    expect(await exists(`${blob()}.incomplete`)).toBe(false);
  });

  it.each([{ ignoreRange: true }, { wrongRange: true }])('restarts with a server of %o', async (fault) => {
    await fs.mkdir(path.dirname(blob()), { recursive: true });
    await fs.writeFile(`${blob()}.incomplete`, content.subarray(0, 1000));
    hub.behaviour = fault;
    const work = resolveWeights(request());
    if ('wrongRange' in fault) {
      await expect(work).rejects.toMatchObject({
        code: 'OVR501',
        message: expect.stringContaining('another place') as string,
      });
    } else {
      expect((await work).identity.sha256).toBe(hub.sha256);
    }
  });

  it('does not make wrong bytes right: wrong hash is refused, and what was fetched is thrown away', async () => {
    hub.behaviour = { corrupt: true };
    await expect(resolveWeights(request())).rejects.toMatchObject({
      code: 'OVR502',
      expected: expect.stringContaining(hub.sha256) as string,
    });
    expect(await exists(blob())).toBe(false);
    expect(await exists(`${blob()}.incomplete`)).toBe(false);
    hub.behaviour = {};
    expect((await resolveWeights(request())).identity.sha256).toBe(hub.sha256);
  });

  it('may be slow, as long as something comes', async () => {
    hub.behaviour = { slow: 60 };
    // Longer in all than the limit between two pieces.
    expect(
      (await resolveWeights(request({ limits: { ...short, body: 500, headers: 10_000 } }))).identity.sha256,
    ).toBe(hub.sha256);
  });

  it('can be given up by the user', async () => {
    hub.behaviour = { slow: 100 };
    const controller = new AbortController();
    const work = resolveWeights(request({ signal: controller.signal, onProgress: () => controller.abort() }));
    await expect(work).rejects.toMatchObject({ code: 'OVR002' });
  });
});

describe('a hub that refuses', () => {
  it.each([
    [{ status: 401 }, /HTTP 401: it wants a token/],
    [{ status: 403 }, /HTTP 403/],
    [{ status: 404 }, /HTTP 404: it has no such file/],
    [{ status: 503 }, /HTTP 503/],
    [{ silent: true }, /no answer within 0.3 s/],
    [{ loop: true }, /redirects in a circle/],
    [{ storageLoop: true }, /more than 8 redirects/],
  ])('%o', async (behaviour, message) => {
    hub.behaviour = behaviour;
    const patience = 'silent' in behaviour ? { limits: short } : {};
    const error: unknown = await resolveWeights(request(patience)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'OVR501', message: expect.stringMatching(message) as string });
    expect((error as { fix: string }).fix).toContain(`curl -L -o model.safetensors ${hub.endpoint}/timm/`);
    expect((error as { fix: string }).fix).toContain(path.join(folder, 'own', 'weights', name));
  });

  it('by not listening is passed over at once', async () => {
    // Weights that pip has as well.
    const asked = request({ architecture: 'tf_efficientnet_lite0', weights: 'in1k' });
    await hub.stop();
    await expect(resolveWeights(asked)).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringMatching(/connection refused.*no Python with pip on PATH/) as string,
    });
    hub = await HubServer.start(content);
  });

  it('is not asked when HF_HUB_OFFLINE is set', async () => {
    await expect(resolveWeights(request({}, { HF_HUB_OFFLINE: '1' }))).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining('HF_HUB_OFFLINE is set') as string,
    });
    expect(hub.seen).toEqual([]);
  });
});

describe('pins', () => {
  it('refuse another file under the same name', async () => {
    await resolveWeights(request());
    await fs.rm(path.join(folder, 'hf'), { recursive: true });
    await serve(Buffer.alloc(300_000, 'others'));
    await expect(resolveWeights(request())).rejects.toMatchObject({ code: 'OVR502' });
  });

  it('refuse a file that changed between two looks at it', async () => {
    const resolved = await resolveWeights(request());
    await fs.chmod(blob(), 0o644);
    await fs.writeFile(blob(), Buffer.from(content).fill(1, content.length - 4));
    await expect(loadState(resolved)).rejects.toMatchObject({ code: 'OVR502' });
  });
});

it('is fetched once by two commands at the same time', async () => {
  hub.behaviour = { slow: 20 };
  const both = await Promise.all([resolveWeights(request()), resolveWeights(request())]);
  expect(both[0].identity).toEqual(both[1].identity);
  expect(hub.downloads.length).toBe(1);
});

it('takes a file that was brought by hand', async () => {
  const placed = path.join(folder, 'own', 'weights', name, 'model.safetensors');
  await fs.mkdir(path.dirname(placed), { recursive: true });
  await fs.writeFile(placed, content);
  const resolved = await resolveWeights(request({}, { HF_HUB_OFFLINE: '1' }));
  expect(resolved.identity).toMatchObject({ name, sha256: sha256(content), source: 'cache' });
  expect((await loadState(resolved)).size).toBeGreaterThan(200);
});

/** A proxy for CONNECT and for plain requests, which counts them. */
async function startProxy(): Promise<{ server: Server; url: string; used: () => number }> {
  let used = 0;
  const server = createServer();
  server.on('connect', (request, client) => {
    used++;
    const [host, port] = request.url!.split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, used: () => used };
}
