/** Caches that come with a project: none is believed. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickModel } from '../support/cli';
import { forkEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';
import { withKeptFeatures, writeTestKey } from '../support/keptFeatures';
import { readySample } from '../support/readyProjects';

let base: string;
let root: string;

const user = (name: string) => ({
  OVERREAD_CACHE: path.join(base, name, 'cache'),
  OVERREAD_CONFIG: path.join(base, name, 'config'),
});
/** How many features are in the cache for this user; what is missing is computed. */
const cachedFor = async (name: string, at = root): Promise<number> => {
  const args = ['features', at, ...quickModel, '--out', path.join(base, 'features.npy')];
  return (await commandJson<{ cached: number }>(args, [0], user(name))).cached;
};

beforeAll(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-shipped-')));
  root = path.join(base, 'project');
  await readySample(root, 34);
  // The author's key is that of the tests, who keep what it signed.
  await writeTestKey(user('author').OVERREAD_CONFIG);
  await withKeptFeatures(root, 'quick-34', () => cachedFor('author'));
});

afterAll(() => fs.rm(base, { recursive: true, force: true }));

describe('15 a shipped cache is believed', () => {
  it('a thumbnail that came with the project is not shown', async () => {
    const planted = Buffer.from('a picture of another patient');
    const engine = forkEngine(undefined, { env: user('author') });
    try {
      const summary = await engine.rpc.call('openProject', root);
      expect(summary.thumbnails.startsWith(base + path.sep + 'author')).toBe(true);
      const samples = ['images/P0001_1.png'];
      const [first] = await engine.rpc.call('thumbnails', root, samples);
      const file = (first as { file: string }).file;
      // At the place where thumbnails were before, under the name that is right for the image.
      const shard = path.join(root, '.overread', 'thumbnails', path.basename(path.dirname(file)));
      await fs.mkdir(shard, { recursive: true });
      await fs.writeFile(path.join(shard, path.basename(file)), planted);
      await fs.rm(file);
      const [again] = await engine.rpc.call('thumbnails', root, samples);
      expect((await fs.readFile((again as { file: string }).file)).equals(planted)).toBe(false);
    } finally {
      await engine.kill();
    }
  });

  it('features of another user are said, counted and computed anew; one’s own are used', async () => {
    expect(await cachedFor('author')).toBe(34);
    const result = await runCommand(
      ['features', root, ...quickModel, '--out', path.join(base, 'features.npy'), '--json'],
      user('reader'),
    );
    expect((JSON.parse(result.stdout) as { cached: number }).cached).toBe(0);
    expect(result.stderr.match(/34 features in \.overread\/features were not written by you/g)).toHaveLength(
      1,
    );
    expect(await cachedFor('reader')).toBe(34);
    // The author's are still the author's.
    expect(await cachedFor('author')).toBe(34);
  });

  it('a colleague’s features are adopted when one says so, and changed ones are not', async () => {
    const copy = path.join(base, 'copy');
    await fs.cp(root, copy, { recursive: true, preserveTimestamps: true });
    const adopt = (name: string) =>
      runCommand(['features', copy, ...quickModel, '--adopt', '--json'], user(name));
    const adopted = await adopt('colleague');
    expect(JSON.parse(adopted.stdout)).toMatchObject({ adopted: 2, checked: 32 });
    expect(await cachedFor('colleague', copy)).toBe(34);

    // Every vector turned round, with a check sum that is right: as an attacker would.
    const { CacheMac } = await import('../../src/core/base/cacheMac');
    const { ProjectFolder } = await import('../../src/core/base/projectFolder');
    const { FeatureStore } = await import('../../src/core/features/store');
    const features = path.join(copy, '.overread', 'features');
    const [folder] = await fs.readdir(features);
    const key = { folder: folder!, content: {} } as ConstructorParameters<typeof FeatureStore>[1];
    const opened = await ProjectFolder.open(copy);
    const author = await CacheMac.open(user('author').OVERREAD_CONFIG);
    const changed: { hash: string; features: Float32Array }[] = [];
    await new FeatureStore(opened, key, author).load(({ hash, features: vector }) => {
      changed.push({ hash, features: vector.slice().reverse() });
    });
    expect(changed).toHaveLength(34);
    await fs.rm(features, { recursive: true });
    const forger = new FeatureStore(opened, key, await CacheMac.open(path.join(base, 'forger')));
    await forger.append(changed);
    await forger.close();
    const refused = await adopt('third');
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'OVR601' } });
  });

  it('the key is the user’s alone', async () => {
    if (process.platform === 'win32') return;
    const { CacheMac } = await import('../../src/core/base/cacheMac');
    const { OVERREAD_CONFIG: config } = user('new');
    await CacheMac.open(config);
    const { mode, size } = await fs.stat(path.join(config, 'cache-key'));
    expect(mode & 0o777).toBe(0o600);
    expect(size).toBe(32);
  });
});
