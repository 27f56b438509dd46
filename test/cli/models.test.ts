/** `overread models` with a local server in the place of the hub. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InferenceSession } from 'onnxruntime-node';
import { sha256 } from '../../src/core/base/files';
import type { ArchitectureCatalog, ArchitectureRow } from '../../src/core/catalog/model';
import { architectureNames } from '../../src/core/networks';
import type { PublishedFile } from '../../src/core/weights/publishedFile';
import { writeSafetensors } from '../../src/core/weights/stateDict/safetensors';
import { drawGoldenWeights } from '../core/networks/golden';
import { HubServer } from '../core/weights/hubServer';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

interface Pulled {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly source: string;
  readonly tensors: number;
}

const name = 'tf_efficientnet_lite0';
const weights = `${name}.in1k`;

let folder: string;
let content: Uint8Array;
let hub: HubServer;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-models-'));
  content = writeSafetensors(drawGoldenWeights(name, 1));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await HubServer.start(content);
  const own = await fs.mkdtemp(path.join(folder, 'user-'));
  // No PATH: pip is not found, so that the hub is the only source.
  env = {
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: path.join(own, 'hf'),
    OVERREAD_CACHE: path.join(own, 'cache'),
    HF_HUB_OFFLINE: '',
    HF_TOKEN: '',
    NO_PROXY: '127.0.0.1',
    PATH: '',
  };
});
afterEach(() => hub.stop());

describe('pull', () => {
  it('fetches weights, says from where, and does not fetch twice', async () => {
    const first = await runCommand(['models', 'pull', name], env);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain(
      `${weights} from ${hub.endpoint}/timm/${weights}/resolve/main/model.safetensors`,
    );
    expect(first.stdout).toContain('about 19 MB, Apache-2.0, SHA-256 pinned on first use');
    expect(first.stdout).toContain(`SHA-256 ${hub.sha256}, from huggingface`);
    const asked = hub.seen.length;
    const again = await commandJson<Pulled>(['models', 'pull', weights], [0], env);
    expect(hub.seen.length).toBe(asked);
    expect(again).toMatchObject({ name: weights, sha256: hub.sha256, bytes: content.length });
    expect(sha256(await fs.readFile(again.file))).toBe(hub.sha256);
    const { rows } = await commandJson<ArchitectureCatalog>(['models'], [0], env);
    expect(rows.find((row) => row.name === name)!.weights[0]).toMatchObject({ name: weights, here: true });
  });

  it('tells its progress, one object a line', async () => {
    const { stderr } = await runCommand(['models', 'pull', name, '--progress', 'json'], env);
    const steps = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { stage: string; done: number; total: number });
    expect(steps.at(-1)).toMatchObject({ stage: 'weights', done: content.length, total: content.length });
  });

  it('goes on where a line was cut', async () => {
    hub.behaviour = { cutAfter: 8_000_000 };
    const pulled = await commandJson<Pulled>(['models', 'pull', name], [0], env);
    expect(pulled.sha256).toBe(hub.sha256);
    expect(hub.downloads.filter(({ range }) => range !== undefined).length).toBeGreaterThan(0);
  });

  it.each([
    [{ corrupt: true }, 3, /OVR502.*SHA-256/],
    [{ status: 401 }, 4, /OVR501.*HTTP 401: it wants a token/],
    [{ status: 404 }, 4, /OVR501.*HTTP 404: it has no such file/],
    [{ loop: true }, 4, /OVR501.*redirect/],
  ])('a hub that is %o ends with %i', async (behaviour, code, message) => {
    hub.behaviour = behaviour;
    const result = await runCommand(['models', 'pull', name], env);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
  });

  it('says where weights are that it cannot fetch', async () => {
    const result = await runCommand(['models', 'pull', 'alexnet'], env);
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(/OVR501.*download\.pytorch\.org\/models\/alexnet-\S+\.pth.*--weights FILE/);
    const shown = await runCommand(['models', 'show', 'alexnet'], env);
    expect(shown.stdout).toContain('download.pytorch.org');
    expect(hub.seen).toEqual([]);
  });

  it('refuses a file of another network', async () => {
    await hub.stop();
    hub = await HubServer.start(
      writeSafetensors(new Map([['weight', { shape: [1], data: new Float32Array(1) }]])),
    );
    const result = await runCommand(['models', 'pull', name], { ...env, HF_ENDPOINT: hub.endpoint });
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/OVR502.*no weights of tf_efficientnet_lite0/);
  });

  it('lists the files for a machine without network, and finds them where it said', async () => {
    const offline = { ...env, HF_HUB_OFFLINE: '1' };
    const missing = await runCommand(['models', 'pull', name], offline);
    expect(missing.code).toBe(4);
    const [file] = await commandJson<PublishedFile[]>(['models', 'pull', name, '--list-files'], [0], offline);
    expect(file).toMatchObject({ name: weights, sha256: null, repository: `timm/${weights}` });
    expect(missing.stderr).toContain(file!.url);
    expect(missing.stderr).toContain(file!.target);
    expect(Math.abs(file!.bytes - content.length) / content.length).toBeLessThan(0.01);
    const fetched = await fetch(file!.url);
    await fs.mkdir(path.dirname(file!.target!), { recursive: true });
    await fs.writeFile(file!.target!, Buffer.from(await fetched.arrayBuffer()));
    const pulled = await commandJson<Pulled>(['models', 'pull', name], [0], offline);
    expect(pulled).toMatchObject({ sha256: hub.sha256, source: 'cache', file: file!.target });
  });

  it('lists the default file of every architecture that has one', async () => {
    const files = await commandJson<PublishedFile[]>(['models', 'pull', '--all', '--list-files'], [0], env);
    const rows = (await commandJson<ArchitectureCatalog>(['models'], [0], env)).rows;
    const byHand = files.filter(({ target }) => target === null);
    expect(files.map((file) => file.name)).toEqual([
      ...rows.flatMap((row) => row.weights[0]?.name ?? []),
      'alexnet',
    ]);
    expect(byHand).toMatchObject([{ name: 'alexnet', sha256Start: '7be5be79' }]);
    expect(hub.seen).toEqual([]);
    const shown = await runCommand(['models', 'pull', '--all', '--list-files'], env);
    for (const { url, target } of files) {
      expect(shown.stdout).toContain(url);
      expect(shown.stdout).toContain(target ?? 'give it with --weights FILE');
    }
  });

  it.each([
    [['models', 'pull', 'tf_efficientnet_lit0'], /OVR500.*Did you mean "tf_efficientnet_lite0"/],
    [
      ['models', 'pull', name, '--weights', 'in1'],
      /OVR500.*tf_efficientnet_lite0\.in1k.*Did you mean "in1k"/,
    ],
    [['models', 'pull'], /OVR001/],
    [['models', 'pull', name, '--all'], /OVR001/],
    [['models', 'show', 'densnet121'], /OVR500.*Did you mean "densenet121"/],
    [['models', 'export', name], /--out/],
    [
      ['models', 'export', name, '--out', 'x.onnx', '--truncate', 'blocks.33'],
      /OVR505.*Did you mean "blocks\.3"/,
    ],
  ])('%j is a usage error', async (args, message) => {
    const result = await runCommand(args, env);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(hub.seen).toEqual([]);
  });
});

describe('list and show', () => {
  it('lists every architecture', async () => {
    const result = await runCommand(['models'], env);
    expect(result.code).toBe(0);
    for (const architecture of architectureNames) expect(result.stdout).toContain(architecture);
    expect(hub.seen).toEqual([]);
  });

  it('shows sources, files and blocks', async () => {
    const { stdout } = await runCommand(['models', 'show', 'densenet121'], env);
    for (const text of ['CheXNet', 'arxiv.org/abs/2004.13175', 'denseblock3', 'Apache-2.0', '8.0 M']) {
      expect(stdout).toContain(text);
    }
    const row = await commandJson<ArchitectureRow & { files: PublishedFile[] }>(
      ['models', 'show', 'densenet121'],
      [0],
      env,
    );
    expect(row.blocks.map((block) => block.name)).toContain('denseblock3');
    expect(row.files[0]!.url).toMatch(hub.endpoint);
  });

  it("suggests by a project's images, and shows what was measured on it", async () => {
    const root = path.join(folder, 'project');
    await readySample(root, 60);
    const silent = await runCommand(['models', root], env);
    expect(silent.stdout).toContain('No suggestion: overread.yaml says neither');
    const file = path.join(root, 'overread.yaml');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, text.replace(/^dataset:$/m, 'dataset:\n  modality: x-ray\n  anatomy: lungs'));
    await commandJson(['finetune', root, ...quickModel], [0], env);
    const catalog = await commandJson<ArchitectureCatalog>(['models', root], [0], env);
    expect(catalog.suggestion).toMatchObject({ architecture: 'densenet121', train: 'last layer' });
    expect(catalog.suggestion!.trainingSamples).toBeGreaterThan(30);
    expect(catalog.suggestion!.trainingSamples).toBeLessThan(60);
    expect(catalog.rows.find((row) => row.name === name)!.imagesPerSecond).toBeGreaterThan(0);
    const told = await runCommand(['models', root], env);
    expect(told.stdout).toMatch(/^Suggested: densenet121\n {2}DenseNet-121 detected pneumonia/);
    expect(told.stdout).toContain('the last layer alone is worth training');
    const shown = await runCommand(['models', 'show', name], env);
    expect(shown.stdout).toMatch(/images\/s on cpu at 224 px \(60 images, from files to features\)/);
  });
});

describe('export', () => {
  it('writes a file that any runtime opens', async () => {
    const out = path.join(folder, 'cut.onnx');
    const args = [
      'models',
      'export',
      name,
      '--weights',
      'random:3',
      '--truncate',
      'blocks.2',
      '--size',
      '64',
      '--map',
    ];
    const result = await commandJson<{ largestDifference: number; featureSize: number }>(
      [...args, '--out', out],
      [0],
      env,
    );
    expect(result).toMatchObject({
      weights: `${name}.random-3`,
      featureSize: 40,
      map: [40, 8, 8],
      truncate: 'blocks.2',
    });
    const session = await InferenceSession.create(out);
    expect(session.inputNames).toEqual(['image']);
    expect([...session.outputNames].sort()).toEqual(['features', 'map']);
    await session.release();
  });

  it('takes the weights of the network that was named, or none', async () => {
    const out = path.join(folder, 'never.onnx');
    await commandJson(['models', 'pull', name], [0], env);
    const result = await runCommand(['models', 'export', 'densenet121', '--out', out], {
      ...env,
      HF_HUB_OFFLINE: '1',
    });
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(/OVR501.*densenet121/);
    await expect(fs.stat(out)).rejects.toThrow();
  });
});

it('doctor asks the hub once or twice, however many architectures there are', async () => {
  hub.behaviour = { status: 404 };
  const report = await commandJson<{ weights: { architecture: string; available: boolean }[] }>(
    ['doctor'],
    [0],
    env,
  );
  expect(report.weights[0]).toMatchObject({ architecture: 'densenet121', available: false });
  expect(hub.seen.length).toBeLessThanOrEqual(2);
  const root = path.join(folder, 'doctored');
  await readySample(root, 60);
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  await fs.writeFile(file, text.replace(/architecture: \S+/, `architecture: ${name}`));
  const chosen = await commandJson<{ weights: { architecture: string }[] }>(
    ['doctor', root, '--no-network'],
    [0],
    env,
  );
  expect(chosen.weights[0]).toMatchObject({ architecture: name });
});
