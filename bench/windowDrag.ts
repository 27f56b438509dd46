/// <reference lib="dom" />
/**
 * `npm run bench:drag`: a drag of the window on a film of 2,000 pixels at 16 bit, in Chromium as the tests open it (no graphics
 * card): from a move of the mouse in the page until the frame that shows it is painted, on screens of one and two pixels a point, with the
 * film fitted and at its own size. Each is dragged several times, and the least 95th percentile counts: what else the machine does
 * makes a frame longer, never shorter. Beside it the processor time of the page's thread for a move, which does not go by that.
 */
import type { CDPSession, Page } from 'playwright-core';
import { setup, teardown } from '../test/support/readyProjects';
import { Harness } from '../test/webview-ui/harness/browser';
import { checkBound, percentile, writeResult, type Check } from './result';

const moves = 60;
const drags = 5;
/** ms */
const limit = 20;
const screen = { width: 1440, height: 900 };

declare global {
  interface Window {
    /** ms from each move to its frame. */
    windowFrames: number[];
  }
}

interface Dragged {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly thread_p50_ms: number;
  readonly thread_p95_ms: number;
}

async function main(): Promise<void> {
  await setup();
  const harness = await Harness.start();
  const { page } = await harness.open({ film: 1 }, screen);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const checks: Check[] = [];
  const figures: Record<string, unknown> = {};
  for (const scale of [1, 2]) {
    const metrics = { ...screen, deviceScaleFactor: scale, mobile: false };
    await cdp.send('Emulation.setDeviceMetricsOverride', metrics);
    await harness.load(page, { film: 1, instance: `drag${scale}` });
    await page.keyboard.press('Enter');
    await page.locator('.stage canvas').waitFor();
    // The film's pixels come and are painted whole.
    await page.waitForTimeout(3000);
    await countFrames(page);
    for (const [name, key] of [
      ['fitted', '0'],
      ['at its own size', 'z'],
    ] as const) {
      await page.keyboard.press(key);
      const took: Dragged[] = [];
      for (let drag = 0; drag < drags; drag++) took.push(await dragOnce(page, cdp));
      const least = (figure: keyof Dragged): number => Math.min(...took.map((one) => one[figure]));
      const best: Dragged = {
        p50_ms: least('p50_ms'),
        p95_ms: least('p95_ms'),
        thread_p50_ms: least('thread_p50_ms'),
        thread_p95_ms: least('thread_p95_ms'),
      };
      const what = `${name}, ${scale} screen pixel${scale === 1 ? '' : 's'} a point`;
      figures[what] = { ...best, all_p95_ms: took.map(({ p95_ms }) => p95_ms) };
      const told = ([p50, p95]: readonly number[]): string =>
        `p50 ${(p50 ?? NaN).toFixed(1)} ms, p95 ${(p95 ?? NaN).toFixed(1)} ms`;
      console.log(
        `${what}: ${told([best.p50_ms, best.p95_ms])}; the page's thread: ${told([best.thread_p50_ms, best.thread_p95_ms])}`,
      );
      checks.push(checkBound(`${what}, p95, ms`, best.p95_ms, `under ${limit}`, best.p95_ms < limit));
    }
  }
  await harness.close();
  await teardown();
  writeResult('drag', { checks, figures });
  // The server of the harness lives as long as this process.
  process.exit();
}

/** Has the page note how long each move takes, from its event to the first task after the frame that was painted for it. */
function countFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.windowFrames = [];
    addEventListener(
      'pointermove',
      () => {
        const started = performance.now();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.windowFrames.push(performance.now() - started);
          port2.postMessage(null);
        });
      },
      true,
    );
  });
}

async function dragOnce(page: Page, cdp: CDPSession): Promise<Dragged> {
  const busy = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const box = (await page.locator('.stage').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down({ button: 'right' });
  await page.evaluate(() => (window.windowFrames = []));
  const thread: number[] = [];
  for (let i = 1; i <= moves; i++) {
    const before = await busy();
    await page.mouse.move(x + 200 * Math.sin(i / 10), y + 100 * Math.sin(i / 7));
    await page.evaluate(
      (count) =>
        new Promise<void>((resolve) => {
          const look = (): unknown => (window.windowFrames.length >= count ? resolve() : setTimeout(look));
          look();
        }),
      i,
    );
    thread.push((await busy()) - before);
  }
  await page.mouse.up({ button: 'right' });
  const frames = await page.evaluate(() => window.windowFrames);
  // A film is painted whole again when its window rests, which is no part of the drag.
  await page.waitForTimeout(300);
  return {
    p50_ms: percentile(frames, 0.5),
    p95_ms: percentile(frames, 0.95),
    thread_p50_ms: percentile(thread, 0.5),
    thread_p95_ms: percentile(thread, 0.95),
  };
}

void main();
