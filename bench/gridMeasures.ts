/// <reference lib="dom" />
/** What the grid benchmark does in the window, and how long it takes until it is painted. */
import { readFileSync } from 'node:fs';
import type { Frame } from 'playwright-core';
import { Grid } from '../test/support/grid';
import { eventually } from '../test/support/eventually';
import { markedProcesses } from '../test/support/processes';
import type { VscodeSession } from '../test/support/vscode';
import { percentile } from './result';

/** Times in milliseconds. */
export interface GridFigures {
  readonly first_tile_ms: number;
  /** The same of the very first one, in a window that was opened seconds before. */
  readonly first_open_ms: number;
  readonly all_errors_ms: number;
  readonly class_filter_ms: number;
  /** From the key's event to the painted label, which is marked as pending. */
  readonly relabel_one_ms: number;
  /** From the key to the painted acknowledgement: the edit is on disk. */
  readonly relabel_one_on_disk_ms: number;
  readonly relabel_twenty_ms: number;
  readonly undo_twenty_ms: number;
  readonly next_image_ms: number;
  readonly scroll_p50_ms: number;
  readonly scroll_p95_ms: number;
  readonly scroll_longest_ms: number;
  /** What the open grid adds to the heap of the window, after a collection: VS Code shares it. */
  readonly page_heap_mb: number;
  readonly window_heap_mb: number;
  readonly host_rss_mb: number;
  readonly engine_rss_mb: number;
}

const rounds = 3;
/** VS Code itself is busy while it starts: the first opens take up to twice what the rest take. */
const opens = 7;

/** Medians of three rounds, of the first open of seven: the grid's own measures go from the event to the painted result. */
export async function measureGrid(session: VscodeSession): Promise<GridFigures> {
  const { workbench } = session;
  await workbench.showActivity('Overread');
  const errors = workbench.treeItem(/^Errors/).first();
  await errors.waitFor({ timeout: 60_000 });
  const heapBefore = await windowHeap(session);
  const first: number[] = [];
  for (let round = 0; round < opens; round++) {
    const start = Date.now();
    await errors.click();
    const grid = await Grid.find(workbench);
    first.push((await lastMeasure(grid.frame, 'first-tile', 0)).end - start);
    if (round < opens - 1) {
      await workbench.runCommand('View: Close Editor');
      await workbench.tab(/^Review/).waitFor({ state: 'hidden' });
    }
  }
  const grid = await Grid.find(workbench);
  const { frame } = grid;
  const queries = await repeated(async () => {
    await choose(frame, '.queue-filter', 'all');
    return timed(frame, 'query', () => choose(frame, '.queue-filter', 'errors'));
  });
  const filters = await repeated(async () => {
    const time = await timed(frame, 'query', () => choose(frame, '.class-filter', 'Pneumonia'));
    await timed(frame, 'query', () => choose(frame, '.class-filter', ''));
    return time;
  });
  const painted: number[] = [];
  // One key is over within a frame or two, so that more of them are needed for a steady median.
  const one = await repeated(async () => {
    const times = await relabelOne(grid);
    painted.push(times.painted);
    return times.onDisk;
  }, 9);
  const undo: number[] = [];
  const twenty = await repeated(async () => {
    await grid.selectFirst(20);
    const time = await timed(frame, 'edit', () => grid.press('a'));
    undo.push(await timed(frame, 'undo', () => grid.press('Control+z')));
    return time;
  });
  const scroll = await scrollTenSeconds(session, frame);
  const next = await nextImages(grid);
  const heapAfter = await windowHeap(session);
  return {
    first_tile_ms: percentile(first, 0.5),
    first_open_ms: first[0]!,
    all_errors_ms: queries,
    class_filter_ms: filters,
    relabel_one_ms: percentile(painted, 0.5),
    relabel_one_on_disk_ms: one,
    relabel_twenty_ms: twenty,
    undo_twenty_ms: percentile(undo, 0.5),
    next_image_ms: next,
    ...scroll,
    page_heap_mb: heapAfter - heapBefore,
    window_heap_mb: heapAfter,
    host_rss_mb: residentMb(session, /extensionHost/),
    // With the processes that read images and run filters.
    engine_rss_mb: residentMb(session, /dist\/(engine|pictures|filters)\.js/),
  };
}

/** Relabels the first tile by its key, and takes that back: ms until it is painted, and until it is painted as saved. */
export async function relabelOne(grid: Grid): Promise<{ readonly painted: number; readonly onDisk: number }> {
  const [tile] = await grid.tiles();
  await grid.focus(tile!.key);
  const label = await watchLabel(grid.frame, tile!.key);
  const onDisk = await timed(grid.frame, 'edit', () => grid.press('a'));
  const painted = await label();
  await timed(grid.frame, 'undo', () => grid.press('Control+z'));
  return { painted, onDisk };
}

async function repeated(step: () => Promise<number>, count = rounds): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) times.push(await step());
  return percentile(times, 0.5);
}

interface Measure {
  readonly duration: number;
  /** Milliseconds since 1970. */
  readonly end: number;
}

/** The latest measure of a name that ended after `since` (ms since 1970); waits for it. */
function lastMeasure(frame: Frame, name: string, since: number): Promise<Measure> {
  return eventually(`the grid measured "${name}"`, async () => {
    const found = await frame.evaluate((measure) => {
      const entry = performance.getEntriesByName(`overread:${measure}`).at(-1);
      return entry
        ? { duration: entry.duration, end: performance.timeOrigin + entry.startTime + entry.duration }
        : null;
    }, name);
    if (!found || found.end < since) throw new Error('not yet');
    return found;
  });
}

/** From the key or click to the painted result, as a person waits: VS Code's own handling is in it. */
async function timed(frame: Frame, name: string, act: () => Promise<void>): Promise<number> {
  const start = Date.now();
  await act();
  const measure = await lastMeasure(frame, name, start);
  // A choice in a dropdown takes two clicks; there the grid's own measure, from the event on, counts.
  return name === 'query' ? measure.duration : measure.end - start;
}

/**
 * Milliseconds from the next key that reaches the page until the tile's label has changed and is painted. Resolves
 * when the page listens, with a function that waits for the figure.
 */
async function watchLabel(frame: Frame, key: string): Promise<() => Promise<number>> {
  const watching = await frame.evaluateHandle((wanted) => {
    const label = (): string | null | undefined =>
      document.querySelector(`.tile[data-key=${JSON.stringify(wanted)}] .value`)?.textContent;
    const before = label();
    let pressed = NaN;
    addEventListener('keydown', (event) => (pressed = event.timeStamp), { capture: true, once: true });
    const painted = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (label() === before) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    return { painted };
  }, key);
  return () => watching.evaluate(({ painted }) => painted);
}

/** JavaScript heap of the window and its webviews after a collection, MB. */
async function windowHeap({ workbench }: VscodeSession): Promise<number> {
  const devTools = await workbench.page.context().newCDPSession(workbench.page);
  try {
    await devTools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devTools.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  } finally {
    await devTools.detach();
  }
}

async function choose(frame: Frame, dropdown: string, value: string): Promise<void> {
  const control = frame.locator(`${dropdown} vscode-dropdown`).first();
  await control.evaluate((element, chosen) => {
    (element as HTMLElement & { value: string }).value = chosen;
    element.dispatchEvent(new Event('change'));
  }, value);
}

/** Ms until the next image of Read mode is painted, which is begun at the first tile. */
export async function nextImages(grid: Grid): Promise<number> {
  const [tile] = await grid.tiles();
  await grid.focus(tile!.key);
  await grid.press('Enter');
  await lastMeasure(grid.frame, 'next-image', 0);
  const times: number[] = [];
  for (let image = 0; image < 7; image++) {
    times.push(await timed(grid.frame, 'next-image', () => grid.press('ArrowRight')));
  }
  return percentile(times, 0.5);
}

/** Wheel events for ten seconds; the time between frames as the page sees it. */
async function scrollTenSeconds(
  { workbench }: VscodeSession,
  frame: Frame,
): Promise<Pick<GridFigures, 'scroll_p50_ms' | 'scroll_p95_ms' | 'scroll_longest_ms'>> {
  const box = await frame.locator('.tile[data-key]').first().boundingBox();
  await workbench.page.mouse.move(box!.x + 40, box!.y + 40);
  const frames = frame.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        const begun = performance.now();
        let last = begun;
        const tick = (now: number): void => {
          gaps.push(now - last);
          last = now;
          if (now - begun < 10_000) requestAnimationFrame(tick);
          else resolve(gaps.slice(1));
        };
        requestAnimationFrame(tick);
      }),
  );
  const end = Date.now() + 9_800;
  for (let step = 0; Date.now() < end; step++) {
    await workbench.page.mouse.wheel(0, step % 100 < 70 ? 400 : -400);
    await workbench.page.waitForTimeout(40);
  }
  const gaps = await frames;
  return {
    scroll_p50_ms: percentile(gaps, 0.5),
    scroll_p95_ms: percentile(gaps, 0.95),
    scroll_longest_ms: percentile(gaps, 1),
  };
}

function residentMb(session: VscodeSession, command: RegExp): number {
  const found = markedProcesses(session.server.mark).filter((one) => command.test(one.command));
  const kilobytes = found.map(({ pid }) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1000;
}
