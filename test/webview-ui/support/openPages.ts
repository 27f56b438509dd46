/** The pages that the tests of a file open. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Harness, type OpenPage } from '../harness/browser';

/**
 * Opens pages as `Harness.open` does, for the tests of the file that calls this at its top. After each test their windows are given back,
 * and a fault of one (`OpenPage.faults`) fails it.
 * @param harmless what Chromium says of the test rather than of the page
 */
export function openPages(harmless?: RegExp): (...params: Parameters<Harness['open']>) => Promise<Page> {
  let harness: Harness;
  let opened: OpenPage[] = [];
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  afterEach(async ({ task }) => {
    const pages = opened;
    opened = [];
    const isWhole = task.result?.state !== 'fail';
    // What a page has said is heard before what it is asked.
    if (isWhole) await Promise.all(pages.map(({ page }) => page.evaluate(() => document.readyState)));
    await Promise.all(pages.map(({ page }) => harness.giveBack(page, isWhole)));
    const faults = pages.flatMap((page) => page.faults);
    expect(faults.filter((fault) => harmless?.test(fault) !== true)).toEqual([]);
  });
  return async (...params) => {
    const next = await harness.open(...params);
    opened.push(next);
    return next.page;
  };
}
