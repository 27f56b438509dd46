/** Bundles the extension-host suites, makes their workspace, and reads what they report. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as esbuild from 'esbuild';
import { quickModel, runJson } from './cli';
import { keptFeatures, writeTestKey } from './keptFeatures';
import { keptSample } from './keptSamples';

const sources = path.resolve('test', 'extension');
const bundles = path.resolve('out', 'extension-tests');

/** A suite of which tests failed, and which. */
export interface FailedSuite {
  readonly part: string;
  readonly tests: string[];
}

export interface HostCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  readonly parts?: readonly FailedSuite[];
}

/**
 * Bundles every suite and gives the path of the module that VS Code is told to run. The suites are one bundle, since one for
 * each would hold most of the extension again.
 */
export async function bundleHostSuites(): Promise<string> {
  const suites = readdirSync(sources).filter((name) => name.endsWith('.test.ts'));
  rmSync(bundles, { recursive: true, force: true });
  const settings: esbuild.BuildOptions = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    external: ['vscode', 'mocha', 'playwright-core', 'onnxruntime-node', 'sharp', '@duckdb/node-api'],
    logLevel: 'warning',
  };
  const contents = suites.sort().map((name) => `import './${name}';`);
  await Promise.all([
    esbuild.build({ ...settings, entryPoints: [path.join(sources, 'index.ts')], outdir: bundles }),
    esbuild.build({
      ...settings,
      stdin: { contents: contents.join('\n'), resolveDir: sources, sourcefile: 'suites.ts', loader: 'ts' },
      outfile: path.join(bundles, 'suites.js'),
    }),
  ]);
  return path.join(bundles, 'index.js');
}

/** Puts the extensions that stand in for Microsoft's Python ones into an extensions folder, before VS Code starts. */
export function installPythonExtensions(extensions: string): void {
  const from = path.join(sources, 'pythonExtensions');
  for (const name of readdirSync(from)) {
    const {
      publisher,
      name: id,
      version,
    } = JSON.parse(readFileSync(path.join(from, name, 'package.json'), 'utf8')) as Readonly<
      Record<'publisher' | 'name' | 'version', string>
    >;
    cpSync(path.join(from, name), path.join(extensions, `${publisher}.${id}-${version}`), {
      recursive: true,
    });
  }
}

/** A new folder that holds the sample project in `project`; the caller removes it. */
export async function makeHostWorkspace(): Promise<string> {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'overread-host-'));
  cpSync(await keptSample(60), path.join(workspace, 'project'), { recursive: true });
  return workspace;
}

/**
 * What the environment of the suites names: the key of the tests, and features of the workspace's images by `quickModel` that it
 * signed (`giveFeatures`). @param data the folder of this run
 */
export async function hostEnvironment(data: string): Promise<Record<string, string>> {
  const key = { OVERREAD_CONFIG: path.join(data, 'config') };
  await writeTestKey(key.OVERREAD_CONFIG);
  const features = await keptFeatures('quick-60', async () => {
    const project = path.join(data, 'project');
    cpSync(await keptSample(60), project, { recursive: true });
    await runJson(['finetune', project, ...quickModel], [0], key);
    return project;
  });
  return { ...key, OVERREAD_HOST_FEATURES: features };
}

/**
 * Waits for the suites' result file and shows their lines as they come. `ended` gives the reason to give up
 * early. Throws when time is up.
 */
export async function waitForCounts(
  results: string,
  ended: () => string | undefined,
  timeoutMs = 420_000,
): Promise<HostCounts> {
  const end = Date.now() + timeoutMs;
  let shown = 0;
  let running = '';
  const show = (): void => {
    const lines = existsSync(`${results}.log`) ? readFileSync(`${results}.log`, 'utf8').split('\n') : [''];
    // The last line may be half written.
    for (const line of lines.slice(shown, -1)) {
      if (line.startsWith('  …')) running = line.slice(4);
      else console.log(line);
    }
    shown = lines.length - 1;
  };
  while (!existsSync(results)) {
    show();
    const reason = ended();
    if (reason !== undefined && !existsSync(results)) throw new Error(reason);
    if (Date.now() > end) {
      const minutes = String(timeoutMs / 60_000);
      throw new Error(`The suites did not end within ${minutes} minutes; the last test was "${running}".`);
    }
    await sleep(200);
  }
  show();
  return JSON.parse(readFileSync(results, 'utf8')) as HostCounts;
}
