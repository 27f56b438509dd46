/**
 * How long frames take on the page of a run while its threshold is moved, and on the cohorts while they are scrolled, in Chromium as
 * the tests open it (npm run bench:pages). What these pages hold does not grow with the images: of 14 findings the curves as they are
 * thinned for drawing and at most 1,000 thresholds; of cohorts a row for each value of some columns.
 */
import type { Page } from 'playwright-core';
import { Harness } from '../test/webview-ui/harness/browser';
import { checkBound, percentile, writeResult } from './result';

const frames = 240;
/** 30 frames a second. */
const most = 1000 / 30;

const pages = {
  'run page, threshold moved': { open: { bundle: 'run', outputs: 14, multiLabel: 1 }, act: 'threshold' },
  'cohorts, scrolled': { open: { bundle: 'cohorts', columns: 30 }, act: 'scroll' },
} as const;

type Act = (typeof pages)[keyof typeof pages]['act'];

async function main(): Promise<void> {
  const harness = await Harness.start();
  const figures: Record<string, Awaited<ReturnType<typeof measure>>> = {};
  for (const [name, { open, act }] of Object.entries(pages)) {
    const { page } = await harness.open(open, { width: 1440, height: 900 });
    await page.waitForSelector(act === 'threshold' ? 'input[type=range]' : 'table');
    figures[name] = await measure(page, act);
  }
  await harness.close();
  console.log(figures);
  writeResult('pages', {
    checks: Object.entries(figures).map(([name, { p50_ms }]) =>
      checkBound(`${name}, median frame, ms`, p50_ms, `at most ${most.toFixed(0)}`, p50_ms <= most),
    ),
    figures,
  });
  // The server of the harness lives as long as this process.
  process.exit();
}

/** Does something in the page before each frame. */
async function measure(page: Page, act: Act) {
  const between = await page.evaluate(
    async ([count, what]) => {
      const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const slider = document.querySelector<HTMLInputElement>('input[type=range]');
      const step = (frame: number): void => {
        if (what === 'scroll') window.scrollTo(0, 600 * (1 - Math.cos(frame / 20)));
        // Moved, and let be for as long as it takes to be tried.
        else if (slider && frame % 6 === 0) {
          slider.value = String(Math.round((Number(slider.max) / 2) * (1 - Math.cos(frame / 40))));
          slider.dispatchEvent(new Event('input'));
        }
      };
      const times: number[] = [];
      let last = await next();
      for (let frame = 0; frame < count; frame++) {
        step(frame);
        const now = await next();
        times.push(now - last);
        last = now;
      }
      return times;
    },
    [frames, act] as const,
  );
  return {
    p50_ms: percentile(between, 0.5),
    p95_ms: percentile(between, 0.95),
    longest_ms: Math.max(...between),
  };
}

void main();
