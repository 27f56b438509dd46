/**
 * The review over a remote connection (npm run bench:delay): from the key to the painted answer with 0 and with 80 ms between the
 * window and its server, in turn. A key that answers is VS Code's own: it goes to the extension on the server and from there to the
 * page, so one round trip is its least. What moves is taken in the page.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runJson } from '../test/support/cli';
import { Grid } from '../test/support/grid';
import { openVscode, type VscodeSession } from '../test/support/vscode';
import { Workbench } from '../test/support/workbench';
import { delayedPort, type DelayedPort } from './delayedPort';
import { nextImages, relabelOne } from './gridMeasures';
import { checkBound, percentile, writeResult } from './result';

/** ms, there and back. */
const delay = 80;
const rounds = 4;
/** How many times the delay an answer may take longer, painted and on disk, and how much longer the next image may, ms. */
const [paintedTrips, onDiskTrips, nextSlack] = [2, 3.5, 60];

interface Times {
  readonly painted: number[];
  readonly onDisk: number[];
  readonly next: number[];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-delay-'));
  const project = path.join(folder, 'sample');
  await runJson(['sample', project, '--images', '240']);
  await runJson(['finetune', project]);
  const session = await openVscode({
    workspace: project,
    settings: { 'overread.annotator': 'Bench Reader' },
  });
  const ports: DelayedPort[] = [];
  try {
    const all = new Map<number, Times>([0, delay].map((ms) => [ms, { painted: [], onDisk: [], next: [] }]));
    for (let round = 0; round < rounds; round++) {
      for (const [ms, times] of all) {
        const port = await delayedPort(Number(new URL(session.url).port), ms);
        ports.push(port);
        await measure(session, port, times);
      }
    }
    report(all);
  } finally {
    for (const port of ports) port.close();
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a window of its own that reaches the server by `port`. */
async function measure(session: VscodeSession, port: DelayedPort, times: Times): Promise<void> {
  const url = new URL(session.url);
  url.port = String(port.port);
  const context = await session.browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const workbench = new Workbench(await context.newPage(), url.href);
    await workbench.open();
    await workbench.showActivity('Overread');
    await workbench
      .treeItem(/^Errors/)
      .first()
      .click({ timeout: 60_000 });
    const grid = await Grid.find(workbench);
    await grid.picturesPainted();
    for (let k = 0; k < 5; k++) {
      const { painted, onDisk } = await relabelOne(grid);
      times.painted.push(painted);
      times.onDisk.push(onDisk);
    }
    times.next.push(await nextImages(grid));
  } finally {
    await context.close();
  }
}

function report(all: ReadonlyMap<number, Times>): void {
  const median = (ms: number, what: keyof Times): number => percentile(all.get(ms)?.[what] ?? [], 0.5);
  const row = (what: keyof Times): Row => {
    const [near, far] = [median(0, what), median(delay, what)];
    return { near, far, ratio: far / near };
  };
  const [painted, onDisk, next] = [row('painted'), row('onDisk'), row('next')];
  const bound = (name: string, { near, far, ratio }: Row, most: number, why: string) =>
    checkBound(
      `${name} at ${delay} ms, ${near.toFixed(0)} ms without delay, ratio ${ratio.toFixed(2)}`,
      far,
      why,
      far < near + most,
    );
  const trips = (count: number): string => `under the time without delay + ${count} × ${delay}`;
  writeResult('delay', {
    checks: [
      bound('from the key to the painted answer', painted, paintedTrips * delay, trips(paintedTrips)),
      bound('from the key to the answer on disk', onDisk, onDiskTrips * delay, trips(onDiskTrips)),
      bound('the next image in Read mode', next, nextSlack, `no slower by more than ${nextSlack}`),
    ],
    figures: { painted, onDisk, next },
  });
}

/** ms without delay and with it. */
interface Row {
  readonly near: number;
  readonly far: number;
  readonly ratio: number;
}

void main();
