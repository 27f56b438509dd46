/**
 * `npm run e2e:cxr`: the loop on 690 real chest X-rays, from the command line and in VS Code as a person does it.
 * Its pictures go to test-results, which git ignores: no real X-ray is ever committed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Steps, writeSkipped } from '../support/steps';
import { reviewCxrByCommand } from './cxrByCommand';
import { reviewCxrInWindow } from './cxrInWindow';

const table = path.resolve('..', 'shared', 'data', 'cxr', 'samples.csv');

async function main(): Promise<void> {
  if (!existsSync(table)) {
    writeSkipped('e2e-cxr', `${path.relative('.', table)} is not on this machine`);
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-cxr-'));
  const steps = new Steps();
  try {
    await reviewCxrByCommand(steps, table, path.join(folder, 'command'));
    steps.restart();
    await reviewCxrInWindow(steps, table, path.join(folder, 'window'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    steps.write('e2e-cxr');
  }
}

void main();
