/** A picture of the window and what its pages said, for every test that fails. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach } from 'vitest';
import type { WindowSession } from './vscode';

/** Call once per file of tests, with how to reach the session. */
export function keepPicturesOfFailures(session: () => WindowSession | undefined): void {
  afterEach(async ({ task }) => {
    const open = session();
    if (task.result?.state !== 'fail' || open === undefined) return;
    open.fail();
    const name = `failed ${task.name}`.replaceAll(/[^\w]+/g, '-').slice(0, 80);
    mkdirSync('test-results', { recursive: true });
    writeFileSync(path.join('test-results', `${name}.log`), open.complaints.console.join('\n'));
    const file = await open.workbench.screenshot(name).catch(() => 'no picture could be taken');
    // A layer that is stopped before its end prints no summary.
    console.log(`${task.name}: ${file}\n${task.result.errors?.[0]?.message ?? ''}`);
  });
}
