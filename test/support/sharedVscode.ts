/**
 * Vitest's global set-up of a layer whose files share one server of VS Code, in which each opens a window of its own
 * (`openWindow`), and the samples that they copy.
 */
import * as path from 'node:path';
import { writeTestKey } from './keptFeatures';
import { makeReadyFolder, teardown as removeReadyFolder } from './readyProjects';
import { startVscodeServer, type VscodeServer } from './vscodeServer';

const variable = 'OVERREAD_TEST_VSCODE';
let server: VscodeServer | undefined;

/** Starts the server; the first window waits until it answers. */
export async function setup(): Promise<void> {
  const config = path.join(await makeReadyFolder(), 'config');
  process.env['OVERREAD_CONFIG'] = config;
  await writeTestKey(config);
  server = await startVscodeServer({
    settings: { 'overread.annotator': 'Test Reader' },
    fewBuiltin: true,
  });
  process.env[variable] = server.origin;
}

/** Vitest calls it after the last test. */
export async function teardown(): Promise<void> {
  await server?.stop();
  await removeReadyFolder();
}

/** Where the layer's server listens. Throws where the layer has none. */
export function sharedOrigin(): string {
  const origin = process.env[variable];
  if (origin === undefined) throw new Error('The configuration of this layer names no set-up of VS Code.');
  return origin;
}
